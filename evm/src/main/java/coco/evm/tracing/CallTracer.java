package coco.evm.tracing;

import coco.evm.CallKind;
import coco.evm.FrameEntry;
import coco.evm.FrameExit;
import coco.evm.Halt;
import coco.evm.TracedState;
import coco.evm.TracedTransaction;
import coco.evm.Tracer;
import coco.evm.types.Address;
import coco.evm.types.Log;
import coco.evm.types.Word;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Geth's {@code callTracer}: the tree of calls and creations, with what went in and what came out. */
public final class CallTracer implements Tracer {
    /** JSON of a call without what has a length of its own. */
    private static final int CALL_BYTES = 260;

    private static final int LOG_BYTES = 140;
    private static final int TOPIC_BYTES = 69;

    private final CallTracerOptions options;
    private final Budget budget;
    private final Deque<Call> open = new ArrayDeque<>();
    private @Nullable Call outermost;
    /** How many logs there were when each open frame began, by depth. */
    private int[] logsAtEntry = new int[16];

    private int logs;
    private long gasLimit = -1;
    private int depth;

    /** A tracer for one transaction that is the first of its block, or for one call. */
    public CallTracer(CallTracerOptions options, TraceLimits limits) {
        this(options, limits, 0);
    }

    /**
     * A tracer for one transaction.
     *
     * @param logsBefore how many logs the transactions before it in its block have
     */
    public CallTracer(CallTracerOptions options, TraceLimits limits, int logsBefore) {
        this.options = options;
        this.budget = new Budget(limits);
        this.logs = logsBefore;
    }

    private static final class Call {
        final String type;
        final Address from;
        final @Nullable Word value;
        final long gas;
        final byte[] input;
        final List<Call> calls = new ArrayList<>();
        final List<Map<String, Object>> logs = new ArrayList<>();

        @Nullable
        Address to;

        long gasUsed;
        byte[] output = new byte[0];
        String error = "";

        @Nullable
        String revertReason;

        Call(String type, Address from, Address to, @Nullable Word value, long gas, byte[] input) {
            this.type = type;
            this.from = from;
            this.to = to;
            this.value = value;
            this.gas = gas;
            this.input = input;
        }
    }

    @Override
    public boolean wantsSteps() {
        return false;
    }

    @Override
    public void transactionStarted(TracedTransaction transaction, TracedState state) {
        gasLimit = transaction.gasLimit();
    }

    @Override
    public void frameEntered(FrameEntry frame) {
        depth = frame.depth();
        if (depth == logsAtEntry.length) {
            logsAtEntry = Arrays.copyOf(logsAtEntry, depth * 2);
        }
        logsAtEntry[depth] = logs;
        if ((options.onlyTopCall() && depth > 0) || !budget.take(CALL_BYTES + 2L * frame.inputLength())) {
            return;
        }
        begin(new Call(
                frame.kind().name(),
                frame.caller(),
                frame.target(),
                frame.kind() == CallKind.STATICCALL ? null : frame.value(),
                depth == 0 && gasLimit != -1 ? gasLimit : frame.gas(),
                frame.input()));
    }

    private void begin(Call call) {
        if (outermost == null) {
            outermost = call;
        } else {
            open.getLast().calls.add(call);
        }
        open.addLast(call);
    }

    @Override
    public void frameExited(FrameExit frame) {
        depth = frame.depth() - 1;
        if (!frame.halt().isSuccess()) {
            logs = logsAtEntry[frame.depth()];
        }
        boolean isKept = !options.onlyTopCall() || frame.depth() == 0;
        if (!isKept || budget.isSpent() || !budget.take(2L * frame.outputLength())) {
            return;
        }
        Call call = open.removeLast();
        call.gasUsed = frame.gasUsed();
        if (frame.halt() == Halt.SUCCESS) {
            call.output = frame.output();
            return;
        }
        call.error = frame.error();
        if (call.type.startsWith(CallKind.CREATE.name())) {
            call.to = null;
        }
        if (frame.halt() == Halt.REVERT) {
            call.output = frame.output();
            call.revertReason = RevertReason.of(call.output);
        }
    }

    @Override
    public void logWritten(Log log) {
        int index = logs++;
        if (!options.withLog() || (options.onlyTopCall() && depth > 0)) {
            return;
        }
        long bytes = LOG_BYTES + (long) TOPIC_BYTES * log.topics().size() + 2L * log.data().length;
        if (budget.take(bytes)) {
            Call call = open.getLast();
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("address", log.address().hex());
            entry.put("topics", log.topics().stream().map(Hex::data).toList());
            entry.put("data", Hex.data(log.data()));
            entry.put("index", Hex.quantity(index));
            entry.put("position", Hex.quantity(call.calls.size()));
            call.logs.add(entry);
        }
    }

    @Override
    public void selfDestructed(Address contract, Address heir, Word balance) {
        if (!options.onlyTopCall() && budget.take(CALL_BYTES)) {
            open.getLast().calls.add(new Call("SELFDESTRUCT", contract, heir, balance, 0, new byte[0]));
        }
    }

    @Override
    public void transactionEnded(Halt halt, long gasUsed) {
        if (outermost != null) {
            outermost.gasUsed = gasUsed;
        }
    }

    /** The outermost call; its {@code calls} hold those in it. */
    public TraceResult result() {
        return budget.result(() -> {
            Call root = outermost;
            return root == null ? Map.of() : tree(root);
        });
    }

    private static Map<String, Object> tree(Call root) {
        Map<String, Object> result = new LinkedHashMap<>();
        // Logs of what is taken back never were, and those of the calls in it go with them.
        record Pending(Call call, Map<String, Object> into, boolean isTakenBack) {}
        Deque<Pending> left = new ArrayDeque<>(List.of(new Pending(root, result, false)));
        while (!left.isEmpty()) {
            Pending next = left.removeLast();
            boolean isTakenBack = next.isTakenBack || !next.call.error.isEmpty();
            List<Map<String, Object>> calls = new ArrayList<>(next.call.calls.size());
            for (Call inner : next.call.calls) {
                Map<String, Object> entry = new LinkedHashMap<>();
                calls.add(entry);
                left.addLast(new Pending(inner, entry, isTakenBack));
            }
            fill(next.into, next.call, calls, isTakenBack ? List.of() : next.call.logs);
        }
        return result;
    }

    private static void fill(
            Map<String, Object> entry, Call call, List<Map<String, Object>> calls, List<Map<String, Object>> logs) {
        Address to = call.to;
        entry.put("from", call.from.hex());
        entry.put("gas", Hex.quantity(call.gas));
        entry.put("gasUsed", Hex.quantity(call.gasUsed));
        if (to != null) {
            entry.put("to", to.hex());
        }
        entry.put("input", Hex.data(call.input));
        if (call.output.length > 0) {
            entry.put("output", Hex.data(call.output));
        }
        if (!call.error.isEmpty()) {
            entry.put("error", call.error);
        }
        if (call.revertReason != null && !call.revertReason.isEmpty()) {
            entry.put("revertReason", call.revertReason);
        }
        if (!calls.isEmpty()) {
            entry.put("calls", calls);
        }
        if (!logs.isEmpty()) {
            entry.put("logs", logs);
        }
        if (call.value != null) {
            entry.put("value", Hex.quantity(call.value));
        }
        entry.put("type", call.type);
    }
}
