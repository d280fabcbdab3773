package coco.evm.tracing;

import coco.evm.CallKind;
import coco.evm.FrameEntry;
import coco.evm.Tracer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Geth's {@code 4byteTracer}: which selectors were called with how many bytes behind them, and how often. Calls without
 * a selector, creations and calls to precompiled contracts do not count.
 */
public final class FourByteTracer implements Tracer {
    private static final int ENTRY_BYTES = 32;
    private static final int SELECTOR_BYTES = 4;

    private final Budget budget;
    private final Map<String, Integer> counts = new TreeMap<>();

    /** A tracer for one transaction. */
    public FourByteTracer(TraceLimits limits) {
        this.budget = new Budget(limits);
    }

    @Override
    public boolean wantsSteps() {
        return false;
    }

    @Override
    public void frameEntered(FrameEntry frame) {
        boolean creates = frame.kind() == CallKind.CREATE || frame.kind() == CallKind.CREATE2;
        if (creates || frame.isPrecompile() || frame.inputLength() < SELECTOR_BYTES) {
            return;
        }
        String key = "0x%08x-%d".formatted(frame.selector(), frame.inputLength() - SELECTOR_BYTES);
        if (counts.containsKey(key) || budget.take(ENTRY_BYTES)) {
            counts.merge(key, 1, Integer::sum);
        }
    }

    /** Selector and size to count, as in {@code 0xa9059cbb-64: 1}. */
    public TraceResult result() {
        return budget.result(() -> new LinkedHashMap<>(counts));
    }
}
