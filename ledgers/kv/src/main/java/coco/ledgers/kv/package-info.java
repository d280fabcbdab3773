/**
 * A small key-value ledger. It proves that the interface of ledgers is not shaped like an EVM, drives simulations, and
 * is the yardstick of plain replication: what a transaction costs when executing it costs nothing.
 *
 * <p>A transaction puts a value under a key or removes it. There are no nonces; a client names each request by an id of
 * its own, and a request is executed at most once while its id is remembered ({@link
 * coco.ledgers.kv.KvLimits#DEDUPE_BLOCKS} blocks), so a client that got no answer may simply send it again.
 */
@NullMarked
package coco.ledgers.kv;

import org.jspecify.annotations.NullMarked;
