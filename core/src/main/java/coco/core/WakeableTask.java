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
            threads.execute(this::drain);
        }
    }

    private void drain() {
        int seen = woken.get();
        while (seen != 0) {
            try {
                work.run();
            } catch (RuntimeException failure) {
                // Nobody waits for it; the next one who wakes it finds it ready.
                LOG.error("a background task failed: {}", Faults.withoutText(failure));
            }
            seen = woken.addAndGet(-seen);
        }
    }
}
