package coco.evm.tracing;

import coco.evm.FrameExit;
import coco.evm.Halt;
import coco.evm.Tracer;
import java.util.Map;

/** What the outermost frame of a transaction or call returned or reverted with, and nothing else. */
public final class OutputTracer implements Tracer {
    private final Budget budget;
    private byte[] output = new byte[0];

    /** A tracer for one transaction or one call. */
    public OutputTracer(TraceLimits limits) {
        this.budget = new Budget(limits);
    }

    @Override
    public boolean wantsSteps() {
        return false;
    }

    @Override
    public void frameExited(FrameExit frame) {
        boolean speaks = frame.halt() == Halt.SUCCESS || frame.halt() == Halt.REVERT;
        if (frame.depth() == 0 && speaks && budget.take(2L * frame.outputLength())) {
            output = frame.output();
        }
    }

    /** {@code output}, empty where the frame failed in another way. */
    public TraceResult result() {
        return budget.result(() -> Map.of("output", Hex.data(output)));
    }
}
