package coco.node;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The bounded pool of platform threads for what needs a processor: signatures, simulated calls, scans. Virtual threads are
 * not time-sliced, so such work on their carriers would hold up every other request. One that finds the queue full is
 * refused, and its client told to come back.
 */
final class ComputePool {
    private final ThreadPoolExecutor executor;

    /** @param threads 0: one for each processor */
    ComputePool(int threads, int queue) {
        int count = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
        this.executor = new ThreadPoolExecutor(
                count,
                count,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(queue),
                Thread.ofPlatform().name("compute-", 0).daemon().factory(),
                new ThreadPoolExecutor.AbortPolicy());
    }

    ThreadPoolExecutor executor() {
        return executor;
    }

    int waiting() {
        return executor.getQueue().size();
    }

    void close() {
        executor.shutdownNow();
    }
}
