package coco.consensus.ratis;

import coco.consensus.ConsensusLimits;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Makes Ratis tell followers the newest commit index.
 *
 * <p>A leader learns that an entry is committed from its followers' acknowledgements, after which nothing is due to be sent: followers hear
 * of it with the next entry or heartbeat, half an election timeout later. A linearizable read makes the leader confirm itself by heartbeats,
 * and those carry the commit index. One read may race with the acknowledgements, so it is repeated, a few times, while a live follower
 * lags.
 */
final class CommitNudge {
    private final ConsensusLimits limits;
    private final Events events;
    private final Supplier<CompletableFuture<?>> read;
    private final BooleanSupplier followersLag;
    private final AtomicBoolean running = new AtomicBoolean();
    private final AtomicBoolean again = new AtomicBoolean();

    CommitNudge(
            ConsensusLimits limits, Events events, Supplier<CompletableFuture<?>> read, BooleanSupplier followersLag) {
        this.limits = limits;
        this.events = events;
        this.read = read;
        this.followersLag = followersLag;
    }

    /** Begins a round, or prolongs the one that is running. */
    void nudge() {
        again.set(true);
        if (running.compareAndSet(false, true)) {
            events.post(() -> attempt(0));
        }
    }

    private void attempt(int made) {
        again.set(false);
        var _ = read.get()
                .whenComplete((ignored, failure) -> events.schedule(limits.nudgeInterval(), () -> {
                    boolean repeat = failure == null && followersLag.getAsBoolean();
                    if (again.get()) {
                        attempt(0);
                    } else if (repeat && made + 1 < limits.nudgesMax()) {
                        attempt(made + 1);
                    } else {
                        running.set(false);
                        if (again.get()) {
                            nudge();
                        }
                    }
                }));
    }
}
