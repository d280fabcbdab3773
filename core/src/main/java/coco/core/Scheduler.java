package coco.core;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The core thread and its clock, as the core sees them: a real thread in a node, an event queue in a simulation. */
public interface Scheduler extends Executor {
    /** Runs a task on the core thread after everything that was handed over before it. May be called by any thread. */
    @Override
    void execute(Runnable task);

    /** Runs a task on the core thread after at least this time. */
    void schedule(long delayMillis, Runnable task);

    /** A clock that only goes forward. */
    long nanoTime();

    /** Service time in milliseconds since 1970. */
    long serviceTimeMillis();

    /**
     * Why no block may be made at this time, in words for an operator; null if one may.
     *
     * @param parentMillis service time of the block that it would follow
     */
    default @Nullable String timeDoubt(long parentMillis) {
        return null;
    }
}
