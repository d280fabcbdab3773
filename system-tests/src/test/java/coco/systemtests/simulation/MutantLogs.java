package coco.systemtests.simulation;

import coco.consensus.ForwardingLog;
import coco.consensus.ForwardingMachine;
import coco.consensus.LogPosition;
import coco.consensus.ReplicatedLog;
import coco.consensus.StateMachine;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Logs that leave out one thing each, to show that it would be missed. */
final class MutantLogs {
    private MutantLogs() {}

    /** The last look before appending is gone. */
    static ReplicatedLog unfenced(ReplicatedLog log) {
        return new ForwardingLog(log) {
            @Override
            public void start(StateMachine machine) {
                super.start(new ForwardingMachine(machine) {
                    @Override
                    public @Nullable String preAppend(long term, byte[] payload) {
                        return null;
                    }
                });
            }
        };
    }

    /** What was applied counts as durable, so that the log is purged of what the journal has not on disk yet. */
    static ReplicatedLog purgedAtApply(ReplicatedLog log) {
        return new ForwardingLog(log) {
            @Override
            public void start(StateMachine machine) {
                super.start(new ForwardingMachine(machine) {
                    private LogPosition applied = LogPosition.NONE;

                    @Override
                    public CompletableFuture<?> apply(LogPosition position, byte[] payload) {
                        return super.apply(position, payload).thenRun(() -> applied = position);
                    }

                    @Override
                    public LogPosition durable() {
                        LogPosition forced = super.durable();
                        return forced.index() > applied.index() ? forced : applied;
                    }
                });
            }
        };
    }

    /** Followers are left to learn by themselves what is committed. */
    static ReplicatedLog unnudged(ReplicatedLog log) {
        return new ForwardingLog(log) {
            @Override
            public void nudge() {
                // Left out.
            }
        };
    }
}
