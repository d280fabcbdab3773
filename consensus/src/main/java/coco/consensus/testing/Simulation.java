package coco.consensus.testing;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * A single-threaded queue of events in simulated time. Events due at the same instant run in the order in which they
 * were scheduled, so a run is a function of its seed.
 */
public final class Simulation {
    private record Event(long dueNanos, long sequence, Runnable action) {}

    private final PriorityQueue<Event> queue =
            new PriorityQueue<>(Comparator.comparingLong(Event::dueNanos).thenComparingLong(Event::sequence));
    private final SplittableRandom random;
    private final long seed;
    private long nowNanos;
    private long scheduled;
    private long executed;

    public Simulation(long seed) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
    }

    public long seed() {
        return seed;
    }

    /** Simulated time since the beginning. */
    public long nowNanos() {
        return nowNanos;
    }

    /** The one source of chance. */
    public RandomGenerator random() {
        return random;
    }

    /** True with the given probability. */
    public boolean chance(double probability) {
        return probability > 0 && random.nextDouble() < probability;
    }

    /** How many events have run; a stopping rule for tests. */
    public long executed() {
        return executed;
    }

    /** Runs {@code action} after {@code delayNanos} of simulated time, never within this call. */
    public void schedule(long delayNanos, Runnable action) {
        if (delayNanos < 0) {
            throw new IllegalArgumentException("Time does not run backwards: " + delayNanos);
        }
        queue.add(new Event(Math.addExact(nowNanos, delayNanos), scheduled++, action));
    }

    /** Runs the next event. False if there is none. */
    public boolean step() {
        Event event = queue.poll();
        if (event == null) {
            return false;
        }
        nowNanos = event.dueNanos();
        executed++;
        event.action().run();
        return true;
    }

    /** Runs everything due within the next {@code nanos} and moves time there. */
    public void runFor(long nanos) {
        long end = Math.addExact(nowNanos, nanos);
        while (true) {
            Event next = queue.peek();
            if (next == null || next.dueNanos() > end) {
                nowNanos = end;
                return;
            }
            step();
        }
    }

    /**
     * Runs events until {@code done} holds. False if that took longer than {@code nanosMax} or nothing was left to run.
     */
    public boolean runUntil(BooleanSupplier done, long nanosMax) {
        long end = Math.addExact(nowNanos, nanosMax);
        while (!done.getAsBoolean()) {
            Event next = queue.peek();
            if (next == null || next.dueNanos() > end) {
                return false;
            }
            step();
        }
        return true;
    }
}
