package coco.evm.tracing;

import coco.evm.FrameEntry;
import coco.evm.FrameExit;
import coco.evm.Halt;
import coco.evm.Op;
import coco.evm.Step;
import coco.evm.TracedState;
import coco.evm.TracedTransaction;
import coco.evm.Tracer;
import coco.evm.types.Word;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The {@code vmTrace} of OpenEthereum's trace module: each frame's code and instructions, and for every instruction its
 * price and what it did: words pushed, memory and slot written, gas left, and the frame it entered as {@code sub}. What
 * an instruction did is seen at the one after it, so an entry is completed one step late; {@code ex} is null for an
 * instruction that failed.
 */
public final class VmTracer implements Tracer {
    /**
     * An instruction without words pushed and memory. Its JSON has 120 bytes, but its two objects take a kilobyte of
     * the heap, of which limits allow two or three times what they say.
     */
    private static final int STEP_BYTES = 400;

    private static final int WORD_BYTES = 69;

    private final Budget budget;
    private final Deque<Code> open = new ArrayDeque<>();
    private @Nullable TracedState state;
    private @Nullable Code outermost;

    /** A tracer for one transaction or one call. */
    public VmTracer(TraceLimits limits) {
        this.budget = new Budget(limits);
    }

    /** A frame's code and what it has done. */
    private static final class Code {
        final Map<String, Object> json = new LinkedHashMap<>();
        final List<Map<String, Object>> steps = new ArrayList<>();

        @Nullable
        Pending pending;

        Code(byte[] code) {
            json.put("code", Hex.data(code));
            json.put("ops", steps);
        }
    }

    /** An instruction whose effects are not seen yet; what is left after it if it is the last of its frame. */
    private record Pending(
            Map<String, Object> step,
            int pushes,
            long memoryOffset,
            long memoryLength,
            @Nullable Object store,
            long gasLeft) {}

    @Override
    public boolean wantsSteps() {
        return !budget.isSpent();
    }

    @Override
    public void transactionStarted(TracedTransaction transaction, TracedState initial) {
        state = initial;
    }

    @Override
    public void frameEntered(FrameEntry frame) {
        byte[] code = switch (frame.kind()) {
            case CREATE, CREATE2 -> frame.input();
            case CALL, CALLCODE, DELEGATECALL, STATICCALL -> code(frame);
        };
        Code entered = new Code(budget.take(STEP_BYTES + 2L * code.length) ? code : new byte[0]);
        Code caller = open.peekLast();
        if (caller == null) {
            outermost = entered;
        } else if (caller.pending != null) {
            caller.pending.step.put("sub", entered.json);
        }
        open.addLast(entered);
    }

    private byte[] code(FrameEntry frame) {
        TracedState now = state;
        return now == null || frame.isPrecompile() ? new byte[0] : now.code(frame.code());
    }

    @Override
    public void frameExited(FrameExit frame) {
        Code left = open.removeLast();
        Pending last = left.pending;
        if (last != null && (frame.halt() == Halt.SUCCESS || frame.halt() == Halt.REVERT)) {
            last.step.put("ex", effects(last, List.of(), null, last.gasLeft));
        }
        left.pending = null;
    }

    @Override
    public void step(Step step) {
        Code code = open.getLast();
        complete(code, step);
        int pushes = pushes(step.op());
        long bytes = STEP_BYTES + (long) WORD_BYTES * pushes;
        if (!budget.take(bytes)) {
            code.steps.clear();
            return;
        }
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("cost", step.cost());
        entry.put("ex", null);
        entry.put("pc", step.pc());
        entry.put("sub", null);
        code.steps.add(entry);
        if (step.failure() == null) {
            code.pending = pending(entry, step, pushes);
        }
    }

    private static Pending pending(Map<String, Object> entry, Step step, int pushes) {
        long offset = 0;
        long length = 0;
        Object store = null;
        switch (step.op()) {
            case Op.MSTORE, Op.MLOAD -> {
                offset = operand(step, 0);
                length = Word.SIZE;
            }
            case Op.MSTORE8 -> {
                offset = operand(step, 0);
                length = 1;
            }
            case Op.CALLDATACOPY, Op.CODECOPY, Op.RETURNDATACOPY, Op.MCOPY -> {
                offset = operand(step, 0);
                length = operand(step, 2);
            }
            case Op.EXTCODECOPY -> {
                offset = operand(step, 1);
                length = operand(step, 3);
            }
            case Op.CALL, Op.CALLCODE -> {
                offset = operand(step, 5);
                length = operand(step, 6);
            }
            case Op.DELEGATECALL, Op.STATICCALL -> {
                offset = operand(step, 4);
                length = operand(step, 5);
            }
            case Op.SSTORE -> {
                Map<String, Object> written = new LinkedHashMap<>();
                written.put("key", Hex.quantity(word(step, 0)));
                written.put("val", Hex.quantity(word(step, 1)));
                store = written;
            }
            default -> {}
        }
        return new Pending(entry, pushes, offset, length, store, step.gas() - step.cost());
    }

    private static Word word(Step step, int fromTop) {
        return step.stack(step.stackSize() - 1 - fromTop);
    }

    private static long operand(Step step, int fromTop) {
        return word(step, fromTop).toLongSaturated();
    }

    /** What the instruction before this one in the same frame did. */
    private void complete(Code code, Step next) {
        Pending last = code.pending;
        if (last == null) {
            return;
        }
        code.pending = null;
        List<String> pushed = new ArrayList<>();
        for (int i = Math.min(last.pushes, next.stackSize()); i > 0; i--) {
            pushed.add(Hex.quantity(next.stack(next.stackSize() - i)));
        }
        Map<String, Object> memory = null;
        boolean isWithin = last.memoryLength > 0
                && last.memoryLength <= next.memorySize()
                && last.memoryOffset <= next.memorySize() - last.memoryLength;
        if (isWithin && budget.take(2 * last.memoryLength)) {
            memory = new HashMap<>();
            memory.put("data", Hex.data(next.memory((int) last.memoryOffset, (int) last.memoryLength)));
            memory.put("off", last.memoryOffset);
        }
        last.step.put("ex", effects(last, pushed, memory, next.gas()));
    }

    private static Map<String, Object> effects(
            Pending done, List<String> pushed, @Nullable Map<String, Object> memory, long gasLeft) {
        Map<String, Object> effects = new LinkedHashMap<>();
        effects.put("mem", memory);
        effects.put("push", pushed);
        effects.put("store", done.store);
        effects.put("used", gasLeft);
        return effects;
    }

    /** How many words of the stack are shown after an instruction: for DUP and SWAP all that they reach to. */
    private static int pushes(int op) {
        if (op >= Op.DUP1 && op < Op.SWAP1) {
            return op - Op.DUP1 + 2;
        }
        if (op >= Op.SWAP1 && op < Op.LOG0) {
            return op - Op.SWAP1 + 2;
        }
        return switch (op) {
            case Op.STOP,
                    Op.POP,
                    Op.MSTORE,
                    Op.MSTORE8,
                    Op.SSTORE,
                    Op.TSTORE,
                    Op.JUMP,
                    Op.JUMPI,
                    Op.JUMPDEST,
                    Op.MCOPY,
                    Op.CALLDATACOPY,
                    Op.CODECOPY,
                    Op.EXTCODECOPY,
                    Op.RETURNDATACOPY,
                    Op.RETURN,
                    Op.REVERT,
                    Op.SELFDESTRUCT -> 0;
            default -> op >= Op.LOG0 && op <= Op.LOG0 + 4 ? 0 : 1;
        };
    }

    /** {@code vmTrace}: the outermost frame; null where no frame was entered. */
    public TraceResult result() {
        return budget.result(() -> {
            Map<String, Object> result = new HashMap<>();
            result.put("vmTrace", outermost == null ? null : outermost.json);
            return result;
        });
    }
}
