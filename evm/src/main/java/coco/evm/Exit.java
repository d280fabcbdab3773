package coco.evm;

/**
 * How {@code Interpreter.run} comes back, as numbers: what a frame returns for every instruction must cost nothing.
 *
 * <p>An instruction that fails after its fixed price was paid says so by the gas it leaves: {@link #failure} is far
 * below zero, so that the test for negative gas before the next instruction finds it, and still tells the reason.
 */
final class Exit {
    static final int OUT_OF_GAS = 0;
    static final int SUCCESS = 1;
    static final int REVERT = 2;
    /** Not an end: the next frame is ready to run. */
    static final int ENTER = 3;

    static final int INVALID_OPCODE = 4;
    static final int STACK_UNDERFLOW = 5;
    static final int STACK_OVERFLOW = 6;
    static final int INVALID_JUMP = 7;
    static final int WRITE_PROTECTION = 8;
    static final int RETURN_DATA_OUT_OF_BOUNDS = 9;
    static final int CODE_TOO_LONG = 10;
    static final int CODE_BEGINS_WITH_EF = 11;
    static final int CODE_DEPOSIT_OUT_OF_GAS = 12;
    static final int INIT_CODE_TOO_LONG = 13;
    static final int CANCELLED = 14;
    static final int ACCESS_DENIED = 15;

    private static final Halt[] HALTS = {
        Halt.OUT_OF_GAS,
        Halt.SUCCESS,
        Halt.REVERT,
        Halt.SUCCESS,
        Halt.INVALID_OPCODE,
        Halt.STACK_UNDERFLOW,
        Halt.STACK_OVERFLOW,
        Halt.INVALID_JUMP,
        Halt.WRITE_PROTECTION,
        Halt.RETURN_DATA_OUT_OF_BOUNDS,
        Halt.CODE_TOO_LONG,
        Halt.CODE_BEGINS_WITH_EF,
        Halt.CODE_DEPOSIT_OUT_OF_GAS,
        Halt.INIT_CODE_TOO_LONG,
        Halt.CANCELLED,
        Halt.ACCESS_DENIED
    };

    private static final int REASON_SHIFT = 48;
    /** More than any price, less than a reason: tells a failure from a price that was too high. */
    private static final long FAILURE = 1L << 47;

    private Exit() {}

    /** The gas an instruction leaves that failed for this reason. */
    static long failure(int reason) {
        return -FAILURE - ((long) reason << REASON_SHIFT);
    }

    /** Why the gas is negative: a price that was too high, or {@link #failure} less the price of one instruction. */
    static int reason(long negativeGas) {
        return (int) (-negativeGas >>> REASON_SHIFT);
    }

    /** Whether the negative gas is what was missing to a price, and not a {@link #failure}. */
    static boolean isPrice(long negativeGas) {
        return -negativeGas < FAILURE;
    }

    static Halt halt(int exit) {
        return HALTS[exit];
    }
}
