package coco.evm.tracing;

import coco.evm.FrameExit;
import coco.evm.Halt;
import coco.evm.Op;
import coco.evm.Step;
import coco.evm.Tracer;
import coco.evm.types.Address;
import coco.evm.types.Word;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Geth's default tracer, the struct or opcode logger: every instruction with what it finds. */
public final class StructLogTracer implements Tracer {
    /** JSON of an instruction without what has a length of its own. */
    private static final int ENTRY_BYTES = 110;

    private static final int STACK_WORD_BYTES = 69;
    private static final int SLOT_BYTES = 136;

    private final StructLogOptions options;
    private final Budget budget;
    private final List<Map<String, Object>> entries = new ArrayList<>();
    private final @Nullable Consumer<Map<String, Object>> sink;
    private int told;
    private final Map<Address, TreeMap<Word, Word>> storage = new HashMap<>();
    private Halt halt = Halt.SUCCESS;
    private byte[] output = new byte[0];
    private long gasUsed;

    /** A tracer for one transaction. */
    public StructLogTracer(StructLogOptions options, TraceLimits limits) {
        this.options = options;
        this.budget = new Budget(limits);
        this.sink = null;
    }

    /**
     * A tracer for one transaction that keeps no instruction: its result lacks {@code structLogs}.
     *
     * @param sink takes each instruction at once, and bounds them itself
     */
    public StructLogTracer(StructLogOptions options, Consumer<Map<String, Object>> sink) {
        this.options = options;
        this.budget = new Budget(new TraceLimits(Integer.MAX_VALUE, Long.MAX_VALUE));
        this.sink = sink;
    }

    @Override
    public boolean wantsSteps() {
        return !budget.isSpent() && (options.limit() == 0 || told < options.limit());
    }

    @Override
    public void step(Step step) {
        Map<Word, Word> slots = options.disableStorage() ? Map.of() : slots(step);
        long bytes = ENTRY_BYTES + (long) SLOT_BYTES * slots.size();
        bytes += options.disableStack() ? 0 : (long) STACK_WORD_BYTES * step.stackSize();
        bytes += options.enableMemory() ? step.memorySize() / 32 * (long) STACK_WORD_BYTES : 0;
        bytes += options.enableReturnData() ? 2L * step.returnDataLength() : 0;
        if (!budget.take(bytes)) {
            entries.clear();
            return;
        }
        told++;
        Map<String, Object> entry = entry(step, slots);
        if (sink == null) {
            entries.add(entry);
        } else {
            sink.accept(entry);
        }
    }

    private Map<String, Object> entry(Step step, Map<Word, Word> slots) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("pc", step.pc());
        entry.put("op", step.opName());
        entry.put("gas", step.gas());
        entry.put("gasCost", step.cost());
        entry.put("depth", step.depth());
        if (step.failure() != null) {
            entry.put("error", step.error());
        }
        if (!options.disableStack()) {
            entry.put("stack", stack(step));
        }
        if (options.enableReturnData() && step.returnDataLength() > 0) {
            entry.put("returnData", Hex.data(step.returnData()));
        }
        if (options.enableMemory() && step.memorySize() > 0) {
            entry.put("memory", words(step.memory()));
        }
        if (!slots.isEmpty()) {
            Map<String, Object> shown = new LinkedHashMap<>();
            slots.forEach((key, value) -> shown.put(Hex.word(key), Hex.word(value)));
            entry.put("storage", shown);
        }
        long refund = step.state().refund();
        if (refund != 0) {
            entry.put("refund", refund);
        }
        return entry;
    }

    /** What the contract read or wrote so far, this instruction included; nothing for other instructions. */
    private Map<Word, Word> slots(Step step) {
        int size = step.stackSize();
        boolean reads = step.op() == Op.SLOAD && size >= 1;
        if (!reads && (step.op() != Op.SSTORE || size < 2)) {
            return Map.of();
        }
        Word key = step.stack(size - 1);
        Word value = reads ? step.state().storage(step.contract(), key) : step.stack(size - 2);
        TreeMap<Word, Word> known = storage.computeIfAbsent(step.contract(), _ -> new TreeMap<>());
        known.put(key, value);
        return known;
    }

    static List<String> stack(Step step) {
        List<String> words = new ArrayList<>(step.stackSize());
        for (int i = 0; i < step.stackSize(); i++) {
            words.add(Hex.quantity(step.stack(i)));
        }
        return words;
    }

    private static List<String> words(byte[] memory) {
        List<String> words = new ArrayList<>(memory.length / Word.SIZE);
        for (int at = 0; at < memory.length; at += Word.SIZE) {
            words.add(Hex.data(memory, at, at + Word.SIZE));
        }
        return words;
    }

    @Override
    public void frameExited(FrameExit frame) {
        if (frame.depth() == 0) {
            halt = frame.halt();
            output = halt == Halt.SUCCESS || halt == Halt.REVERT ? frame.output() : output;
            gasUsed = frame.gasUsed();
        }
    }

    @Override
    public void transactionEnded(Halt ended, long used) {
        gasUsed = used;
    }

    /** {@code gas}, {@code failed}, {@code returnValue}, and {@code structLogs} unless somebody takes them. */
    public TraceResult result() {
        return budget.result(() -> {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("gas", gasUsed);
            result.put("failed", !halt.isSuccess());
            result.put("returnValue", Hex.data(output));
            if (sink == null) {
                result.put("structLogs", entries);
            }
            return result;
        });
    }
}
