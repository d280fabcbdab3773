package coco.ledgers.ethereum.rpc;

import coco.ledgers.api.LedgerContext;
import java.time.Duration;
import java.time.Instant;

/**
 * Lets answers to who does not see everything leave a whole number of steps after their requests came. What is hidden
 * is looked up and left out, which takes longer than finding nothing; after one step both are ready. The steps begin
 * with each request: where they are the same points in time for all, who asks at any time waits for half a step on
 * average, and the rest of the average is what the answer took. Any thread.
 */
final class AnswerGrid {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final LedgerContext context;
    private final Pause pause;

    /** Lets time pass. */
    @FunctionalInterface
    interface Pause {
        void nanos(long wait) throws InterruptedException;
    }

    AnswerGrid(LedgerContext context, Pause pause) {
        this.context = context;
        this.pause = pause;
    }

    /** A grid in whose steps threads sleep. */
    static AnswerGrid of(LedgerContext context) {
        return new AnswerGrid(context, nanos -> Thread.sleep(Duration.ofNanos(nanos)));
    }

    /**
     * Waits for the next step, if there is a grid.
     *
     * @param came when the request did, by the context's clock
     */
    void await(Instant came) {
        long step = context.settings().answerGridMillis() * NANOS_PER_MILLI;
        if (step == 0) {
            return;
        }
        // Milliseconds would leave the rest of one to be seen.
        long taken = Duration.between(came, context.clock().instant()).toNanos();
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
