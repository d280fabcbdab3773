package coco.evm;

/**
 * Division and remainders of 256- and 512-bit words by Knuth's algorithm D (The Art of Computer Programming 4.3.1),
 * with the reciprocal of Moeller and Granlund ("Improved division by invariant integers", 2011) instead of a division
 * for each limb. Works in the scratch area behind the stack; conventions as in {@link Words}.
 */
final class Division {
    /** The dividend, up to nine limbs, and in the end the remainder. */
    private static final int U = Frame.SCRATCH;
    /** The divisor, shifted until its highest bit is set. */
    private static final int V = Frame.SCRATCH + 10;
    /** The quotient, up to eight limbs. */
    private static final int Q = Frame.SCRATCH + 14;

    static final int SCRATCH_LIMBS = 24;

    private Division() {}

    /** a / b, zero for b = 0. */
    static void div(long[] s, int sp) {
        int a = sp - 4;
        int b = sp - 8;
        if ((s[a + 1] | s[a + 2] | s[a + 3] | s[b + 1] | s[b + 2] | s[b + 3]) == 0) {
            s[b] = s[b] == 0 ? 0 : Long.divideUnsigned(s[a], s[b]);
        } else if ((s[b + 1] | s[b + 2] | s[b + 3]) == 0) {
            if (s[b] != 0) {
                divideByLimb(s, a, s[b], b);
            }
        } else if (!Words.isZero(s, b)) {
            divide(s, a, b);
            System.arraycopy(s, Q, s, b, 4);
        }
    }

    /** a mod b, zero for b = 0. */
    static void mod(long[] s, int sp) {
        int a = sp - 4;
        int b = sp - 8;
        if ((s[a + 1] | s[a + 2] | s[a + 3] | s[b + 1] | s[b + 2] | s[b + 3]) == 0) {
            s[b] = s[b] == 0 ? 0 : Long.remainderUnsigned(s[a], s[b]);
        } else if ((s[b + 1] | s[b + 2] | s[b + 3]) == 0) {
            if (s[b] != 0) {
                s[b] = divideByLimb(s, a, s[b], U);
            }
        } else if (!Words.isZero(s, b)) {
            divide(s, a, b);
            System.arraycopy(s, U, s, b, 4);
        }
    }

    /** a / b in two's complement, rounded towards zero; -2^255 / -1 is -2^255. */
    static void sdiv(long[] s, int sp) {
        boolean negative = (s[sp - 1] ^ s[sp - 5]) < 0;
        makePositive(s, sp - 4);
        makePositive(s, sp - 8);
        div(s, sp);
        if (negative) {
            Words.negate(s, sp - 8);
        }
    }

    /** The remainder of {@link #sdiv}, which has the sign of a. */
    static void smod(long[] s, int sp) {
        boolean negative = s[sp - 1] < 0;
        makePositive(s, sp - 4);
        makePositive(s, sp - 8);
        mod(s, sp);
        if (negative) {
            Words.negate(s, sp - 8);
        }
    }

    private static void makePositive(long[] s, int i) {
        if (s[i + 3] < 0) {
            Words.negate(s, i);
        }
    }

    /** (a + b) mod c of the exact sum, to the place of c; zero for c = 0. */
    static void addmod(long[] s, int sp) {
        int a = sp - 4;
        int b = sp - 8;
        int c = sp - 12;
        if (Words.isZero(s, c)) {
            return;
        }
        long carry = 0;
        for (int i = 0; i < 4; i++) {
            long x = s[a + i];
            long y = s[b + i];
            long r = x + y + carry;
            carry = ((x & y) | ((x | y) & ~r)) >>> 63;
            s[U + i] = r;
        }
        s[U + 4] = carry;
        reduce(s, 5, c);
        System.arraycopy(s, U, s, c, 4);
    }

    /** (a * b) mod c of the exact product, to the place of c; zero for c = 0. */
    static void mulmod(long[] s, int sp) {
        int a = sp - 4;
        int b = sp - 8;
        int c = sp - 12;
        if (Words.isZero(s, c)) {
            return;
        }
        Words.set(s, U, 0);
        for (int i = 0; i < 4; i++) {
            long x = s[a + i];
            long carry = 0;
            for (int j = 0; j < 4; j++) {
                long low = x * s[b + j];
                long high = Math.unsignedMultiplyHigh(x, s[b + j]);
                long before = s[U + i + j];
                low += before;
                high += Words.below(low, before);
                low += carry;
                high += Words.below(low, carry);
                s[U + i + j] = low;
                carry = high;
            }
            s[U + i + 4] = carry;
        }
        reduce(s, 8, c);
        System.arraycopy(s, U, s, c, 4);
    }

    /**
     * Divides by one limb, the usual case: prices and shares have a scale of 10^18 or less.
     *
     * @param quotient where the quotient goes
     * @return the remainder
     */
    private static long divideByLimb(long[] s, int a, long divisor, int quotient) {
        int shift = Long.numberOfLeadingZeros(divisor);
        int unshift = 63 - shift;
        long d = divisor << shift;
        long reciprocal = reciprocal(d);
        int limb = 3;
        while (limb > 0 && s[a + limb] == 0) {
            s[quotient + limb--] = 0;
        }
        long limbAbove = s[a + limb];
        long remainder = limbAbove >>> 1 >>> unshift;
        for (; limb >= 0; limb--) {
            long limbBelow = limb == 0 ? 0 : s[a + limb - 1];
            long low = (limbAbove << shift) | (limbBelow >>> 1 >>> unshift);
            long q = divide2By1(remainder, low, d, reciprocal);
            s[quotient + limb] = q;
            remainder = low - q * d;
            limbAbove = limbBelow;
        }
        return remainder >>> shift;
    }

    /** Quotient of two words to Q, remainder to U; the divisor is not zero. */
    private static void divide(long[] s, int a, int b) {
        System.arraycopy(s, a, s, U, 4);
        Words.set(s, Q, 0);
        reduce(s, 4, b);
    }

    /** Divides the {@code limbs} at U by the word at {@code divisor}: quotient to Q, remainder to U. */
    private static void reduce(long[] s, int limbs, int divisor) {
        int n = 4;
        while (s[divisor + n - 1] == 0) {
            n--;
        }
        int m = limbs;
        while (m > 0 && s[U + m - 1] == 0) {
            m--;
        }
        if (m < n) {
            return;
        }
        int shift = Long.numberOfLeadingZeros(s[divisor + n - 1]);
        for (int i = n - 1; i >= 0; i--) {
            s[V + i] = (s[divisor + i] << shift) | (i == 0 ? 0 : s[divisor + i - 1] >>> 1 >>> (63 - shift));
        }
        s[U + m] = s[U + m - 1] >>> 1 >>> (63 - shift);
        for (int i = m - 1; i >= 0; i--) {
            s[U + i] = (s[U + i] << shift) | (i == 0 ? 0 : s[U + i - 1] >>> 1 >>> (63 - shift));
        }
        long reciprocal = reciprocal(s[V + n - 1]);
        if (n == 1) {
            divideBySingle(s, m, reciprocal);
        } else {
            for (int j = m - n; j >= 0; j--) {
                s[Q + j] = quotientLimb(s, j, n, reciprocal);
            }
        }
        for (int i = 0; i < 4; i++) {
            s[U + i] = i >= n ? 0 : (s[U + i] >>> shift) | (i == n - 1 ? 0 : s[U + i + 1] << 1 << (63 - shift));
        }
    }

    private static void divideBySingle(long[] s, int m, long reciprocal) {
        long d = s[V];
        long remainder = s[U + m];
        for (int j = m - 1; j >= 0; j--) {
            long low = s[U + j];
            long q = divide2By1(remainder, low, d, reciprocal);
            s[Q + j] = q;
            remainder = low - q * d;
        }
        s[U] = remainder;
    }

    /** One step of algorithm D: the quotient limb j, its multiple taken off the dividend. */
    private static long quotientLimb(long[] s, int j, int n, long reciprocal) {
        long top = s[V + n - 1];
        long second = s[V + n - 2];
        long u2 = s[U + j + n];
        long u1 = s[U + j + n - 1];
        long u0 = s[U + j + n - 2];
        long q;
        long r;
        boolean fits;
        if (u2 == top) {
            q = -1;
            r = u1 + top;
            fits = Long.compareUnsigned(r, top) >= 0;
        } else {
            q = divide2By1(u2, u1, top, reciprocal);
            r = u1 - q * top;
            fits = true;
        }
        while (fits && exceeds(q, second, r, u0)) {
            q--;
            r += top;
            fits = Long.compareUnsigned(r, top) >= 0;
        }
        if (subtractMultiple(s, j, n, q)) {
            q--;
            addBack(s, j, n);
        }
        return q;
    }

    /** Whether x * y is more than the two limbs. */
    private static boolean exceeds(long x, long y, long high, long low) {
        long product = Math.unsignedMultiplyHigh(x, y);
        return product == high ? Long.compareUnsigned(x * y, low) > 0 : Long.compareUnsigned(product, high) > 0;
    }

    /** Takes q times the divisor off the dividend from limb j; true if that went below zero. */
    private static boolean subtractMultiple(long[] s, int j, int n, long q) {
        long borrow = 0;
        for (int i = 0; i < n; i++) {
            long low = q * s[V + i] + borrow;
            long high = Math.unsignedMultiplyHigh(q, s[V + i]) + Words.below(low, borrow);
            long before = s[U + j + i];
            s[U + j + i] = before - low;
            borrow = high + Words.below(before, low);
        }
        long before = s[U + j + n];
        s[U + j + n] = before - borrow;
        return Long.compareUnsigned(before, borrow) < 0;
    }

    private static void addBack(long[] s, int j, int n) {
        long carry = 0;
        for (int i = 0; i < n; i++) {
            long x = s[U + j + i];
            long y = s[V + i];
            long r = x + y + carry;
            carry = ((x & y) | ((x | y) & ~r)) >>> 63;
            s[U + j + i] = r;
        }
        s[U + j + n] += carry;
    }

    /** floor((2^128 - 1) / d) - 2^64 for d with its highest bit set: Moeller and Granlund, algorithm 2. */
    static long reciprocal(long d) {
        long d9 = d >>> 55;
        long d40 = (d >>> 24) + 1;
        long d63 = (d >>> 1) + (d & 1);
        long v0 = 0x7FD00 / d9;
        long v1 = (v0 << 11) - ((v0 * v0 * d40) >>> 40) - 1;
        long v2 = (v1 << 13) + ((v1 * ((1L << 60) - v1 * d40)) >>> 47);
        long e = ((v2 >>> 1) & -(d & 1)) - v2 * d63;
        long v3 = (v2 << 31) + (Math.unsignedMultiplyHigh(v2, e) >>> 1);
        long low = v3 * d;
        long sum = low + d;
        return v3 - (Math.unsignedMultiplyHigh(v3, d) + Words.below(sum, low) + d);
    }

    /** The quotient of two limbs by one: algorithm 4. u1 is below d, whose highest bit is set. */
    static long divide2By1(long u1, long u0, long d, long reciprocal) {
        long q0 = reciprocal * u1;
        long q1 = Math.unsignedMultiplyHigh(reciprocal, u1);
        q0 += u0;
        q1 += u1 + Words.below(q0, u0) + 1;
        long r = u0 - q1 * d;
        if (Long.compareUnsigned(r, q0) > 0) {
            q1--;
            r += d;
        }
        return Long.compareUnsigned(r, d) >= 0 ? q1 + 1 : q1;
    }
}
