package coco.evm.tracing;

import java.util.Map;
import java.util.function.Supplier;

/** What is left of {@link TraceLimits}. Once it did not suffice nothing more is given. */
final class Budget {
    private final TraceLimits limits;
    private int steps;
    private long bytes;
    private boolean isSpent;

    Budget(TraceLimits limits) {
        this.limits = limits;
    }

    /** Takes so many bytes for one more thing to keep; false if there are not as many. */
    boolean take(long wanted) {
        if (isSpent || steps >= limits.steps() || wanted > limits.bytes() - bytes) {
            isSpent = true;
            return false;
        }
        steps++;
        bytes += wanted;
        return true;
    }

    boolean isSpent() {
        return isSpent;
    }

    TraceResult result(Supplier<Map<String, Object>> complete) {
        if (!isSpent) {
            return new TraceResult.Complete(complete.get());
        }
        return new TraceResult.TooLarge(
                "the trace is larger than %d steps or %d bytes".formatted(limits.steps(), limits.bytes()));
    }
}
