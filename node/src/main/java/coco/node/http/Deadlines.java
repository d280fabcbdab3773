package coco.node.http;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Many deadlines that are nearly always met. Each is an entry in a concurrent set that one sweeper looks through ten times a
 * second: setting and lifting one costs no shared lock, unlike a heap of timers, at the price of being up to a tenth of a
 * second late. Nobody waits, nothing runs.
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
        Deadline deadline = new Deadline(nanoTime.getAsLong() + nanos, expired);
        open.add(deadline);
        // Read after the deadline is in: the sweeper looks again after it said that it is idle, so one of us sees the
        // other.
        if (idle) {
            LockSupport.unpark(sweeper);
        }
        return deadline;
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
            if (now - deadline.at >= 0) {
                deadline.expire();
            }
        }
    }

    /** One deadline. */
    final class Deadline {
        private final long at;
        private final Runnable expired;
        private boolean over;

        private Deadline(long at, Runnable expired) {
            this.at = at;
            this.expired = expired;
        }

        /** After this returns the deadline has run, or never will: nothing it does can hit later work of the same thread. */
        synchronized void lift() {
            over = true;
            open.remove(this);
        }

        private synchronized void expire() {
            open.remove(this);
            if (!over) {
                over = true;
                expired.run();
            }
        }
    }
}
