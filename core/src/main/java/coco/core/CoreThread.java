package coco.core;

import java.time.InstantSource;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The core thread of a real node: one platform thread, tasks in the order they came. */
public final class CoreThread implements Scheduler, AutoCloseable {
    private final ScheduledThreadPoolExecutor timer;
    private final TaskQueue queue;
    private final InstantSource clock;

    /** Starts the thread. */
    public CoreThread(InstantSource clock) {
        this.clock = clock;
        this.queue = new TaskQueue();
        this.timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "core-timer");
            thread.setDaemon(true);
            return thread;
        });
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
        return clock.millis();
    }

    /** Ends the thread after the tasks at hand. */
    @Override
    public void close() {
        timer.shutdownNow();
        queue.close();
    }

    /** An unbounded queue: what fills it is bounded where it comes from. */
    private static final class TaskQueue implements Runnable {
        private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
        private final Thread thread = new Thread(this, "core");
        private volatile boolean closed;

        void start() {
            thread.start();
        }

        void add(Runnable task) {
            tasks.add(task);
        }

        void close() {
            closed = true;
            thread.interrupt();
        }

        @Override
        public void run() {
            while (!closed) {
                try {
                    tasks.take().run();
                } catch (InterruptedException e) {
                    return;
                }
            }
        }
    }
}
