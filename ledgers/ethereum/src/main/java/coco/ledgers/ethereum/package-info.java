/**
 * Ethereum on Coco: a chain whose blocks are parts of Coco's blocks.
 *
 * <p>{@link coco.ledgers.ethereum.EthereumLedger} ties three packages together: {@code chain} (state in maps, building
 * and reading blocks), {@code pool} (what waits for a block) and {@code rpc} (what clients speak). All Ethereum types
 * and the state transition come from module evm.
 *
 * <p>What differs from a public chain, all of it visible to contracts: several blocks may share one second; the base
 * fee and the gas limit are constant, unless the chain began elsewhere; PREVRANDAO is randomness from inside the trusted
 * environment; a block is final when it is visible at all.
 *
 * <p>What this package does not do: it orders, replicates, encrypts and stores nothing. That is Coco's.
 */
@NullMarked
package coco.ledgers.ethereum;

import org.jspecify.annotations.NullMarked;
