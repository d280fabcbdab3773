package coco.evm.precompiles.bn254;

import coco.evm.types.Word;
import java.math.BigInteger;

/**
 * A multiple of a point as the sum of two with factors of half the length (Gallant, Lambert and Vanstone, 2001). The
 * map (x, y) to (βx, y), β being a cube root of one, multiplies points with a number λ; the vectors (A, B) and (B, -C)
 * are short and span the pairs (s, t) for which s + λt is a multiple of the order. All follow from the curve's
 * parameter.
 */
final class Glv {
    private static final Word X = Word.of(Pairing.X);
    private static final Word X_SQUARED = X.times(Pairing.X);

    /** 18 x³ + 18 x² + 9 x + 1, which belongs to λ = 36 x³ + 18 x² + 6 x + 1. */
    private static final Fp BETA = Fp.ofReduced(X_SQUARED
            .times(Pairing.X)
            .plus(X_SQUARED)
            .times(18)
            .plus(X.times(9))
            .plus(Word.ONE));

    private static final Word A = X_SQUARED.times(6).plus(X.times(4)).plus(Word.ONE);
    private static final Word B = X.times(2).plus(Word.ONE);
    private static final Word C = X_SQUARED.times(6).plus(X.times(2));
    /** C and B by the order, times 2^256: division by multiplication. */
    private static final Word C_BY_ORDER = byOrder(C);

    private static final Word B_BY_ORDER = byOrder(B);

    private Glv() {}

    private static Word byOrder(Word numerator) {
        BigInteger order = G2.ORDER.toBigInteger();
        return Word.of(numerator.toBigInteger().shiftLeft(256).divide(order));
    }

    /** What λ multiplies points with, applied to an x coordinate. */
    static Fp map(Fp x) {
        return x.times(BETA);
    }

    /** A factor as {@code first} + λ · (±) {@code second}, both below 2^128. */
    record Halves(Word first, Word second, boolean secondIsNegative) {}

    /**
     * Takes from (k, 0) the multiples of both vectors that bring it near zero. They are rounded down, by less than two,
     * so that the first half is never negative and both stay below 2 (A + B), which is below 2^128.
     */
    static Halves split(Word k) {
        Word c1 = high(k, C_BY_ORDER);
        Word c2 = high(k, B_BY_ORDER);
        Word first = k.minus(low(c1, A)).minus(low(c2, B));
        Word second = low(c2, C).minus(low(c1, B));
        boolean negative = second.l3() < 0;
        return new Halves(first, negative ? Word.ZERO.minus(second) : second, negative);
    }

    private static Word high(Word a, Word b) {
        long[] product = product(a, b);
        return Word.of(product[7], product[6], product[5], product[4]);
    }

    private static Word low(Word a, Word b) {
        long[] product = product(a, b);
        return Word.of(product[3], product[2], product[1], product[0]);
    }

    private static long[] product(Word a, Word b) {
        long[] x = {a.l0(), a.l1(), a.l2(), a.l3()};
        long[] y = {b.l0(), b.l1(), b.l2(), b.l3()};
        long[] product = new long[8];
        for (int i = 0; i < 4; i++) {
            long carry = 0;
            for (int j = 0; j < 4; j++) {
                long low = x[i] * y[j] + carry;
                carry = Math.unsignedMultiplyHigh(x[i], y[j]) + (Long.compareUnsigned(low, carry) < 0 ? 1 : 0);
                product[i + j] += low;
                carry += Long.compareUnsigned(product[i + j], low) < 0 ? 1 : 0;
            }
            product[i + 4] = carry;
        }
        return product;
    }
}
