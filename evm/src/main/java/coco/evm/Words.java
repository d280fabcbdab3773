package coco.evm;

import coco.evm.types.Address;
import coco.evm.types.Word;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * 256-bit arithmetic on the flat stack. A word is four longs from its index, the least significant first; {@code sp} is
 * the index behind the topmost word. A binary operation reads the top word {@code a} and the one below, {@code b}, and
 * leaves its result in the place of {@code b}; the caller lowers {@code sp}. Division has a class of its own.
 *
 * <p>Hot code: measure before and after you change it.
 */
final class Words {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();

    private Words() {}

    // ---- moving ----

    static void set(long[] s, int i, long low) {
        s[i] = low;
        s[i + 3] = 0;
        s[i + 1] = 0;
        s[i + 2] = 0;
    }

    static void set(long[] s, int i, Word word) {
        s[i] = word.l0();
        s[i + 3] = word.l3();
        s[i + 1] = word.l1();
        s[i + 2] = word.l2();
    }

    static void set(long[] s, int i, Address address) {
        s[i] = address.low();
        s[i + 3] = 0;
        s[i + 1] = address.middle();
        s[i + 2] = address.high() & 0xFFFF_FFFFL;
    }

    static void copy(long[] s, int from, int to) {
        long x0 = s[from];
        long x3 = s[from + 3];
        s[to] = x0;
        s[to + 3] = x3;
        s[to + 1] = s[from + 1];
        s[to + 2] = s[from + 2];
    }

    static void swap(long[] s, int a, int b) {
        long x0 = s[a];
        long x3 = s[a + 3];
        long x1 = s[a + 1];
        long x2 = s[a + 2];
        long y0 = s[b];
        long y3 = s[b + 3];
        s[a] = y0;
        s[a + 1] = s[b + 1];
        s[a + 2] = s[b + 2];
        s[a + 3] = y3;
        s[b] = x0;
        s[b + 1] = x1;
        s[b + 2] = x2;
        s[b + 3] = x3;
    }

    static Word get(long[] s, int i) {
        return Word.of(s[i + 3], s[i + 2], s[i + 1], s[i]);
    }

    /** Reads 32 big-endian bytes, all of which must be there. */
    static void load(long[] s, int i, byte[] bytes, int from) {
        s[i] = (long) LONGS.get(bytes, from + 24);
        s[i + 3] = (long) LONGS.get(bytes, from);
        s[i + 1] = (long) LONGS.get(bytes, from + 16);
        s[i + 2] = (long) LONGS.get(bytes, from + 8);
    }

    /** Writes 32 big-endian bytes. */
    static void store(long[] s, int i, byte[] bytes, int to) {
        LONGS.set(bytes, to, s[i + 3]);
        LONGS.set(bytes, to + 8, s[i + 2]);
        LONGS.set(bytes, to + 16, s[i + 1]);
        LONGS.set(bytes, to + 24, s[i]);
    }

    /** The {@code count} (1 to 8) bytes from {@code from} as a number; eight bytes must be readable. */
    static long shortPush(byte[] code, int from, int count) {
        return (long) LONGS.get(code, from) >>> (64 - (count << 3));
    }

    /**
     * Pushes the {@code count} (1 to 32) bytes from {@code from}; eight bytes behind their start must be readable.
     * Without a loop: the compiler would check what a loop reads before it begins, and give all of its code up at the
     * first contract that begins with a long push.
     */
    static void push(long[] s, int i, byte[] code, int from, int count) {
        s[i] = limb(code, from, count);
        s[i + 3] = limb(code, from, count - 24);
        s[i + 1] = limb(code, from, count - 8);
        s[i + 2] = limb(code, from, count - 16);
    }

    /** The last eight of {@code left} bytes from {@code from}, or as many as there are. */
    private static long limb(byte[] code, int from, int left) {
        if (left >= 8) {
            return (long) LONGS.get(code, from + left - 8);
        }
        return left <= 0 ? 0 : shortPush(code, from, left);
    }

    static boolean isZero(long[] s, int i) {
        return (s[i] | s[i + 3] | s[i + 1] | s[i + 2]) == 0;
    }

    /** The word where it is below 2^63, otherwise {@code Long.MAX_VALUE}. */
    static long saturated(long[] s, int i) {
        return (s[i + 1] | s[i + 2] | s[i + 3]) == 0 && s[i] >= 0 ? s[i] : Long.MAX_VALUE;
    }

    /** Number of bits up to the highest one that is set. */
    static int bitLength(long[] s, int i) {
        for (int limb = 3; limb >= 0; limb--) {
            if (s[i + limb] != 0) {
                return (limb << 6) + 64 - Long.numberOfLeadingZeros(s[i + limb]);
            }
        }
        return 0;
    }

    // ---- addition ----

    static void add(long[] s, int sp) {
        int a = sp - 4;
        int b = sp - 8;
        long y = s[b];
        long x3 = s[a + 3];
        long x = s[a];
        long r = x + y;
        s[b] = r;
        long carry = ((x & y) | ((x | y) & ~r)) >>> 63;
        x = s[a + 1];
        y = s[b + 1];
        r = x + y + carry;
        s[b + 1] = r;
        carry = ((x & y) | ((x | y) & ~r)) >>> 63;
        x = s[a + 2];
        y = s[b + 2];
        r = x + y + carry;
        s[b + 2] = r;
        carry = ((x & y) | ((x | y) & ~r)) >>> 63;
        s[b + 3] = x3 + s[b + 3] + carry;
    }

    /** a - b, to the place of b. */
    static void sub(long[] s, int sp) {
        int a = sp - 4;
        int b = sp - 8;
        long y = s[b];
        long x3 = s[a + 3];
        long x = s[a];
        long r = x - y;
        s[b] = r;
        long borrow = ((~x & y) | ((~x | y) & r)) >>> 63;
        x = s[a + 1];
        y = s[b + 1];
        r = x - y - borrow;
        s[b + 1] = r;
        borrow = ((~x & y) | ((~x | y) & r)) >>> 63;
        x = s[a + 2];
        y = s[b + 2];
        r = x - y - borrow;
        s[b + 2] = r;
        borrow = ((~x & y) | ((~x | y) & r)) >>> 63;
        s[b + 3] = x3 - s[b + 3] - borrow;
    }

    /** Replaces the word by its two's complement. */
    static void negate(long[] s, int i) {
        long carry = 1;
        for (int limb = 0; limb < 4; limb++) {
            long r = ~s[i + limb] + carry;
            carry = r == 0 ? carry : 0;
            s[i + limb] = r;
        }
    }

    // ---- multiplication ----

    static void mul(long[] s, int sp) {
        int a = sp - 4;
        int b = sp - 8;
        long y = s[b];
        if ((s[a + 3] | s[a + 1] | s[a + 2] | s[b + 1] | s[b + 2] | s[b + 3]) == 0) {
            long x = s[a];
            s[b] = x * y;
            s[b + 1] = Math.unsignedMultiplyHigh(x, y);
        } else {
            multiply(s, a, b, b);
        }
    }

    /** Low 256 bits of the product, by columns, so that a carry is counted but never propagated twice. */
    static void multiply(long[] s, int a, int b, int result) {
        long a0 = s[a];
        long a1 = s[a + 1];
        long a2 = s[a + 2];
        long b0 = s[b];
        long b1 = s[b + 1];
        long b2 = s[b + 2];
        long r3 = a0 * s[b + 3] + a1 * b2 + a2 * b1 + s[a + 3] * b0;

        long r1 = Math.unsignedMultiplyHigh(a0, b0);
        long p = a0 * b1;
        r1 += p;
        long carry = below(r1, p);
        p = a1 * b0;
        r1 += p;
        carry += below(r1, p);

        long r2 = a0 * b2 + carry;
        r3 += below(r2, carry);
        p = a1 * b1;
        r2 += p;
        r3 += below(r2, p);
        p = a2 * b0;
        r2 += p;
        r3 += below(r2, p);
        p = Math.unsignedMultiplyHigh(a0, b1);
        r2 += p;
        r3 += below(r2, p);
        p = Math.unsignedMultiplyHigh(a1, b0);
        r2 += p;
        r3 += below(r2, p);

        r3 += Math.unsignedMultiplyHigh(a0, b2) + Math.unsignedMultiplyHigh(a1, b1) + Math.unsignedMultiplyHigh(a2, b0);
        s[result] = a0 * b0;
        s[result + 1] = r1;
        s[result + 2] = r2;
        s[result + 3] = r3;
    }

    /** 1 if x is below y as unsigned numbers, otherwise 0. */
    static long below(long x, long y) {
        return Long.compareUnsigned(x, y) < 0 ? 1 : 0;
    }

    /** a to the power of b: from the highest bit of the exponent, squaring in the scratch area. */
    static void exp(long[] s, int sp) {
        int base = sp - 4;
        int exponent = sp - 8;
        int power = Frame.SCRATCH;
        set(s, power, 1);
        for (int bit = bitLength(s, exponent) - 1; bit >= 0; bit--) {
            multiply(s, power, power, power);
            if (((s[exponent + (bit >>> 6)] >>> bit) & 1) != 0) {
                multiply(s, power, base, power);
            }
        }
        System.arraycopy(s, power, s, exponent, 4);
    }

    // ---- comparison ----

    /** LT, GT, SLT or SGT: the highest limbs that differ decide, the sign bit being worth least if it counts as one. */
    static void compare(long[] s, int sp, int op) {
        int b = sp - 8;
        long y = s[b];
        long x = s[sp - 1];
        long sign = op >= Op.SLT ? Long.MIN_VALUE : 0;
        long y3 = s[sp - 5];
        if (x != y3) {
            x ^= sign;
            y = y3 ^ sign;
        } else if (s[sp - 2] != s[sp - 6]) {
            x = s[sp - 2];
            y = s[sp - 6];
        } else if (s[sp - 3] != s[sp - 7]) {
            x = s[sp - 3];
            y = s[sp - 7];
        } else {
            x = s[sp - 4];
        }
        boolean isLess = op == Op.LT || op == Op.SLT;
        set(s, b, isLess ? below(x, y) : below(y, x));
    }

    static void eq(long[] s, int sp) {
        int a = sp - 4;
        int b = sp - 8;
        long y0 = s[b];
        long different = (s[a + 3] ^ s[b + 3]) | (s[a] ^ y0) | (s[a + 1] ^ s[b + 1]) | (s[a + 2] ^ s[b + 2]);
        set(s, b, different == 0 ? 1 : 0);
    }

    /** ISZERO. */
    static void isZeroToBit(long[] s, int sp) {
        set(s, sp - 4, isZero(s, sp - 4) ? 1 : 0);
    }

    // ---- bits ----

    static void and(long[] s, int sp) {
        int a = sp - 4;
        int b = sp - 8;
        s[b] &= s[a];
        s[b + 3] &= s[a + 3];
        s[b + 1] &= s[a + 1];
        s[b + 2] &= s[a + 2];
    }

    static void or(long[] s, int sp) {
        int a = sp - 4;
        int b = sp - 8;
        s[b] |= s[a];
        s[b + 3] |= s[a + 3];
        s[b + 1] |= s[a + 1];
        s[b + 2] |= s[a + 2];
    }

    static void xor(long[] s, int sp) {
        int a = sp - 4;
        int b = sp - 8;
        s[b] ^= s[a];
        s[b + 3] ^= s[a + 3];
        s[b + 1] ^= s[a + 1];
        s[b + 2] ^= s[a + 2];
    }

    static void not(long[] s, int sp) {
        int a = sp - 4;
        s[a] = ~s[a];
        s[a + 3] = ~s[a + 3];
        s[a + 1] = ~s[a + 1];
        s[a + 2] = ~s[a + 2];
    }

    /** The byte of b that a counts from the most significant one. */
    static void byteAt(long[] s, int sp) {
        long index = saturated(s, sp - 4);
        long result = 0;
        if (index < 32) {
            int fromLow = 31 - (int) index;
            result = (s[sp - 8 + (fromLow >>> 3)] >>> ((fromLow & 7) << 3)) & 0xFF;
        }
        set(s, sp - 8, result);
    }

    /** The word goes to the place of a, with zeros below it: then every limb of the result is read in the same way. */
    static void shl(long[] s, int sp) {
        int a = sp - 4;
        int b = sp - 8;
        long shift = saturated(s, a);
        if (shift >= 256) {
            set(s, b, 0);
            return;
        }
        s[a] = s[b];
        s[a + 1] = s[b + 1];
        s[a + 2] = s[b + 2];
        s[a + 3] = s[b + 3];
        set(s, b, 0);
        int from = a - ((int) shift >>> 6);
        int up = (int) shift & 63;
        // Two shifts, because one by 64 would be one by nothing.
        int down = 63 - up;
        long below = s[from - 1];
        long x0 = s[from];
        long x1 = s[from + 1];
        long x2 = s[from + 2];
        s[b + 3] = (s[from + 3] << up) | (x2 >>> 1 >>> down);
        s[b + 2] = (x2 << up) | (x1 >>> 1 >>> down);
        s[b + 1] = (x1 << up) | (x0 >>> 1 >>> down);
        s[b] = (x0 << up) | (below >>> 1 >>> down);
    }

    static void shr(long[] s, int sp) {
        shiftRight(s, sp, 0);
    }

    static void sar(long[] s, int sp) {
        shiftRight(s, sp, s[sp - 5] >> 63);
    }

    /**
     * The place of a is filled with what comes in from above: then every limb of the result is read in the same way.
     */
    private static void shiftRight(long[] s, int sp, long fill) {
        int a = sp - 4;
        int b = sp - 8;
        long shift = saturated(s, a);
        if (shift >= 256) {
            s[b] = fill;
            s[b + 1] = fill;
            s[b + 2] = fill;
            s[b + 3] = fill;
            return;
        }
        s[a] = fill;
        s[a + 1] = fill;
        s[a + 2] = fill;
        s[a + 3] = fill;
        int from = b + ((int) shift >>> 6);
        int down = (int) shift & 63;
        int up = 63 - down;
        long x1 = s[from + 1];
        long x2 = s[from + 2];
        long x3 = s[from + 3];
        long above = s[from + 4];
        s[b] = (s[from] >>> down) | (x1 << 1 << up);
        s[b + 1] = (x1 >>> down) | (x2 << 1 << up);
        s[b + 2] = (x2 >>> down) | (x3 << 1 << up);
        s[b + 3] = (x3 >>> down) | (above << 1 << up);
    }

    /** Repeats upwards the sign bit of b's byte that a counts from the least significant one. */
    static void signExtend(long[] s, int sp) {
        int b = sp - 8;
        long index = saturated(s, sp - 4);
        if (index >= 31) {
            return;
        }
        int limb = (int) index >>> 3;
        int shift = 56 - (((int) index & 7) << 3);
        long extended = s[b + limb] << shift >> shift;
        s[b + limb] = extended;
        for (int i = limb + 1; i < 4; i++) {
            s[b + i] = extended >> 63;
        }
    }

    /** Replaces the top word by the number of its leading zero bits (EIP-7939). */
    static void clz(long[] s, int sp) {
        set(s, sp - 4, 256 - bitLength(s, sp - 4));
    }
}
