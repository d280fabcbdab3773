/**
 * The ordered store: what turns transactions into committed state, the same on every node.
 *
 * <p>{@link coco.core.Replica} is the whole of it, one object a node, driven by one thread: submissions and offers come
 * in, the leader has its ledgers execute them into blocks ahead of replication, and what replication commits is applied
 * from the same bytes by the same code on every node. It knows no HTTP, no ledger and no Raft library. A node drives it
 * with a real thread and Raft; a simulation drives it with an event queue and an oracle log: what the simulation proves
 * is what runs.
 *
 * <h2>Parts</h2>
 * <ul>
 *   <li>{@link coco.core.Replica}: the events and their order.
 *   <li>{@code Chain}: committed state; applying one block.
 *   <li>{@code Pipeline}: blocks executed, sealed and proposed, not yet committed; leader only.
 *   <li>{@code Succession}: epochs, generations and sealers from one block to the next, as the {@link coco.core.Roster}
 *       of an administrative ledger demands; {@code InForce} is what holds for one block.
 *   <li>{@code Fence}: the last look before a block enters the log, under replication's own lock.
 *   <li>{@code Submissions}: what this node took from its clients and still owes an answer.
 *   <li>{@code JournalWriter}: committed blocks on their way to disk.
 *   <li>{@code Snapshots}: when the state is written to files, and when such a file is good; {@code SnapshotStart}
 *       begins with one, {@link coco.core.SnapshotExchange} gives and takes them.
 *   <li>{@code LedgerPort}: what a ledger sees of all this; views and history.
 * </ul>
 *
 * <h2>Invariants</h2>
 * <ul>
 *   <li>Committed state moves only in {@code apply}, in log order; a block applies only on its parent.
 *   <li>A block enters the log only directly after its parent, in the term in which it was made.
 *   <li>A client is answered "committed" only by apply; whatever replication said of a block before is not knowledge.
 *   <li>When leadership or the order of proposals is in doubt, everything speculative is thrown away and made again.
 *   <li>A secret that a block brings is used from the next block on: by the pipeline before it commits, by everybody
 *       else once it is applied. A node that a block removes never gets it.
 *   <li>A start from a snapshot has the state, the sealers and the secrets that a replay of everything would have.
 *   <li>Nothing a client or a peer sends breaks an invariant; a broken invariant stops the node.
 * </ul>
 */
@NullMarked
package coco.core;

import org.jspecify.annotations.NullMarked;
