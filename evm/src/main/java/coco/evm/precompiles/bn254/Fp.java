package coco.evm.precompiles.bn254;

import coco.evm.types.Word;
import org.jspecify.annotations.Nullable;

/** An element of the prime field, as x · 2^256 mod p (Montgomery), below p. */
final class Fp {
    /** The field's prime. */
    static final Word P = Word.fromHex("30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47");

    private static final long P0 = 0x3C208C16D87CFD47L;
    private static final long P1 = 0x97816A916871CA8DL;
    private static final long P2 = 0xB85045B68181585DL;
    private static final long P3 = 0x30644E72E131A029L;
    /** -1 / p mod 2^64. */
    private static final long INVERSE = negativeInverse();

    static final Fp ZERO = new Fp(0, 0, 0, 0);
    /** 2^512 mod p: its product with a plain number is the number's Montgomery form. */
    private static final Fp SQUARE_OF_RADIX = powerOfTwo(512);
    /** 2^768 mod p: its product with the inverse of a Montgomery form is the Montgomery form of the inverse. */
    private static final Fp CUBE_OF_RADIX = powerOfTwo(768);

    static final Fp ONE = powerOfTwo(256);

    private final long x3;
    private final long x2;
    private final long x1;
    private final long x0;

    private Fp(long x3, long x2, long x1, long x0) {
        this.x3 = x3;
        this.x2 = x2;
        this.x1 = x1;
        this.x0 = x0;
    }

    private static long negativeInverse() {
        long inverse = P0;
        for (int i = 0; i < 6; i++) {
            inverse *= 2 - P0 * inverse;
        }
        return -inverse;
    }

    private static Fp powerOfTwo(int exponent) {
        Fp power = new Fp(0, 0, 0, 1);
        for (int i = 0; i < exponent; i++) {
            power = power.plus(power);
        }
        return power;
    }

    /** The element that is this number; null if it is not below p. */
    static @Nullable Fp of(Word number) {
        return number.compareTo(P) >= 0 ? null : ofReduced(number);
    }

    /** The element that is this number, which is known to be below p. */
    static Fp ofReduced(Word number) {
        return plain(number).times(SQUARE_OF_RADIX);
    }

    /** A small number. */
    static Fp of(long number) {
        return new Fp(0, 0, 0, number).times(SQUARE_OF_RADIX);
    }

    private static Fp plain(Word number) {
        return new Fp(number.l3(), number.l2(), number.l1(), number.l0());
    }

    Word toWord() {
        Fp plain = times(new Fp(0, 0, 0, 1));
        return Word.of(plain.x3, plain.x2, plain.x1, plain.x0);
    }

    boolean isZero() {
        return (x0 | x1 | x2 | x3) == 0;
    }

    boolean is(Fp other) {
        return x0 == other.x0 && x1 == other.x1 && x2 == other.x2 && x3 == other.x3;
    }

    Fp plus(Fp y) {
        long r0 = x0 + y.x0;
        long carry = below(r0, x0);
        long r1 = x1 + y.x1 + carry;
        carry = carry(x1, y.x1, r1);
        long r2 = x2 + y.x2 + carry;
        carry = carry(x2, y.x2, r2);
        // Both are below 2^254: the sum fits.
        return reducedByMask(x3 + y.x3 + carry, r2, r1, r0);
    }

    Fp twice() {
        return plus(this);
    }

    Fp minus(Fp y) {
        long r0 = x0 - y.x0;
        long borrow = below(x0, y.x0);
        long r1 = x1 - y.x1 - borrow;
        borrow = borrow(x1, y.x1, r1);
        long r2 = x2 - y.x2 - borrow;
        borrow = borrow(x2, y.x2, r2);
        long r3 = x3 - y.x3 - borrow;
        // Every other difference is negative: a mask costs less than a branch that is guessed wrong.
        long mask = r3 >> 63;
        long s0 = r0 + (P0 & mask);
        long carry = below(s0, r0);
        long s1 = r1 + (P1 & mask) + carry;
        carry = carry(r1, P1 & mask, s1);
        long s2 = r2 + (P2 & mask) + carry;
        carry = carry(r2, P2 & mask, s2);
        return new Fp(r3 + (P3 & mask) + carry, s2, s1, s0);
    }

    Fp negated() {
        return ZERO.minus(this);
    }

    /** As {@link #reduced}, for numbers of which every other is not below p: a branch would often be guessed wrong. */
    private static Fp reducedByMask(long r3, long r2, long r1, long r0) {
        long s0 = r0 - P0;
        long borrow = below(r0, P0);
        long s1 = r1 - P1 - borrow;
        borrow = borrow(r1, P1, s1);
        long s2 = r2 - P2 - borrow;
        borrow = borrow(r2, P2, s2);
        long s3 = r3 - P3 - borrow;
        long mask = s3 >> 63;
        return new Fp(
                s3 ^ ((s3 ^ r3) & mask), s2 ^ ((s2 ^ r2) & mask), s1 ^ ((s1 ^ r1) & mask), s0 ^ ((s0 ^ r0) & mask));
    }

    /** Takes p off once if the number is not below it. */
    private static Fp reduced(long r3, long r2, long r1, long r0) {
        long s0 = r0 - P0;
        long borrow = below(r0, P0);
        long s1 = r1 - P1 - borrow;
        borrow = borrow(r1, P1, s1);
        long s2 = r2 - P2 - borrow;
        borrow = borrow(r2, P2, s2);
        long s3 = r3 - P3 - borrow;
        return s3 < 0 ? new Fp(r3, r2, r1, r0) : new Fp(s3, s2, s1, s0);
    }

    /**
     * The product, reduced limb by limb while it grows (Koc, Acar and Kaliski's CIOS). The highest limb of p has two
     * zero bits, so that the running sum never needs a fifth limb.
     */
    Fp times(Fp y) {
        long t0 = 0;
        long t1 = 0;
        long t2 = 0;
        long t3 = 0;
        for (int i = 0; i < 4; i++) {
            long x = i == 0 ? x0 : i == 1 ? x1 : i == 2 ? x2 : x3;
            long low = x * y.x0 + t0;
            long a = Math.unsignedMultiplyHigh(x, y.x0) + below(low, t0);
            long m = low * INVERSE;
            // The lowest limb becomes zero: there is a carry unless it was zero before.
            long c = Math.unsignedMultiplyHigh(m, P0) + (low == 0 ? 0 : 1);

            low = x * y.x1 + a;
            a = Math.unsignedMultiplyHigh(x, y.x1) + below(low, a);
            low += t1;
            a += below(low, t1);
            long reduced = m * P1 + c;
            c = Math.unsignedMultiplyHigh(m, P1) + below(reduced, c);
            t0 = reduced + low;
            c += below(t0, low);

            low = x * y.x2 + a;
            a = Math.unsignedMultiplyHigh(x, y.x2) + below(low, a);
            low += t2;
            a += below(low, t2);
            reduced = m * P2 + c;
            c = Math.unsignedMultiplyHigh(m, P2) + below(reduced, c);
            t1 = reduced + low;
            c += below(t1, low);

            low = x * y.x3 + a;
            a = Math.unsignedMultiplyHigh(x, y.x3) + below(low, a);
            low += t3;
            a += below(low, t3);
            reduced = m * P3 + c;
            c = Math.unsignedMultiplyHigh(m, P3) + below(reduced, c);
            t2 = reduced + low;
            c += below(t2, low);

            t3 = c + a;
        }
        return reduced(t3, t2, t1, t0);
    }

    /**
     * a · b + c · d, reduced once: the loop of {@link #times} with two products a row. The sum of two products is below
     * p · 2^256, so that the result needs one subtraction at most.
     */
    static Fp sumOfProducts(Fp a, Fp b, Fp c, Fp d) {
        long t0 = 0;
        long t1 = 0;
        long t2 = 0;
        long t3 = 0;
        for (int i = 0; i < 4; i++) {
            long x = i == 0 ? a.x0 : i == 1 ? a.x1 : i == 2 ? a.x2 : a.x3;
            long y = i == 0 ? c.x0 : i == 1 ? c.x1 : i == 2 ? c.x2 : c.x3;
            long low = x * b.x0 + t0;
            long e = Math.unsignedMultiplyHigh(x, b.x0) + below(low, t0);
            long both = y * d.x0 + low;
            long f = Math.unsignedMultiplyHigh(y, d.x0) + below(both, low);
            long m = both * INVERSE;
            long g = Math.unsignedMultiplyHigh(m, P0) + (both == 0 ? 0 : 1);

            low = x * b.x1 + e;
            e = Math.unsignedMultiplyHigh(x, b.x1) + below(low, e);
            low += t1;
            e += below(low, t1);
            both = y * d.x1 + f;
            f = Math.unsignedMultiplyHigh(y, d.x1) + below(both, f);
            both += low;
            f += below(both, low);
            t0 = m * P1 + g;
            g = Math.unsignedMultiplyHigh(m, P1) + below(t0, g);
            t0 += both;
            g += below(t0, both);

            low = x * b.x2 + e;
            e = Math.unsignedMultiplyHigh(x, b.x2) + below(low, e);
            low += t2;
            e += below(low, t2);
            both = y * d.x2 + f;
            f = Math.unsignedMultiplyHigh(y, d.x2) + below(both, f);
            both += low;
            f += below(both, low);
            t1 = m * P2 + g;
            g = Math.unsignedMultiplyHigh(m, P2) + below(t1, g);
            t1 += both;
            g += below(t1, both);

            low = x * b.x3 + e;
            e = Math.unsignedMultiplyHigh(x, b.x3) + below(low, e);
            low += t3;
            e += below(low, t3);
            both = y * d.x3 + f;
            f = Math.unsignedMultiplyHigh(y, d.x3) + below(both, f);
            both += low;
            f += below(both, low);
            t2 = m * P3 + g;
            g = Math.unsignedMultiplyHigh(m, P3) + below(t2, g);
            t2 += both;
            g += below(t2, both);

            t3 = e + f + g;
        }
        return reduced(t3, t2, t1, t0);
    }

    Fp squared() {
        return times(this);
    }

    /** Half of the number: what is odd becomes even by adding p. */
    Fp halved() {
        long mask = -(x0 & 1);
        long p0 = P0 & mask;
        long p1 = P1 & mask;
        long p2 = P2 & mask;
        long r0 = x0 + p0;
        long carry = carry(x0, p0, r0);
        long r1 = x1 + p1 + carry;
        carry = carry(x1, p1, r1);
        long r2 = x2 + p2 + carry;
        carry = carry(x2, p2, r2);
        long r3 = x3 + (P3 & mask) + carry;
        return new Fp(r3 >>> 1, (r2 >>> 1) | (r3 << 63), (r1 >>> 1) | (r2 << 63), (r0 >>> 1) | (r1 << 63));
    }

    /** The inverse; zero for zero. */
    Fp inverted() {
        return plain(Inversion.inverse(Word.of(x3, x2, x1, x0))).times(CUBE_OF_RADIX);
    }

    Fp power(Word exponent) {
        Fp power = ONE;
        for (int bit = exponent.bitLength() - 1; bit >= 0; bit--) {
            power = power.squared();
            if (Bits.isSet(exponent, bit)) {
                power = power.times(this);
            }
        }
        return power;
    }

    private static long below(long x, long y) {
        return Long.compareUnsigned(x, y) < 0 ? 1 : 0;
    }

    private static long carry(long x, long y, long sum) {
        return ((x & y) | ((x | y) & ~sum)) >>> 63;
    }

    private static long borrow(long x, long y, long difference) {
        return ((~x & y) | ((~x | y) & difference)) >>> 63;
    }
}
