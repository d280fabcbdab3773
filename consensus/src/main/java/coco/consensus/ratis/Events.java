package coco.consensus.ratis;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread for what may not run on Ratis' own: Ratis calls some listeners under its monitor, where whoever blocks
 * or calls back ends in a deadlock. Also the place where the log fails, once.
 */
final class Events {
    private static final Logger LOG = LoggerFactory.getLogger(Events.class);

    private final ScheduledThreadPoolExecutor thread;
    private final Consumer<Throwable> onFailure;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile long threadId = -1;

    Events(String name, Consumer<Throwable> onFailure) {
        this.onFailure = onFailure;
        this.thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = Thread.ofPlatform().name(name + "-events").daemon().unstarted(task);
            threadId = made.threadId();
            return made;
        });
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Runs {@code event} later; dropped if closed. */
    void post(Runnable event) {
        schedule(Duration.ZERO, event);
    }

    void schedule(Duration delay, Runnable event) {
        try {
            var _ = thread.schedule(() -> guarded(event), delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("an event came after close", e);
        }
    }

    private void guarded(Runnable event) {
        try {
            event.run();
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    /** The log stops for good. Only the first cause is reported. */
    void failed(Throwable cause) {
        if (failure.compareAndSet(null, cause)) {
            LOG.error("the replicated log has failed", cause);
            post(() -> onFailure.accept(cause));
        }
    }

    boolean hasFailed() {
        return failure.get() != null;
    }

    /** Nothing runs after this, unless it is called by an event itself. */
    void close(Duration patience) throws InterruptedException {
        thread.shutdown();
        if (Thread.currentThread().threadId() != threadId
                && !thread.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warn("an event did not end within {}", patience);
        }
    }
}
