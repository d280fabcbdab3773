package coco.node;

import coco.node.config.Configuration;
import coco.node.config.Keys;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A bounded pool of platform threads for what needs a processor. Virtual threads are not time-sliced, so such work on
 * their carriers would hold up every other request. One that finds the queue full is refused, and its client told to
 * come back.
 *
 * <p>There are two. Admission takes milliseconds and carries the load, so it gets all processors; simulated calls and
 * scans take seconds, so they get half, and admission never waits for one of them.
 */
final class ComputePool implements AutoCloseable {
    private final ThreadPoolExecutor executor;

    private ComputePool(String name, int threads, int queue) {
        this.executor = new ThreadPoolExecutor(
                threads,
                threads,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(queue),
                Thread.ofPlatform().name(name + "-", 0).daemon().factory(),
                new ThreadPoolExecutor.AbortPolicy());
    }

    /** For admission: as many threads as processors, unless the operator says otherwise. */
    static ComputePool admission(Configuration configuration, int processors) {
        int threads = configuration.get(Keys.RPC_ADMISSION_THREADS);
        return new ComputePool(
                "admission", threads == 0 ? processors : threads, configuration.get(Keys.RPC_ADMISSION_QUEUE));
    }

    /** For simulated calls and scans: half as many threads, at least one. */
    static ComputePool reading(Configuration configuration, int processors) {
        int threads = configuration.get(Keys.RPC_READ_THREADS);
        return new ComputePool(
                "reading",
                threads == 0 ? Math.max(1, processors / 2) : threads,
                configuration.get(Keys.RPC_READ_QUEUE));
    }

    ThreadPoolExecutor executor() {
        return executor;
    }

    int waiting() {
        return executor.getQueue().size();
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
