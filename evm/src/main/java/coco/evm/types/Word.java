package coco.evm.types;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * An unsigned 256-bit number: balances, storage keys and values, fees. Four limbs of 64 bits, limb 0 the least
 * significant. Arithmetic here is what amounts of money need; the interpreter computes on its flat stack instead.
 */
public final class Word implements Comparable<Word> {
    /** The length of a word in bytes. */
    public static final int SIZE = 32;

    public static final Word ZERO = new Word(0, 0, 0, 0);
    public static final Word ONE = new Word(0, 0, 0, 1);
    /** 2^256 - 1. */
    public static final Word MAX = new Word(-1, -1, -1, -1);

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();

    private final long l3;
    private final long l2;
    private final long l1;
    private final long l0;

    private Word(long l3, long l2, long l1, long l0) {
        this.l3 = l3;
        this.l2 = l2;
        this.l1 = l1;
        this.l0 = l0;
    }

    /** The word of four limbs, the most significant first. */
    public static Word of(long l3, long l2, long l1, long l0) {
        return (l3 | l2 | l1 | l0) == 0 ? ZERO : new Word(l3, l2, l1, l0);
    }

    /** The word of an unsigned 64-bit value. */
    public static Word of(long unsigned) {
        return of(0, 0, 0, unsigned);
    }

    /** The word in the 32 bytes from {@code offset}. */
    public static Word ofBytes32(byte[] bytes, int offset) {
        return of(
                (long) LONGS.get(bytes, offset),
                (long) LONGS.get(bytes, offset + 8),
                (long) LONGS.get(bytes, offset + 16),
                (long) LONGS.get(bytes, offset + 24));
    }

    /**
     * The word in up to 32 big-endian bytes.
     *
     * @throws IllegalArgumentException if there are more than 32
     */
    public static Word ofBytes(byte[] bytes) {
        if (bytes.length > SIZE) {
            throw new IllegalArgumentException("a word has at most 32 bytes, not " + bytes.length);
        }
        if (bytes.length == SIZE) {
            return ofBytes32(bytes, 0);
        }
        byte[] padded = new byte[SIZE];
        System.arraycopy(bytes, 0, padded, SIZE - bytes.length, bytes.length);
        return ofBytes32(padded, 0);
    }

    /**
     * The word of a non-negative number below 2^256.
     *
     * @throws IllegalArgumentException if it is negative or too large
     */
    public static Word of(BigInteger value) {
        if (value.signum() < 0 || value.bitLength() > 256) {
            throw new IllegalArgumentException("not an unsigned 256-bit number: " + value);
        }
        return of(
                value.shiftRight(192).longValue(),
                value.shiftRight(128).longValue(),
                value.shiftRight(64).longValue(),
                value.longValue());
    }

    /**
     * Reads up to 64 hexadecimal digits, with or without {@code 0x}.
     *
     * @throws IllegalArgumentException if that is not what stands there
     */
    public static Word fromHex(String hex) {
        String digits = hex.startsWith("0x") ? hex.substring(2) : hex;
        return ofBytes(HexFormat.of().parseHex((digits.length() & 1) == 0 ? digits : "0" + digits));
    }

    /** The word whose last 20 bytes are an address. */
    public static Word of(Address address) {
        return of(0, address.high() & 0xFFFF_FFFFL, address.middle(), address.low());
    }

    /** The address in the last 20 bytes. */
    public Address toAddress() {
        return Address.of((int) l2, l1, l0);
    }

    /** The most significant limb. */
    public long l3() {
        return l3;
    }

    public long l2() {
        return l2;
    }

    public long l1() {
        return l1;
    }

    /** The least significant limb. */
    public long l0() {
        return l0;
    }

    public boolean isZero() {
        return (l3 | l2 | l1 | l0) == 0;
    }

    /** Whether the value is at most {@code Long.MAX_VALUE}. */
    public boolean fitsLong() {
        return (l3 | l2 | l1) == 0 && l0 >= 0;
    }

    /** The value, or {@code Long.MAX_VALUE} where it is larger. */
    public long toLongSaturated() {
        return fitsLong() ? l0 : Long.MAX_VALUE;
    }

    /** Number of bits up to the highest one set; 0 for zero. */
    public int bitLength() {
        if (l3 != 0) {
            return 256 - Long.numberOfLeadingZeros(l3);
        }
        if (l2 != 0) {
            return 192 - Long.numberOfLeadingZeros(l2);
        }
        return l1 != 0 ? 128 - Long.numberOfLeadingZeros(l1) : 64 - Long.numberOfLeadingZeros(l0);
    }

    /** The sum modulo 2^256. */
    public Word plus(Word other) {
        long r0 = l0 + other.l0;
        long carry = Long.compareUnsigned(r0, l0) < 0 ? 1 : 0;
        long r1 = l1 + other.l1 + carry;
        carry = carryOut(l1, other.l1, r1);
        long r2 = l2 + other.l2 + carry;
        carry = carryOut(l2, other.l2, r2);
        return of(l3 + other.l3 + carry, r2, r1, r0);
    }

    /** The difference modulo 2^256. */
    public Word minus(Word other) {
        long r0 = l0 - other.l0;
        long borrow = Long.compareUnsigned(l0, other.l0) < 0 ? 1 : 0;
        long r1 = l1 - other.l1 - borrow;
        borrow = borrowOut(l1, other.l1, r1);
        long r2 = l2 - other.l2 - borrow;
        borrow = borrowOut(l2, other.l2, r2);
        return of(l3 - other.l3 - borrow, r2, r1, r0);
    }

    /** The product with an unsigned 64-bit factor, modulo 2^256. */
    public Word times(long factor) {
        long r0 = l0 * factor;
        long h0 = Math.unsignedMultiplyHigh(l0, factor);
        long p1 = l1 * factor;
        long r1 = p1 + h0;
        long h1 = Math.unsignedMultiplyHigh(l1, factor) + (Long.compareUnsigned(r1, p1) < 0 ? 1 : 0);
        long p2 = l2 * factor;
        long r2 = p2 + h1;
        long h2 = Math.unsignedMultiplyHigh(l2, factor) + (Long.compareUnsigned(r2, p2) < 0 ? 1 : 0);
        return of(l3 * factor + h2, r2, r1, r0);
    }

    private static long carryOut(long x, long y, long sum) {
        return ((x & y) | ((x | y) & ~sum)) >>> 63;
    }

    private static long borrowOut(long x, long y, long difference) {
        return ((~x & y) | ((~x | y) & difference)) >>> 63;
    }

    /** A fresh array of the 32 bytes. */
    public byte[] toBytes32() {
        byte[] bytes = new byte[SIZE];
        writeTo(bytes, 0);
        return bytes;
    }

    /** Writes the 32 bytes at {@code offset}. */
    public void writeTo(byte[] out, int offset) {
        LONGS.set(out, offset, l3);
        LONGS.set(out, offset + 8, l2);
        LONGS.set(out, offset + 16, l1);
        LONGS.set(out, offset + 24, l0);
    }

    /** The bytes without leading zeros: none at all for zero. The form RLP wants. */
    public byte[] toMinimalBytes() {
        int length = (bitLength() + 7) >>> 3;
        byte[] minimal = new byte[length];
        System.arraycopy(toBytes32(), SIZE - length, minimal, 0, length);
        return minimal;
    }

    public BigInteger toBigInteger() {
        return new BigInteger(1, toBytes32());
    }

    /** {@code 0x} and the digits without leading zeros, {@code 0x0} for zero: a JSON-RPC quantity. */
    public String toQuantity() {
        int digits = Math.max(1, (bitLength() + 3) >>> 2);
        byte[] text = new byte[2 + digits];
        text[0] = '0';
        text[1] = 'x';
        for (int i = 0; i < digits; i++) {
            int nibble = (int) (limb(i >>> 4) >>> ((i & 15) << 2)) & 0xF;
            text[1 + digits - i] = (byte) Character.forDigit(nibble, 16);
        }
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    /** 64 bits of it, the least significant ones being number 0. */
    private long limb(int number) {
        return switch (number) {
            case 0 -> l0;
            case 1 -> l1;
            case 2 -> l2;
            default -> l3;
        };
    }

    @Override
    public int compareTo(Word other) {
        if (l3 != other.l3) {
            return Long.compareUnsigned(l3, other.l3);
        }
        if (l2 != other.l2) {
            return Long.compareUnsigned(l2, other.l2);
        }
        return l1 != other.l1 ? Long.compareUnsigned(l1, other.l1) : Long.compareUnsigned(l0, other.l0);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Word that && l0 == that.l0 && l1 == that.l1 && l2 == that.l2 && l3 == that.l3;
    }

    @Override
    public int hashCode() {
        long mixed = (l0 ^ Long.rotateLeft(l1, 17) ^ Long.rotateLeft(l2, 31) ^ Long.rotateLeft(l3, 47))
                * 0x9E3779B97F4A7C15L;
        return (int) (mixed >>> 32);
    }

    /** Decimal. */
    @Override
    public String toString() {
        return toBigInteger().toString();
    }
}
