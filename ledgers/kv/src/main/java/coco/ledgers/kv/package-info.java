/**
 * A small key-value ledger. It proves that the interface of ledgers is not shaped like an EVM, drives simulations, and
 * is the yardstick of plain replication: what a transaction costs when executing it costs nothing.
 *
 * <p>A transaction puts a value under a key or removes it. There are no nonces; a client names each request by an id of
 * its own, and a request is executed at most once while its id is remembered ({@link
 * coco.ledgers.kv.KvLimits#DEDUPE_BLOCKS} blocks), so a client that got no answer may simply send it again.
 *
 * <p>It has no accounts: its users are those that organisations enrolled in any ledger of the network. {@link
 * coco.ledgers.kv.KvRights} decides, by the newest state of the node that is asked. The ledger is one thing that all
 * users share, as a contract without a rule is; where members keep such contracts to their participants ({@code
 * access.contracts}), a user has the keys that begin with its address and a slash, and no other. Who signs in nowhere
 * reads only where members let anybody read, and writes only where they also bound no senders. The leader does not
 * judge again: transactions are not signed, and it believes the node that took one, as it is attested.
 */
@NullMarked
package coco.ledgers.kv;

import org.jspecify.annotations.NullMarked;
