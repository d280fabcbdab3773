package coco.ledgers.api;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * Lets answers to who does not see everything leave a whole number of steps after their requests came. What is hidden
 * is looked up and left out, which takes longer than finding nothing; after one step both are ready. The steps begin
 * with each request: where they are the same points in time for all, who asks at any time waits for half a step on
 * average, and the rest of the average is what the answer took. Any thread.
 */
public final class AnswerGrid {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final InstantSource clock;
    private final LongSupplier stepMillis;
    private final Pause pause;

    /** Lets time pass. */
    @FunctionalInterface
    public interface Pause {
        /** Returns after so many nanoseconds. */
        void nanos(long wait) throws InterruptedException;
    }

    /**
     * A grid.
     *
     * @param stepMillis {@link RpcSettings#answerGridMillis}; 0 for none
     */
    public AnswerGrid(InstantSource clock, LongSupplier stepMillis, Pause pause) {
        this.clock = clock;
        this.stepMillis = stepMillis;
        this.pause = pause;
    }

    /** A grid in whose steps threads sleep. */
    public static AnswerGrid of(InstantSource clock, LongSupplier stepMillis) {
        return new AnswerGrid(clock, stepMillis, nanos -> Thread.sleep(Duration.ofNanos(nanos)));
    }

    /** The same, of a ledger's answers. */
    public static AnswerGrid of(LedgerContext context) {
        return of(context.clock(), () -> context.settings().answerGridMillis());
    }

    /** When a request came: now. */
    public Instant came() {
        return clock.instant();
    }

    /**
     * Waits for the next step, if there is a grid.
     *
     * @param came when the request did, by the grid's clock
     */
    public void await(Instant came) {
        long step = stepMillis.getAsLong() * NANOS_PER_MILLI;
        if (step == 0) {
            return;
        }
        // Milliseconds would leave the rest of one to be seen.
        long taken = Duration.between(came, clock.instant()).toNanos();
        long wait = Math.floorMod(-taken, step);
        if (wait == 0) {
            return;
        }
        try {
            pause.nanos(wait);
        } catch (InterruptedException e) {
            // The node is stopping; the answer leaves as it is.
            Thread.currentThread().interrupt();
        }
    }
}
