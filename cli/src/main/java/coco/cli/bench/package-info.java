/**
 * What {@code coco bench} sends, and how it gets a network ready for it.
 *
 * <p>Four workloads. {@code erc20-transfer}: transfers of a plain token ({@code src/main/solidity/BenchToken.sol})
 * between accounts drawn evenly; the 2017 claim and the project's aim are about this one. {@code native-transfer}: the
 * same in ether. {@code kv-put}: the key-value ledger, the yardstick of what replication alone costs. {@code idle}:
 * single transfers of ether with pauses between them, and the processor time of a network that does nothing at all.
 *
 * <p>Accounts are derived from a seed, so that two runs on fresh networks send the same bytes; a second run on the same
 * network derives others, since the nonces of the first are used up. They are given tokens (or ether) by transactions
 * before the clock starts, some hundred accounts at a time; that works on any network that lets the first well-known
 * account deploy a contract. Every transaction of the measured run is signed beforehand. The transactions of one sender
 * all go over one connection, in the order of their nonces.
 *
 * <p>How is measured, and what: {@link coco.client.load}.
 */
@NullMarked
package coco.cli.bench;

import org.jspecify.annotations.NullMarked;
