/**
 * Ordered replication of opaque bytes: what one node proposes as leader, every node applies, in the same order.
 *
 * <h2>What it is</h2>
 *
 * A {@link coco.consensus.ReplicatedLog} is one node's end of a Raft group. It takes byte arrays, gives each a place
 * (term, index), and hands them to a {@link coco.consensus.StateMachine} once a majority has them on disk. It never
 * looks into the bytes: blocks, fences and speculation are the business of {@code core}. The package {@code
 * coco.consensus.ratis} implements it with Apache Ratis; {@code coco.consensus.testing} implements it as a simulation
 * that does the worst this contract allows. One contract suite runs against both.
 *
 * <h2>What a user may rely on</h2>
 *
 * <ul>
 *   <li>{@link coco.consensus.StateMachine#apply} sees the same payloads at the same positions on every node, in order,
 *       without gaps, each on disk at a majority; and after a restart everything above {@link
 *       coco.consensus.StateMachine#durable} again.
 *   <li>At most one node leads a term, and a leader is told so only when it has applied all that was committed before
 *   its term.
 *   <li>A majority is one of the peers of the moment, which change one at a time, and only as {@link
 *       coco.consensus.StateMachine#configured} tells every node at the same position.
 *   <li>Nothing that {@link coco.consensus.StateMachine#preAppend} vetoed is ever appended.
 *   <li>{@link coco.consensus.ProposeReply.Committed} follows apply on this node; {@link
 *       coco.consensus.ProposeReply.Refused} means that the payload was never appended.
 * </ul>
 *
 * <h2>What a user must not rely on</h2>
 *
 * <ul>
 *   <li>That proposals stand or fall together: one may fail and the next be appended. A chain needs a fence in {@code
 *   preAppend}.
 *   <li>That failure means failure: {@link coco.consensus.ProposeReply.Unknown} may still be applied, here or after the
 *       next leader's first entry.
 *   <li>That {@code notLeader} comes before, after or exactly once among other callbacks. It carries the term it speaks
 *   of.
 * </ul>
 *
 * <h2>What it does not do</h2>
 *
 * It keeps no history (the log is purged behind the journal), transfers no snapshots (joining is the node's work), and
 * encrypts nothing on disk: payloads are ciphertext before they come here.
 */
@NullMarked
package coco.consensus;

import org.jspecify.annotations.NullMarked;
