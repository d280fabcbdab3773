package coco.evm;

import coco.evm.code.CodeInfo;
import coco.evm.state.JournaledAccount;
import coco.evm.types.Address;
import coco.evm.types.Word;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One level of the call stack, used again by every call at its depth. The stack is never cleared, only its pointer; the
 * memory is cleared as far as it was used. {@code pc}, {@code sp} and {@code gas} hold only while the frame does not
 * run: the interpreter keeps them in local variables.
 *
 * <p>Input and return data are views: the input of a frame lies in its parent's memory, which cannot change before the
 * frame has ended; the return data of a call lies in the child's memory, which stays as it is until the next call.
 */
final class Frame {
    static final int STACK_WORDS = 1024;
    /** Where the stack ends and the scratch area of {@link Division} and {@link Words#exp} begins. */
    static final int SCRATCH = STACK_WORDS * 4;

    private static final byte[] NOTHING = new byte[0];
    private static final int INITIAL_MEMORY_BYTES = 4096;
    /** A frame that needed more gives it back when the execution is over. */
    private static final int KEPT_MEMORY_BYTES = 1 << 20;
    /** What a Java array can hold, rounded down to words. Its gas would be above 8 * 10^12. */
    private static final long MEMORY_BYTES_MAX = (1L << 31) - 64;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();

    final int depth;
    final long[] stack = new long[SCRATCH + Division.SCRATCH_LIMBS];

    byte[] memory = NOTHING;
    /** A multiple of 32. */
    int memorySize;

    CodeInfo code = CodeInfo.EMPTY;
    int pc;
    int sp;
    long gas;

    /** Whose storage this is. */
    @Nullable
    JournaledAccount self;

    Address caller = Address.ZERO;
    Word value = Word.ZERO;
    boolean isStatic;
    boolean isCreate;
    /** Where the undo log stood before anything happened in this frame. */
    int mark;

    byte[] input = NOTHING;
    int inputOffset;
    int inputLength;

    /** What RETURN or REVERT pointed at. */
    int outputOffset;

    int outputLength;

    byte[] returnData = NOTHING;
    int returnOffset;
    int returnLength;

    /** Where the output of the call in progress goes. */
    int resultOffset;

    int resultLength;

    Frame(int depth) {
        this.depth = depth;
    }

    /** The account whose storage this is; there is one in every frame that runs. */
    JournaledAccount self() {
        JournaledAccount account = self;
        if (account == null) {
            throw new IllegalStateException("a frame runs without an account");
        }
        return account;
    }

    void start(CodeInfo toRun, JournaledAccount account, long gasLimit) {
        if (memorySize != 0) {
            Arrays.fill(memory, 0, memorySize, (byte) 0);
            memorySize = 0;
        }
        code = toRun;
        self = account;
        gas = gasLimit;
        pc = 0;
        sp = 0;
        outputOffset = 0;
        outputLength = 0;
        clearReturnData();
    }

    void setInput(byte[] bytes, int offset, int length) {
        input = bytes;
        inputOffset = offset;
        inputLength = length;
    }

    void clearReturnData() {
        returnData = NOTHING;
        returnOffset = 0;
        returnLength = 0;
    }

    void setReturnData(byte[] bytes, int offset, int length) {
        returnData = bytes;
        returnOffset = offset;
        returnLength = length;
    }

    byte[] output() {
        return Arrays.copyOfRange(memory, outputOffset, outputOffset + outputLength);
    }

    /** Lets go of whatever the execution held. */
    void release() {
        self = null;
        code = CodeInfo.EMPTY;
        input = NOTHING;
        clearReturnData();
        if (memory.length > KEPT_MEMORY_BYTES) {
            memory = NOTHING;
            memorySize = 0;
        }
    }

    // ---- memory ----

    /**
     * Makes the {@code length} (not zero) bytes from the word on the stack at {@code offsetAt} exist.
     *
     * @return the gas left, negative if there was not enough
     */
    long reserve(long[] s, int offsetAt, int length, long gasLeft) {
        long offset = s[offsetAt];
        if ((s[offsetAt + 1] | s[offsetAt + 2] | s[offsetAt + 3]) == 0
                && offset >= 0
                && offset <= (long) memorySize - length) {
            return gasLeft;
        }
        return expand(s, offsetAt, length, gasLeft);
    }

    /** Whether the 32 bytes from the word on the stack exist, so that {@link #load} and {@link #store} need no more. */
    boolean holdsWord(long[] s, int offsetAt) {
        long offset = s[offsetAt];
        return (s[offsetAt + 3] | s[offsetAt + 1] | s[offsetAt + 2]) == 0
                && offset >= 0
                && offset <= (long) memorySize - Word.SIZE;
    }

    /** Makes them exist, as {@link #reserve}. */
    long expand(long[] s, int offsetAt, int length, long gasLeft) {
        return expand(Words.saturated(s, offsetAt), length, gasLeft);
    }

    /** The same for a length on the stack, which may be zero: then the offset means nothing. */
    long reserveRange(long[] s, int offsetAt, int lengthAt, long gasLeft) {
        if (Words.isZero(s, lengthAt)) {
            return gasLeft;
        }
        return expand(Words.saturated(s, offsetAt), Words.saturated(s, lengthAt), gasLeft);
    }

    private long expand(long offset, long length, long gasLeft) {
        if (offset > MEMORY_BYTES_MAX || length > MEMORY_BYTES_MAX - offset) {
            return Exit.failure(Exit.OUT_OF_GAS);
        }
        long end = offset + length;
        if (end <= memorySize) {
            return gasLeft;
        }
        long words = (end + 31) >>> 5;
        long left = gasLeft - (memoryGas(words) - memoryGas(memorySize >>> 5));
        if (left < 0) {
            return left;
        }
        grow((int) (words << 5));
        return left;
    }

    private static long memoryGas(long words) {
        return 3 * words + ((words * words) >>> 9);
    }

    private void grow(int size) {
        if (size > memory.length) {
            int doubled = (int) Math.min(MEMORY_BYTES_MAX, Math.max(INITIAL_MEMORY_BYTES, 2L * memory.length));
            memory = Arrays.copyOf(memory, Math.max(size, doubled));
        }
        memorySize = size;
    }

    /** Replaces the offset on the stack by the word in memory, which exists. */
    void load(long[] s, int i) {
        int at = (int) s[i];
        byte[] from = memory;
        s[i] = (long) LONGS.get(from, at + 24);
        s[i + 1] = (long) LONGS.get(from, at + 16);
        s[i + 2] = (long) LONGS.get(from, at + 8);
        s[i + 3] = (long) LONGS.get(from, at);
    }

    /** Writes the word on the stack to where the offset above it says; the memory exists. */
    void store(long[] s, int offsetAt, int i) {
        int at = (int) s[offsetAt];
        byte[] to = memory;
        LONGS.set(to, at, s[i + 3]);
        LONGS.set(to, at + 8, s[i + 2]);
        LONGS.set(to, at + 16, s[i + 1]);
        LONGS.set(to, at + 24, s[i]);
    }
}
