/**
 * The voting members of consensus, kept as the constitution has its nodes.
 *
 * <p><b>What.</b> The list of nodes is decided by votes and stands in the ledger's state; who votes in Raft stands in
 * Raft's own log. {@link coco.node.peers.Reconciler} carries the first over to the second, one peer at a time, at the
 * leader. {@link coco.node.peers.VoterGuard} watches at every node that the second never differs from the first
 * otherwise than by such a step: Raft's files lie in clear on the host's disk, and whoever edits the list of voters
 * could make a majority of one. {@link coco.node.peers.WatchedLog} tells both what the log says.
 *
 * <p><b>Invariants.</b>
 * <ul>
 *   <li>Two lists that follow each other differ by one peer at most, so that any two majorities meet.
 *   <li>A peer is added only while it is on the constitution's list, or a short while after it was taken off, when the
 *       change was under way; it is removed only while it is not.
 *   <li>After a gap, where the journal was fetched and not the log, the list has a majority of the listed nodes.
 *   <li>What is reconciled follows from committed state alone: a leader that takes over goes on where the last one
 *       stopped.
 * </ul>
 */
@NullMarked
package coco.node.peers;

import org.jspecify.annotations.NullMarked;
