package coco.node.identity;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How long ago a majority confirmed that this node's state was the newest. All that ask at a time share one round trip,
 * and whoever asks while half of the time is over has the next one begun, so that under load nobody waits. Any thread.
 */
public final class Freshness {
    private static final long NEVER = Long.MIN_VALUE;

    private final Supplier<CompletableFuture<Void>> confirm;
    private final LongSupplier nanoTime;
    private final long maxNanos;
    /** When the last round trip that succeeded was begun. */
    private final AtomicLong confirmedNanos = new AtomicLong(NEVER);

    private final AtomicReference<@Nullable CompletableFuture<Void>> running = new AtomicReference<>();

    /**
     * Nothing is confirmed yet.
     *
     * @param confirm completes when this node has applied what was acknowledged anywhere before the call
     * @param max how old a confirmation may be
     */
    public Freshness(Supplier<CompletableFuture<Void>> confirm, LongSupplier nanoTime, Duration max) {
        this.confirm = confirm;
        this.nanoTime = nanoTime;
        this.maxNanos = max.toNanos();
    }

    /** Whether the state is known to be new enough. Never waits. */
    public boolean isFresh() {
        long age = age();
        if (age > maxNanos / 2) {
            var _ = begin();
        }
        return age <= maxNanos;
    }

    /** The same, after waiting for a majority where that is needed. */
    boolean await() throws InterruptedException {
        if (isFresh()) {
            return true;
        }
        try {
            begin().get(IdentityLimits.CONFIRMATION.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException noMajority) {
            return false;
        }
        return age() <= maxNanos;
    }

    private long age() {
        long confirmed = confirmedNanos.get();
        return confirmed == NEVER ? Long.MAX_VALUE : nanoTime.getAsLong() - confirmed;
    }

    private CompletableFuture<Void> begin() {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletableFuture<Void> other = running.compareAndExchange(null, mine);
        if (other != null) {
            return other;
        }
        long begun = nanoTime.getAsLong();
        var _ = confirm.get().whenComplete((done, failure) -> {
            running.set(null);
            if (failure == null) {
                confirmedNanos.set(begun);
                mine.complete(null);
            } else {
                mine.completeExceptionally(failure);
            }
        });
        return mine;
    }
}
