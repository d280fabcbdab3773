package coco.systemtests.simulation;

import coco.consensus.ForwardingLog;
import coco.consensus.ForwardingMachine;
import coco.consensus.ReplicatedLog;
import coco.consensus.StateMachine;
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
