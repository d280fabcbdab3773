package coco.evm.code;

import coco.crypto.Keccak256;
import coco.evm.types.Address;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Code that was padded and scanned for jump destinations. Immutable: nobody may write to its arrays. */
public final class CodeInfo {
    /** Zero bytes behind the code: the argument of a PUSH32 in the last byte, and the STOP after it. */
    public static final int PADDING = 33;

    /** Keccak-256 of no bytes, the code hash of an account without code. Not to be written to. */
    public static final byte[] EMPTY_HASH =
            HexFormat.of().parseHex("c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");

    /** No code at all. */
    public static final CodeInfo EMPTY = new CodeInfo(new byte[0], EMPTY_HASH);

    private static final int JUMPDEST = 0x5B;
    private static final int PUSH1 = 0x60;
    private static final int PUSH32 = 0x7F;
    private static final int DELEGATION_LENGTH = 23;

    private final byte[] padded;
    private final int length;
    private final long[] jumpDestinations;
    private final byte[] hash;
    private final @Nullable Address delegate;

    private CodeInfo(byte[] code, byte[] hash) {
        this.padded = Arrays.copyOf(code, code.length + PADDING);
        this.length = code.length;
        this.jumpDestinations = scan(padded, length);
        this.hash = hash;
        this.delegate = delegateOf(code);
    }

    /** Analyses code whose hash the caller knows to be {@code hash32}. */
    public static CodeInfo of(byte[] code, byte[] hash32) {
        return code.length == 0 ? EMPTY : new CodeInfo(code, hash32);
    }

    /** Analyses code and hashes it. */
    public static CodeInfo of(byte[] code) {
        return code.length == 0 ? EMPTY : new CodeInfo(code, Keccak256.hash(code));
    }

    /** Analyses code that runs once and is never looked up by hash: {@link #hash} is that of empty code. */
    public static CodeInfo ofInitCode(byte[] code) {
        return code.length == 0 ? EMPTY : new CodeInfo(code, EMPTY_HASH);
    }

    /** The designator of EIP-7702 that lets an account run the code of {@code delegate}. */
    public static byte[] delegationTo(Address delegate) {
        byte[] designator = new byte[DELEGATION_LENGTH];
        designator[0] = (byte) 0xEF;
        designator[1] = 0x01;
        delegate.writeTo(designator, 3);
        return designator;
    }

    private static @Nullable Address delegateOf(byte[] code) {
        boolean designator =
                code.length == DELEGATION_LENGTH && code[0] == (byte) 0xEF && code[1] == 0x01 && code[2] == 0x00;
        return designator ? Address.of(code, 3) : null;
    }

    private static long[] scan(byte[] padded, int length) {
        long[] bits = new long[(length >>> 6) + 1];
        for (int i = 0; i < length; i++) {
            int op = padded[i] & 0xFF;
            if (op == JUMPDEST) {
                bits[i >>> 6] |= 1L << i;
            } else if (op >= PUSH1 && op <= PUSH32) {
                i += op - PUSH1 + 1;
            }
        }
        return bits;
    }

    /** The code behind its padding. */
    public byte[] padded() {
        return padded;
    }

    /** How many bytes the code has, without the padding. */
    public int length() {
        return length;
    }

    public boolean isEmpty() {
        return length == 0;
    }

    /** A fresh copy of the code without the padding. */
    public byte[] bytes() {
        return Arrays.copyOf(padded, length);
    }

    /** Keccak-256 of the code; not to be written to. */
    public byte[] hash() {
        return hash;
    }

    /** Whose code to run instead (EIP-7702), if this code is a delegation designator. */
    public @Nullable Address delegate() {
        return delegate;
    }

    /** One bit for each byte of the code, set where a JUMPDEST is that is not the argument of a PUSH. */
    public long[] jumpDestinations() {
        return jumpDestinations;
    }

    /** Whether a JUMP may go to {@code position}; any non-negative number may be asked for. */
    public boolean isJumpDestination(int position) {
        return position < length && (jumpDestinations[position >>> 6] >>> position & 1) != 0;
    }

    /** What it holds of the heap, in bytes, roughly. */
    int weightBytes() {
        return padded.length + jumpDestinations.length * 8 + 160;
    }
}
