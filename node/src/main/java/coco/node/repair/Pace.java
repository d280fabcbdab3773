package coco.node.repair;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** So many bytes a second on average, for one thread. */
final class Pace {
    /** The thread was interrupted while it waited for its turn. */
    static final class Interrupted extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private final long bytesPerSecond;
    private final LongSupplier nanoTime;
    private long dueNanos;

    Pace(long bytesPerSecond, LongSupplier nanoTime) {
        this.bytesPerSecond = bytesPerSecond;
        this.nanoTime = nanoTime;
        this.dueNanos = nanoTime.getAsLong();
    }

    /** Waits until so many more bytes may be read. */
    void take(long bytes) {
        long now = nanoTime.getAsLong();
        if (dueNanos - now < 0) {
            dueNanos = now; // an idle while earns no haste
        }
        while (dueNanos - now > 0) {
            LockSupport.parkNanos(dueNanos - now);
            if (Thread.currentThread().isInterrupted()) {
                throw new Interrupted();
            }
            now = nanoTime.getAsLong();
        }
        dueNanos += TimeUnit.SECONDS.toNanos(bytes) / bytesPerSecond;
    }
}
