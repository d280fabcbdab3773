package coco.evm;

import coco.evm.types.Address;
import coco.evm.types.Word;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One instruction of a traced execution, between the moment its price is known and the moment it takes effect: stack,
 * memory, return data and storage are those it finds; warmth and refund include what its price did to them. One object
 * serves all steps, so keep values, not the step.
 */
public final class Step {
    /** SWAP16 and DUP16 reach furthest down. */
    private static final int REACH_LONGS = 17 * 4;

    private static final byte[] NOTHING = new byte[0];

    private final ForkRules rules;
    private final TracedState state;
    private Frame frame;
    private int pc;
    private int op;
    private long gas;
    private long cost;
    private @Nullable Halt failure;

    /** Longs on the stack, and those of them that the instruction may overwrite. */
    private int sp;

    private final long[] top = new long[REACH_LONGS];
    private int topFrom;

    private int memorySize;
    /** What the instruction overwrites of the memory. */
    private byte[] overwritten = NOTHING;

    private int overwrittenAt;

    private byte[] returnData = NOTHING;
    private int returnOffset;
    private int returnLength;

    Step(ForkRules rules, TracedState state, Frame outermost) {
        this.rules = rules;
        this.state = state;
        this.frame = outermost;
    }

    /** Remembers of the frame what the instruction it stands at will change. */
    void capture(Frame f, int opcode) {
        frame = f;
        pc = f.pc;
        op = opcode;
        gas = f.gas;
        failure = null;
        sp = f.sp;
        topFrom = Math.max(0, sp - REACH_LONGS);
        System.arraycopy(f.stack, topFrom, top, 0, sp - topFrom);
        returnData = f.returnData;
        returnOffset = f.returnOffset;
        returnLength = f.returnLength;
        memorySize = f.memorySize;
        captureMemory();
    }

    private void captureMemory() {
        overwritten = NOTHING;
        switch (op) {
            case Op.MSTORE -> captureMemory(0, 32);
            case Op.MSTORE8 -> captureMemory(0, 1);
            case Op.CALLDATACOPY, Op.CODECOPY, Op.RETURNDATACOPY, Op.MCOPY -> captureMemory(0, fromTop(2));
            case Op.EXTCODECOPY -> captureMemory(1, fromTop(3));
            default -> {}
        }
    }

    /** An operand as a number; the largest there is if it is too large or not there. */
    private long fromTop(int item) {
        int at = sp - 4 * (item + 1);
        return at < 0 ? Long.MAX_VALUE : Words.saturated(frame.stack, at);
    }

    private void captureMemory(int offsetItem, long length) {
        long from = Math.min(fromTop(offsetItem), memorySize);
        long to = Math.min(length, memorySize - from) + from;
        if (from < to) {
            overwrittenAt = (int) from;
            overwritten = Arrays.copyOfRange(frame.memory, (int) from, (int) to);
        }
    }

    void price(long price, @Nullable Halt why) {
        cost = price;
        failure = why;
    }

    long gasBefore() {
        return gas;
    }

    int sp() {
        return sp;
    }

    /** Where the instruction stands in the code. */
    public int pc() {
        return pc;
    }

    /** The opcode, 0 to 255. */
    public int op() {
        return op;
    }

    /** The opcode's name, or geth's words for one that no fork has. */
    public String opName() {
        return Opcodes.name(op);
    }

    /** What is left before the instruction. */
    public long gas() {
        return gas;
    }

    /**
     * What the instruction takes, the gas it hands to a call included, that for a creation not. Where the gas did not
     * suffice, what would have, as far as the machine found out.
     */
    public long cost() {
        return cost;
    }

    /** One for the outermost frame. */
    public int depth() {
        return frame.depth + 1;
    }

    /** Why the instruction cannot even begin: not enough gas, a stack too short or too full. Null if it begins. */
    public @Nullable Halt failure() {
        return failure;
    }

    /** {@link #failure} in geth's words; empty if there is none. */
    public String error() {
        return failure == null ? "" : Faults.text(rules, failure, op, sp);
    }

    /** How many words are on the stack. */
    public int stackSize() {
        return sp / 4;
    }

    /**
     * A word of the stack.
     *
     * @param index zero for the one at the bottom
     */
    public Word stack(int index) {
        int at = Math.multiplyExact(index, 4);
        if (index < 0 || at >= sp) {
            throw new IndexOutOfBoundsException("word %d of %d".formatted(index, stackSize()));
        }
        return at < topFrom ? Words.get(frame.stack, at) : Words.get(top, at - topFrom);
    }

    /** Length of the memory in bytes, a multiple of 32. */
    public int memorySize() {
        return memorySize;
    }

    /** A fresh copy of the memory. */
    public byte[] memory() {
        return memory(0, memorySize);
    }

    /** A fresh copy of so many bytes of the memory from an offset on, all of them within its size. */
    public byte[] memory(int offset, int length) {
        Objects.checkFromIndexSize(offset, length, memorySize);
        byte[] copy = Arrays.copyOfRange(frame.memory, offset, offset + length);
        int from = Math.max(offset, overwrittenAt);
        int to = Math.min(offset + length, overwrittenAt + overwritten.length);
        if (from < to) {
            System.arraycopy(overwritten, from - overwrittenAt, copy, from - offset, to - from);
        }
        return copy;
    }

    /** Length of the return data in bytes. */
    public int returnDataLength() {
        return returnLength;
    }

    /** A fresh copy of what the last call returned. */
    public byte[] returnData() {
        return Arrays.copyOfRange(returnData, returnOffset, returnOffset + returnLength);
    }

    /** The account whose storage the frame has. */
    public Address contract() {
        return frame.self().address();
    }

    /** The state as the instruction finds it. */
    public TracedState state() {
        return state;
    }
}
