package coco.node.http;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Many deadlines that are nearly always met. Each is an entry in a concurrent set that one sweeper looks through ten
 * times a second: setting and lifting one costs no shared lock, unlike a heap of timers, at the price of being up to a
 * tenth of a second late. Nobody waits, nothing runs.
 */
final class Deadlines implements AutoCloseable {
    private static final long SWEEP_NANOS = 100_000_000;

    private final Set<Deadline> open = ConcurrentHashMap.newKeySet();
    private final LongSupplier nanoTime;
    private final Thread sweeper;
    private volatile boolean idle;
    private volatile boolean closed;

    Deadlines(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.sweeper = Thread.ofPlatform().name("http-deadlines").daemon().unstarted(this::run);
        sweeper.start();
    }

    /** Runs {@code expired} once, unless lifted within {@code nanos}. It must not block. */
    Deadline in(long nanos, Runnable expired) {
        Deadline deadline = new Deadline(expired);
        deadline.set(nanos);
        return deadline;
    }

    /** A deadline that is {@link Deadline#set} later, as often as there is something to limit; then lifted. */
    Deadline unset(Runnable expired) {
        return new Deadline(expired);
    }

    private void enter(Deadline deadline) {
        // Between two settings it stays in: the set is not touched again.
        if (open.add(deadline) && idle) {
            // Read after the deadline is in: the sweeper looks again after it said that it is idle, so one of us sees
            // the other.
            LockSupport.unpark(sweeper);
        }
    }

    @Override
    public void close() {
        closed = true;
        open.clear();
        LockSupport.unpark(sweeper);
    }

    private void run() {
        while (!closed) {
            sweep();
            if (open.isEmpty()) {
                idle = true;
                if (open.isEmpty() && !closed) {
                    LockSupport.park(this);
                }
                idle = false;
            }
            LockSupport.parkNanos(SWEEP_NANOS);
        }
    }

    private void sweep() {
        long now = nanoTime.getAsLong();
        for (Deadline deadline : open) {
            deadline.expireBy(now);
        }
    }

    /** One deadline. Whoever sets it also lifts it; the sweeper makes it expire. */
    final class Deadline {
        private final Runnable expired;
        private long at;
        private boolean set;
        private boolean late;

        private Deadline(Runnable expired) {
            this.expired = expired;
        }

        /** From now on it expires after so many nanoseconds. */
        void set(long nanos) {
            synchronized (this) {
                at = nanoTime.getAsLong() + nanos;
                set = true;
                late = false;
            }
            enter(this);
        }

        /**
         * Takes the setting back. After this returns the deadline has run, or never will: nothing it does can hit later
         * work of the same thread.
         *
         * @return whether it has expired since it was set
         */
        synchronized boolean pause() {
            set = false;
            return late;
        }

        /** Takes it back for good. */
        void lift() {
            var _ = pause();
            open.remove(this);
        }

        private synchronized void expireBy(long now) {
            if (set && now - at >= 0) {
                open.remove(this);
                set = false;
                late = true;
                expired.run();
            }
        }
    }
}
