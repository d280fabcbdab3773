package coco.core;

import coco.ledgers.api.Faults;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Work that runs whenever it was woken since it last began, and never twice at a time. Any thread wakes it. */
final class WakeableTask implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(WakeableTask.class);

    private final Executor threads;
    private final Runnable work;
    /** How often it was woken since nothing was left to do. */
    private final AtomicInteger woken = new AtomicInteger();

    WakeableTask(Executor threads, Runnable work) {
        this.threads = threads;
        this.work = work;
    }

    @Override
    public void run() {
        if (woken.getAndIncrement() == 0) {
            try {
                threads.execute(this::drain);
            } catch (RuntimeException | Error refused) {
                // Whoever wakes it, be it the core's own thread, goes on; the next one tries again.
                woken.set(0);
                LOG.error("a background task got no thread: {}", Faults.withoutText(refused));
            }
        }
    }

    private void drain() {
        int seen = woken.get();
        while (seen != 0) {
            try {
                work.run();
            } catch (Throwable failure) {
                // Nobody waits for it; the next one who wakes it finds it ready, even if memory was short.
                LOG.error("a background task failed: {}", Faults.withoutText(failure));
            }
            seen = woken.addAndGet(-seen);
        }
    }
}
