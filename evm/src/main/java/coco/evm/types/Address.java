package coco.evm.types;

import coco.crypto.AccountSignatures;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * An account's address: 20 bytes, held as 32 + 64 + 64 bits so that it lines up with the low limbs of a 256-bit stack
 * word and compares without touching an array.
 */
public final class Address implements Comparable<Address> {
    /** The length of an address in bytes. */
    public static final int SIZE = 20;

    /** Twenty zero bytes. */
    public static final Address ZERO = new Address(0, 0, 0);

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();

    private final int high;
    private final long middle;
    private final long low;

    private Address(int high, long middle, long low) {
        this.high = high;
        this.middle = middle;
        this.low = low;
    }

    /** The address with these bits: the first 32, the next 64, the last 64. */
    public static Address of(int high, long middle, long low) {
        return new Address(high, middle, low);
    }

    /** The address whose last eight bytes are {@code low}, the others zero: precompiled contracts, mostly. */
    public static Address of(long low) {
        return new Address(0, 0, low);
    }

    /**
     * The address in exactly 20 bytes.
     *
     * @throws IllegalArgumentException if there are not 20 bytes
     */
    public static Address of(byte[] bytes20) {
        if (bytes20.length != SIZE) {
            throw new IllegalArgumentException("an address has 20 bytes, not " + bytes20.length);
        }
        return of(bytes20, 0);
    }

    /** The address in the 20 bytes from {@code offset}. */
    public static Address of(byte[] bytes, int offset) {
        return new Address((int) INTS.get(bytes, offset), (long) LONGS.get(bytes, offset + 4), (long)
                LONGS.get(bytes, offset + 12));
    }

    /**
     * Reads 40 hexadecimal digits, with or without {@code 0x}, whatever their case (an EIP-55 checksum is not judged).
     *
     * @throws IllegalArgumentException if that is not what stands there
     */
    public static Address fromHex(String hex) {
        return of(HexFormat.of().parseHex(hex.startsWith("0x") ? hex.substring(2) : hex));
    }

    /** The first 32 bits. */
    public int high() {
        return high;
    }

    /** Bits 32 to 95. */
    public long middle() {
        return middle;
    }

    /** The last 64 bits. */
    public long low() {
        return low;
    }

    /** A fresh array of the 20 bytes. */
    public byte[] bytes() {
        byte[] bytes = new byte[SIZE];
        writeTo(bytes, 0);
        return bytes;
    }

    /** Writes the 20 bytes at {@code offset}. */
    public void writeTo(byte[] out, int offset) {
        INTS.set(out, offset, high);
        LONGS.set(out, offset + 4, middle);
        LONGS.set(out, offset + 12, low);
    }

    /** Whether this is the address with these bits. */
    public boolean is(int otherHigh, long otherMiddle, long otherLow) {
        return low == otherLow && middle == otherMiddle && high == otherHigh;
    }

    /** Whether all bytes are zero. */
    public boolean isZero() {
        return (high | middle | low) == 0;
    }

    /** {@code 0x} and 40 lower-case digits. */
    public String hex() {
        return "0x" + HexFormat.of().formatHex(bytes());
    }

    /** {@code 0x} and 40 digits, whose cases are a checksum (EIP-55). */
    public String checksumHex() {
        return AccountSignatures.checksummed(bytes());
    }

    @Override
    public int compareTo(Address other) {
        return Arrays.compareUnsigned(bytes(), other.bytes());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Address that && is(that.high, that.middle, that.low);
    }

    /** Mixed by multiplication: vanity and precompile addresses differ in few bits, and our maps probe linearly. */
    @Override
    public int hashCode() {
        long mixed = (low ^ Long.rotateLeft(middle, 29) ^ high) * 0x9E3779B97F4A7C15L;
        return (int) (mixed >>> 32);
    }

    @Override
    public String toString() {
        return hex();
    }
}
