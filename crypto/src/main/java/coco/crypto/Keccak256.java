package coco.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * Keccak-256 as Ethereum uses it: rate 136, capacity 64, and the padding 0x01 of the original submission, where
 * SHA3-256 (FIPS 202) has 0x06.
 *
 * <p>The whole sponge state lives in 25 local variables of one method, so hashing allocates nothing and touches no
 * shared or per-thread state. That is why the method is long: split, it would need an array between the parts.
 * Benchmark before refactoring, and keep it under the 8,000 bytes of bytecode above which HotSpot does not compile.
 */
public final class Keccak256 {
    /** Bytes of a digest. */
    public static final int DIGEST_BYTES = 32;

    private static final int RATE_BYTES = 136;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    // The padding is 1, zeros, 1: this is the last bit of the last lane of the rate.
    private static final long LAST_BIT = 0x8000000000000000L;

    private static final long[] ROUND_CONSTANTS = {
        0x0000000000000001L, 0x0000000000008082L, 0x800000000000808aL, 0x8000000080008000L,
        0x000000000000808bL, 0x0000000080000001L, 0x8000000080008081L, 0x8000000000008009L,
        0x000000000000008aL, 0x0000000000000088L, 0x0000000080008009L, 0x000000008000000aL,
        0x000000008000808bL, 0x800000000000008bL, 0x8000000000008089L, 0x8000000000008003L,
        0x8000000000008002L, 0x8000000000000080L, 0x000000000000800aL, 0x800000008000000aL,
        0x8000000080008081L, 0x8000000000008080L, 0x0000000080000001L, 0x8000000080008008L
    };

    private Keccak256() {}

    /** Returns 32 bytes. */
    public static byte[] hash(byte[] in) {
        return hash(in, 0, in.length);
    }

    /**
     * Hashes a range.
     *
     * @return 32 bytes
     * @throws IndexOutOfBoundsException if the range is not inside {@code in}
     */
    public static byte[] hash(byte[] in, int off, int len) {
        byte[] out = new byte[DIGEST_BYTES];
        hash(in, off, len, out, 0);
        return out;
    }

    /**
     * Writes the 32 bytes of the digest to {@code out}, which may be {@code in}.
     *
     * @throws IndexOutOfBoundsException if a range is not inside its array
     */
    public static void hash(byte[] in, int off, int len, byte[] out, int outOff) {
        Objects.checkFromIndexSize(off, len, in.length);
        Objects.checkFromIndexSize(outOff, DIGEST_BYTES, out.length);
        sponge(in, off, len, out, outOff);
    }

    // The round is theta, rho with pi, chi with iota, in the order and with the names of the Keccak reference, section
    // 1.2; lane (x, y) is a[x + 5y].
    private static void sponge(byte[] in, int off, int len, byte[] out, int outOff) {
        long a0 = 0;
        long a1 = 0;
        long a2 = 0;
        long a3 = 0;
        long a4 = 0;
        long a5 = 0;
        long a6 = 0;
        long a7 = 0;
        long a8 = 0;
        long a9 = 0;
        long a10 = 0;
        long a11 = 0;
        long a12 = 0;
        long a13 = 0;
        long a14 = 0;
        long a15 = 0;
        long a16 = 0;
        long a17 = 0;
        long a18 = 0;
        long a19 = 0;
        long a20 = 0;
        long a21 = 0;
        long a22 = 0;
        long a23 = 0;
        long a24 = 0;
        int at = off;
        int end = off + len;
        boolean last;
        do {
            last = end - at < RATE_BYTES;
            a0 ^= lane(in, at, end);
            a1 ^= lane(in, at + 8, end);
            a2 ^= lane(in, at + 16, end);
            a3 ^= lane(in, at + 24, end);
            a4 ^= lane(in, at + 32, end);
            a5 ^= lane(in, at + 40, end);
            a6 ^= lane(in, at + 48, end);
            a7 ^= lane(in, at + 56, end);
            a8 ^= lane(in, at + 64, end);
            a9 ^= lane(in, at + 72, end);
            a10 ^= lane(in, at + 80, end);
            a11 ^= lane(in, at + 88, end);
            a12 ^= lane(in, at + 96, end);
            a13 ^= lane(in, at + 104, end);
            a14 ^= lane(in, at + 112, end);
            a15 ^= lane(in, at + 120, end);
            a16 ^= lane(in, at + 128, end);
            at += RATE_BYTES;
            if (last) {
                a16 ^= LAST_BIT;
            }
            for (long roundConstant : ROUND_CONSTANTS) {
                long c0 = a0 ^ a5 ^ a10 ^ a15 ^ a20;
                long c1 = a1 ^ a6 ^ a11 ^ a16 ^ a21;
                long c2 = a2 ^ a7 ^ a12 ^ a17 ^ a22;
                long c3 = a3 ^ a8 ^ a13 ^ a18 ^ a23;
                long c4 = a4 ^ a9 ^ a14 ^ a19 ^ a24;
                long d0 = c4 ^ Long.rotateLeft(c1, 1);
                long d1 = c0 ^ Long.rotateLeft(c2, 1);
                long d2 = c1 ^ Long.rotateLeft(c3, 1);
                long d3 = c2 ^ Long.rotateLeft(c4, 1);
                long d4 = c3 ^ Long.rotateLeft(c0, 1);
                long b0 = a0 ^ d0;
                long b1 = Long.rotateLeft(a6 ^ d1, 44);
                long b2 = Long.rotateLeft(a12 ^ d2, 43);
                long b3 = Long.rotateLeft(a18 ^ d3, 21);
                long b4 = Long.rotateLeft(a24 ^ d4, 14);
                long b5 = Long.rotateLeft(a3 ^ d3, 28);
                long b6 = Long.rotateLeft(a9 ^ d4, 20);
                long b7 = Long.rotateLeft(a10 ^ d0, 3);
                long b8 = Long.rotateLeft(a16 ^ d1, 45);
                long b9 = Long.rotateLeft(a22 ^ d2, 61);
                long b10 = Long.rotateLeft(a1 ^ d1, 1);
                long b11 = Long.rotateLeft(a7 ^ d2, 6);
                long b12 = Long.rotateLeft(a13 ^ d3, 25);
                long b13 = Long.rotateLeft(a19 ^ d4, 8);
                long b14 = Long.rotateLeft(a20 ^ d0, 18);
                long b15 = Long.rotateLeft(a4 ^ d4, 27);
                long b16 = Long.rotateLeft(a5 ^ d0, 36);
                long b17 = Long.rotateLeft(a11 ^ d1, 10);
                long b18 = Long.rotateLeft(a17 ^ d2, 15);
                long b19 = Long.rotateLeft(a23 ^ d3, 56);
                long b20 = Long.rotateLeft(a2 ^ d2, 62);
                long b21 = Long.rotateLeft(a8 ^ d3, 55);
                long b22 = Long.rotateLeft(a14 ^ d4, 39);
                long b23 = Long.rotateLeft(a15 ^ d0, 41);
                long b24 = Long.rotateLeft(a21 ^ d1, 2);
                a0 = b0 ^ (~b1 & b2) ^ roundConstant;
                a1 = b1 ^ (~b2 & b3);
                a2 = b2 ^ (~b3 & b4);
                a3 = b3 ^ (~b4 & b0);
                a4 = b4 ^ (~b0 & b1);
                a5 = b5 ^ (~b6 & b7);
                a6 = b6 ^ (~b7 & b8);
                a7 = b7 ^ (~b8 & b9);
                a8 = b8 ^ (~b9 & b5);
                a9 = b9 ^ (~b5 & b6);
                a10 = b10 ^ (~b11 & b12);
                a11 = b11 ^ (~b12 & b13);
                a12 = b12 ^ (~b13 & b14);
                a13 = b13 ^ (~b14 & b10);
                a14 = b14 ^ (~b10 & b11);
                a15 = b15 ^ (~b16 & b17);
                a16 = b16 ^ (~b17 & b18);
                a17 = b17 ^ (~b18 & b19);
                a18 = b18 ^ (~b19 & b15);
                a19 = b19 ^ (~b15 & b16);
                a20 = b20 ^ (~b21 & b22);
                a21 = b21 ^ (~b22 & b23);
                a22 = b22 ^ (~b23 & b24);
                a23 = b23 ^ (~b24 & b20);
                a24 = b24 ^ (~b20 & b21);
            }
        } while (!last);
        LONG.set(out, outOff, a0);
        LONG.set(out, outOff + 8, a1);
        LONG.set(out, outOff + 16, a2);
        LONG.set(out, outOff + 24, a3);
    }

    /** The eight bytes at {@code at}, where the message is continued by one 0x01 and zeros. */
    private static long lane(byte[] in, int at, int end) {
        int left = end - at;
        if (left >= Long.BYTES) {
            return (long) LONG.get(in, at);
        }
        if (left < 0) {
            return 0;
        }
        long lane = 1L << (left * Byte.SIZE);
        for (int i = 0; i < left; i++) {
            lane |= (in[at + i] & 0xffL) << (i * Byte.SIZE);
        }
        return lane;
    }
}
