package coco.evm.reference;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** The plain machine calls itself for a call: 1,024 of them need more stack than threads have. */
final class LargeStack {
    private static final long STACK_BYTES = 512L << 20;

    private LargeStack() {}

    /** Runs on a thread with a large stack, and throws what was thrown there. */
    static <T> T call(Callable<T> task) {
        FutureTask<T> future = new FutureTask<>(task);
        new Thread(null, future, "plain machine", STACK_BYTES).start();
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new AssertionError(cause.getMessage(), cause);
        }
    }
}
