package coco.evm.tracing;

import coco.evm.CallKind;
import coco.evm.FrameEntry;
import coco.evm.FrameExit;
import coco.evm.Halt;
import coco.evm.Tracer;
import coco.evm.types.Address;
import coco.evm.types.Word;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The {@code trace} of OpenEthereum's trace module: calls, creations and self-destructions as a list, each before those
 * in it and with its place in the tree as {@code traceAddress}. Gas is that of the frame: what the transaction costs
 * before its first frame is not in it.
 *
 * <p>A call of a precompiled contract by a contract is left out unless it moves wei. A call that reverted has a result,
 * its revert data; one that failed in another way has none.
 */
public final class FlatCallTracer implements Tracer {
    /** JSON of an entry without what has a length of its own. */
    private static final int ENTRY_BYTES = 420;
    /** One step of a trace address: the deeper an entry, the longer its address. */
    private static final int ADDRESS_STEP_BYTES = 4;

    private final Budget budget;
    private final List<Map<String, Object>> entries = new ArrayList<>();
    private final Deque<Open> open = new ArrayDeque<>();
    private byte[] output = new byte[0];

    /** A tracer for one transaction or one call. */
    public FlatCallTracer(TraceLimits limits) {
        this.budget = new Budget(limits);
    }

    /** A frame that is not over. */
    private static final class Open {
        /** Null for what is not told. */
        final @Nullable Map<String, Object> entry;

        final List<Integer> address;
        final boolean isCreation;
        final Address target;
        int children;

        Open(@Nullable Map<String, Object> entry, List<Integer> address, boolean isCreation, Address target) {
            this.entry = entry;
            this.address = address;
            this.isCreation = isCreation;
            this.target = target;
        }
    }

    @Override
    public boolean wantsSteps() {
        return false;
    }

    @Override
    public void frameEntered(FrameEntry frame) {
        boolean isCreation = frame.kind() == CallKind.CREATE || frame.kind() == CallKind.CREATE2;
        boolean isLeftOut =
                frame.isPrecompile() && frame.depth() > 0 && frame.value().isZero();
        if (isLeftOut || !budget.take(bytes(frame.depth()) + 2L * frame.inputLength())) {
            open.addLast(new Open(null, List.of(), isCreation, frame.target()));
            return;
        }
        Map<String, Object> action = new LinkedHashMap<>();
        action.put("from", frame.caller().hex());
        action.put("gas", Hex.quantity(frame.gas()));
        action.put("value", Hex.quantity(frame.value()));
        String kind = frame.kind().name().toLowerCase(Locale.ROOT);
        if (isCreation) {
            action.put("creationMethod", kind);
            action.put("init", Hex.data(frame.input()));
        } else {
            action.put("callType", kind);
            action.put("to", frame.target().hex());
            action.put("input", Hex.data(frame.input()));
        }
        List<Integer> address = nextAddress();
        Map<String, Object> entry = entry(isCreation ? "create" : "call", action, address);
        entries.add(entry);
        open.addLast(new Open(entry, address, isCreation, frame.target()));
    }

    private static long bytes(int depth) {
        return ENTRY_BYTES + (long) ADDRESS_STEP_BYTES * depth;
    }

    private List<Integer> nextAddress() {
        Open parent = open.peekLast();
        if (parent == null) {
            return List.of();
        }
        List<Integer> address = new ArrayList<>(parent.address);
        address.add(parent.children++);
        return address;
    }

    private static Map<String, Object> entry(String type, Map<String, Object> action, List<Integer> address) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("action", action);
        entry.put("subtraces", 0);
        entry.put("traceAddress", address);
        entry.put("type", type);
        return entry;
    }

    @Override
    public void frameExited(FrameExit frame) {
        Open frameOpen = open.removeLast();
        boolean speaks = frame.halt() == Halt.SUCCESS || frame.halt() == Halt.REVERT;
        if (frame.depth() == 0 && speaks && budget.take(2L * frame.outputLength())) {
            output = frame.output();
        }
        Map<String, Object> entry = frameOpen.entry;
        if (entry == null || budget.isSpent() || !budget.take(2L * frame.outputLength())) {
            return;
        }
        entry.put("subtraces", frameOpen.children);
        if (!frame.halt().isSuccess()) {
            entry.put("error", ParityWords.of(frame.halt()));
        }
        if (speaks) {
            Map<String, Object> result = new LinkedHashMap<>();
            if (frameOpen.isCreation && frame.halt().isSuccess()) {
                result.put("address", frameOpen.target.hex());
                result.put("code", Hex.data(frame.output()));
            } else {
                result.put("output", Hex.data(frame.output()));
            }
            result.put("gasUsed", Hex.quantity(frame.gasUsed()));
            entry.put("result", result);
        }
    }

    @Override
    public void selfDestructed(Address contract, Address heir, Word balance) {
        if (budget.take(bytes(open.size()))) {
            Map<String, Object> action = new LinkedHashMap<>();
            action.put("address", contract.hex());
            action.put("balance", Hex.quantity(balance));
            action.put("refundAddress", heir.hex());
            Map<String, Object> entry = entry("suicide", action, nextAddress());
            entry.put("result", null);
            entries.add(entry);
        }
    }

    /** The list as it is so far, whose entries the caller may add to; of use only if the {@link #result} is complete. */
    public List<Map<String, Object>> entries() {
        return Collections.unmodifiableList(entries);
    }

    /** {@code output} of the outermost frame and {@code trace}, the list. */
    public TraceResult result() {
        return budget.result(() -> {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("output", Hex.data(output));
            result.put("trace", entries);
            return result;
        });
    }
}
