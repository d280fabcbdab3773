package coco.core;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The core thread of a real node: one platform thread, tasks in the order they came. */
public final class CoreThread implements Scheduler, AutoCloseable {
    /** What the tasks at hand may take: a block and its entries in the index, on a slow disk. */
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

    private final ScheduledThreadPoolExecutor timer;
    private final TaskQueue queue;
    private final ServiceTime time;

    /** Starts the thread. */
    public CoreThread(ServiceTime time) {
        this.time = time;
        this.queue = new TaskQueue();
        // What is scheduled once the thread is closed is discarded, as is what is handed over.
        this.timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("core-timer").daemon().factory(), new ThreadPoolExecutor.DiscardPolicy());
        timer.setRemoveOnCancelPolicy(true);
        queue.start();
    }

    @Override
    public void execute(Runnable task) {
        queue.add(task);
    }

    @Override
    public void schedule(long delayMillis, Runnable task) {
        var _ = timer.schedule(() -> queue.add(task), delayMillis, TimeUnit.MILLISECONDS);
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public long serviceTimeMillis() {
        return time.millis();
    }

    @Override
    public @Nullable String timeDoubt(long parentMillis) {
        return time.doubt(parentMillis);
    }

    /**
     * Ends the thread after the tasks that were handed over, and waits for its end: what they use may then be closed.
     * One that hangs is interrupted.
     */
    @Override
    public void close() {
        timer.shutdownNow();
        queue.close();
    }

    /** An unbounded queue: what fills it is bounded where it comes from. */
    private static final class TaskQueue implements Runnable {
        private static final Runnable END = () -> {};

        private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
        private final Thread thread = new Thread(this, "core");
        private boolean closed;

        void start() {
            thread.start();
        }

        void add(Runnable task) {
            synchronized (this) {
                if (!closed) {
                    tasks.add(task);
                }
            }
        }

        void close() {
            synchronized (this) {
                if (!closed) {
                    closed = true;
                    tasks.add(END);
                }
            }
            if (Thread.currentThread().equals(thread)) {
                return;
            }
            try {
                if (!thread.join(CLOSE_LIMIT)) {
                    thread.interrupt();
                }
            } catch (InterruptedException e) {
                thread.interrupt();
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void run() {
            try {
                for (Runnable task = tasks.take(); !END.equals(task); task = tasks.take()) {
                    task.run();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
