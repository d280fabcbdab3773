/**
 * Transactions that wait for a block, on the leader.
 *
 * <p>{@link coco.ledgers.ethereum.pool.Admission} judges what needs no state; it runs where a client is connected, on
 * any node, and recovers the sender. {@link coco.ledgers.ethereum.pool.Pool} judges the rest on the leader and keeps
 * order. Rules and words are geth's, because wallets and libraries recognise errors by their text.
 *
 * <p>A transaction is <em>ready</em> when its sender's next nonce is its own, and <em>queued</em> behind a gap or
 * behind its sender's earlier ones. Of each sender only the first ready one takes part in the order over all senders,
 * which is by fee and then by arrival; so adding and taking cost the logarithm of the number of senders, and nothing is
 * ever sorted as a whole. An <em>executed</em> transaction stays until its block is applied, because the block may be
 * lost: then it becomes ready again.
 *
 * <p>A full pool gives room to who pays more, at the cost of who pays least. At the same price it gives room to who has
 * little, at the cost of who has most: a sender keeps a few slots whatever others do, and cannot fill the pool.
 *
 * <p>Invariants: at most one transaction per sender and nonce; the pool stays within {@link
 * coco.ledgers.ethereum.pool.PoolLimits}, but for what lost blocks give back; admission is advice, so that whatever the
 * pool believes is judged again when it executes.
 *
 * <p>What this package does not do: it executes nothing, forwards nothing, and remembers nothing across a restart;
 * every node offers again what it took from its clients.
 */
@NullMarked
package coco.ledgers.ethereum.pool;

import org.jspecify.annotations.NullMarked;
