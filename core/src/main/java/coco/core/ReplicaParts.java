package coco.core;

import coco.consensus.Peer;
import coco.consensus.PeerId;
import coco.journal.BlockSealer;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * What a {@link Replica} is given: everything that is time, randomness, input or output.
 *
 * @param self this node's name in the Raft group
 * @param scheduler the core thread
 * @param sealer this life's sealer; its incarnation is new
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

        /**
         * From the block after this height on, this is who belongs to the network and what it runs by: after each
         * block that changed it, and once at the start. Never without an administrative ledger.
         */
        default void rosterChanged(long height, Roster roster) {}

        /**
         * The block at this height took this node off the roster. It applies nothing after that, and seals nothing;
         * until its log is closed it still counts there, so that others can go on without it.
         */
        default void removed(long height) {}

        /** The log's peers are these from now on; see {@link coco.consensus.StateMachine#configured}. */
        default void configured(List<Peer> peers) {}

        /** This node has found itself wrong, or its log is lost: stop it. Called once. */
        void failed(Throwable cause);
    }
}
