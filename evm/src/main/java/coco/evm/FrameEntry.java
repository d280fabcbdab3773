package coco.evm;

import coco.evm.types.Address;
import coco.evm.types.Word;
import java.util.Arrays;

/**
 * A frame that is entered, as a {@link Tracer} sees it. The input stays where it is until somebody asks for a copy:
 * calls with a megabyte of input cost no more gas than others.
 */
public final class FrameEntry {
    private final CallKind kind;
    private final int depth;
    private final Address caller;
    private final Address target;
    private final Address callee;
    private final Address code;
    private final boolean isPrecompile;
    private final Word value;
    private final long gas;
    private final byte[] input;
    private final int inputOffset;
    private final int inputLength;

    FrameEntry(
            CallKind kind,
            int depth,
            Address caller,
            Address target,
            Address callee,
            Address code,
            boolean isPrecompile,
            Word value,
            long gas,
            byte[] input,
            int inputOffset,
            int inputLength) {
        this.kind = kind;
        this.depth = depth;
        this.caller = caller;
        this.target = target;
        this.callee = callee;
        this.code = code;
        this.isPrecompile = isPrecompile;
        this.value = value;
        this.gas = gas;
        this.input = input;
        this.inputOffset = inputOffset;
        this.inputLength = inputLength;
    }

    public CallKind kind() {
        return kind;
    }

    /** Zero for the outermost frame. */
    public int depth() {
        return depth;
    }

    /** The account whose frame makes the call, also for DELEGATECALL. */
    public Address caller() {
        return caller;
    }

    /** The account that the call names, or the contract to be created. */
    public Address target() {
        return target;
    }

    /** The account whose storage the frame has: the caller's for DELEGATECALL and CALLCODE, otherwise the target. */
    public Address callee() {
        return callee;
    }

    /** The account whose code runs: not the target where that delegates (EIP-7702). */
    public Address code() {
        return code;
    }

    /** Whether the target is a precompiled contract. */
    public boolean isPrecompile() {
        return isPrecompile;
    }

    /** In wei; for DELEGATECALL what the caller's own frame was given, and zero for STATICCALL. */
    public Word value() {
        return value;
    }

    /** What the frame may use, with the stipend. */
    public long gas() {
        return gas;
    }

    /** Length of input or init code in bytes. */
    public int inputLength() {
        return inputLength;
    }

    /** A fresh copy of input or init code. */
    public byte[] input() {
        return Arrays.copyOfRange(input, inputOffset, inputOffset + inputLength);
    }

    /** The first four bytes of the input as a big-endian number, filled with zeros where there are fewer. */
    public int selector() {
        return Calls.selector(input, inputOffset, inputLength);
    }
}
