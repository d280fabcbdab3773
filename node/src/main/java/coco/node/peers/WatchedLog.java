package coco.node.peers;

import coco.consensus.ForwardingLog;
import coco.consensus.ForwardingMachine;
import coco.consensus.LogPosition;
import coco.consensus.Peer;
import coco.consensus.ReplicatedLog;
import coco.consensus.StateMachine;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A log that tells a watcher, beside its state machine, of peers and leadership, and has it fetch what is missing. */
public final class WatchedLog extends ForwardingLog {
    private final Watcher watcher;

    /** Who is told. Called on the log's threads, in its order; must not block. */
    public interface Watcher {
        /** These peers are committed from this position on. */
        void configured(LogPosition position, List<Peer> peers);

        /** This node may propose. */
        void leaderReady();

        /** {@link StateMachine#missing}. */
        CompletableFuture<LogPosition> missing(LogPosition first);
    }

    /** @param watcher hears of everything before the state machine does */
    public WatchedLog(ReplicatedLog log, Watcher watcher) {
        super(log);
        this.watcher = watcher;
    }

    @Override
    public void start(StateMachine machine) {
        super.start(new ForwardingMachine(machine) {
            @Override
            public void configured(LogPosition position, List<Peer> peers) {
                watcher.configured(position, peers);
                super.configured(position, peers);
            }

            @Override
            public CompletableFuture<LogPosition> missing(LogPosition first) {
                return watcher.missing(first);
            }

            @Override
            public void leaderReady(long term) {
                watcher.leaderReady();
                super.leaderReady(term);
            }
        });
    }
}
