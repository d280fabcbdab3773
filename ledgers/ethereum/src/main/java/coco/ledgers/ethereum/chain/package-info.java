/**
 * The chain: how Ethereum's state lies in maps, and how a block comes to be and is read back.
 *
 * <p>State is four private maps ({@link coco.ledgers.ethereum.chain.EthereumMaps}). Accounts and storage are Merkle
 * Patricia tries by their digests; there is no other copy. {@link coco.ledgers.ethereum.chain.BlockBuilder} executes
 * transactions on a draft and records the writes of each apart, so that a follower only applies them. What a block
 * writes beyond its transactions is small: new storage roots of the accounts whose storage changed, the chain's head,
 * and one more block hash.
 *
 * <p>What is read for somebody goes through a {@link coco.ledgers.ethereum.chain.Sight}: {@link
 * coco.ledgers.ethereum.chain.ChainReader} gives blocks made again of what their reader sees, and {@link
 * coco.ledgers.ethereum.chain.StateReader} states without what is hidden. Handlers need not know that there is more.
 *
 * <p>Invariants: nothing reaches a reader but through a sight; the state root in a header is the digest of the accounts
 * right after that block; an account's storage root is right between blocks (inside a block it is that of the block
 * before); executing on the leader and applying on a follower give the same maps.
 *
 * <p>What this package does not do: it keeps no pool, speaks no protocol, and validates no block of others. Blocks come
 * from attested nodes, so what is decoded here is trusted to be meaningful, though not to be well-formed.
 */
@NullMarked
package coco.ledgers.ethereum.chain;

import org.jspecify.annotations.NullMarked;
