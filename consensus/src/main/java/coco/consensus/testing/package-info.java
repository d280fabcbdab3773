/**
 * A simulated replicated log for deterministic tests of whole clusters, in production quality because other modules
 * build on it.
 *
 * <p>The simulator models what {@link coco.consensus.ReplicatedLog} promises, not Raft: one true log, of which each
 * node knows a prefix, and leaders that come and go. It is free to do the worst the contract allows, and does so by
 * seed; a fault that a real group shows once a year comes here in every second run. It has one thread and no clock of
 * its own: time, order and chance come from a {@link coco.consensus.testing.Simulation}.
 *
 * <p>It does not test Ratis. The contract suite in this package does: it runs against this log and against three Ratis
 * servers. {@link coco.consensus.testing.FreePorts} is for tests of real members, here and in other modules.
 */
@NullMarked
package coco.consensus.testing;

import org.jspecify.annotations.NullMarked;
