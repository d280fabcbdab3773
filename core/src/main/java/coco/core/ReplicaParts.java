package coco.core;

import coco.consensus.PeerId;
import coco.journal.BlockSealer;
import java.util.concurrent.Executor;

/**
 * What a {@link Replica} is given: everything that is time, randomness, input or output.
 *
 * @param self this node's name in the Raft group
 * @param scheduler the core thread
 * @param sealer this life's sealer; its incarnation is new
 * @param keys the epochs' secrets
 * @param journal where committed blocks go
 * @param channel how the leader is reached
 * @param background where long, low-priority work runs: comparing state with the leader's claims
 * @param observer who is told of progress and failure
 * @param limits bounds of batches and blocks
 */
public record ReplicaParts(
        PeerId self,
        Scheduler scheduler,
        BlockSealer sealer,
        Keyring keys,
        JournalWriter journal,
        NodeChannel channel,
        Executor background,
        Observer observer,
        CoreLimits limits) {
    /** Who is told what happens. Called on the core thread; must not block. */
    public interface Observer {
        /** The block at this height is part of the state; it held so many transactions. */
        void applied(long height, int transactions);

        /** This node built a block in so many nanoseconds, of so many sealed bytes. */
        void built(int transactions, int sealedBytes, long executeNanos, long sealNanos);

        /** A block that this node built is committed and applied here, so many nanoseconds after it was proposed. */
        void committed(long nanos);

        /** This node has found itself wrong, or its log is lost: stop it. Called once. */
        void failed(Throwable cause);
    }
}
