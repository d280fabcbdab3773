package coco.evm.precompiles.bn254;

import coco.evm.types.Word;

/**
 * Inverses modulo p by division steps (Bernstein and Yang, "Fast constant-time gcd computation and modular inversion",
 * 2019), 30 at a time and in variable time: about a sixth of what Fermat's little theorem costs.
 *
 * <p>The steps bring (f, g) = (p, x) to (±1, 0) and look at the lowest bits only, so 30 of them are done on one long
 * while a matrix records them; then the matrix is applied to the long numbers, and modulo p to (d, e), for which
 * f = d · x and g = e · x hold all the time. Long numbers are nine limbs of 30 bits, the highest with the sign.
 */
final class Inversion {
    private static final int BITS = 30;
    private static final int LIMBS = 9;
    private static final long MASK = (1L << BITS) - 1;

    private static final long[] P = limbs(Fp.P);
    /** -1 / p mod 2^30. */
    private static final long MINUS_INVERSE = minusInverse();

    private final long[] f = P.clone();
    private final long[] g;
    private final long[] d = new long[LIMBS];
    private final long[] e = new long[LIMBS];
    /** Minus the δ of the paper. */
    private int eta = -1;

    /** The matrix of the last steps, times 2^30. */
    private long u;

    private long v;
    private long q;
    private long r;

    private Inversion(Word x) {
        g = limbs(x);
        e[0] = 1;
    }

    /** The inverse of a number below p; zero for zero. */
    static Word inverse(Word x) {
        Inversion inversion = new Inversion(x);
        while (!inversion.isDone()) {
            inversion.steps();
            inversion.apply();
            inversion.applyModuloP();
        }
        return inversion.result();
    }

    private static long minusInverse() {
        long inverse = 1;
        for (int i = 0; i < 5; i++) {
            inverse *= 2 - P[0] * inverse;
        }
        return -inverse & MASK;
    }

    private static long[] limbs(Word x) {
        long[] limbs = new long[LIMBS];
        long[] words = {x.l0(), x.l1(), x.l2(), x.l3(), 0};
        for (int i = 0; i < LIMBS; i++) {
            int bit = i * BITS;
            int shift = bit & 63;
            long low = words[bit >>> 6] >>> shift;
            // Shifted twice, because a shift by 64 would be one by 0.
            limbs[i] = (low | ((words[(bit >>> 6) + 1] << 1) << (63 - shift))) & MASK;
        }
        return limbs;
    }

    private boolean isDone() {
        long any = 0;
        for (long limb : g) {
            any |= limb;
        }
        return any == 0;
    }

    /** Thirty steps on the lowest bits. A run of zeros of g, or several bits of it cancelled at once, count each. */
    private void steps() {
        long a = f[0] | (f[1] << BITS);
        long b = g[0] | (g[1] << BITS);
        u = 1;
        v = 0;
        q = 0;
        r = 1;
        int left = BITS;
        while (true) {
            int zeros = Long.numberOfTrailingZeros(b | (-1L << left));
            b >>= zeros;
            u <<= zeros;
            v <<= zeros;
            eta -= zeros;
            left -= zeros;
            if (left == 0) {
                return;
            }
            if (eta < 0) {
                eta = -eta;
                long before = a;
                a = b;
                b = -before;
                before = u;
                u = q;
                q = -before;
                before = v;
                v = r;
                r = -before;
            }
            // As many steps as go without another swap, six at most: a · (a² - 2) is -1 / a mod 64.
            int count = Math.min(Math.min(eta + 1, left), 6);
            long factor = (b * a * (a * a - 2)) & ((1L << count) - 1);
            b += a * factor;
            q += u * factor;
            r += v * factor;
        }
    }

    /** (f, g) = (u f + v g, q f + r g) / 2^30, which is exact. */
    private void apply() {
        long carryF = (u * f[0] + v * g[0]) >> BITS;
        long carryG = (q * f[0] + r * g[0]) >> BITS;
        for (int i = 1; i < LIMBS; i++) {
            carryF += u * f[i] + v * g[i];
            carryG += q * f[i] + r * g[i];
            f[i - 1] = carryF & MASK;
            g[i - 1] = carryG & MASK;
            carryF >>= BITS;
            carryG >>= BITS;
        }
        f[LIMBS - 1] = carryF;
        g[LIMBS - 1] = carryG;
    }

    /** The same for (d, e) modulo p. */
    private void applyModuloP() {
        long multipleD = multiple(u * d[0] + v * e[0], u * d[LIMBS - 1] + v * e[LIMBS - 1]);
        long multipleE = multiple(q * d[0] + r * e[0], q * d[LIMBS - 1] + r * e[LIMBS - 1]);
        long carryD = (u * d[0] + v * e[0] + multipleD * P[0]) >> BITS;
        long carryE = (q * d[0] + r * e[0] + multipleE * P[0]) >> BITS;
        for (int i = 1; i < LIMBS; i++) {
            carryD += u * d[i] + v * e[i] + multipleD * P[i];
            carryE += q * d[i] + r * e[i] + multipleE * P[i];
            d[i - 1] = carryD & MASK;
            e[i - 1] = carryE & MASK;
            carryD >>= BITS;
            carryE >>= BITS;
        }
        d[LIMBS - 1] = carryD;
        e[LIMBS - 1] = carryE;
    }

    /**
     * The multiple of p that makes a sum divisible by 2^30: taken away where the sum's highest limb is not negative, so
     * that neither d nor e ever gets far from the range between -p and p.
     */
    private static long multiple(long lowest, long highest) {
        long multiple = (lowest * MINUS_INVERSE) & MASK;
        return highest >= 0 ? multiple - (1L << BITS) : multiple;
    }

    /** f is 1 or -1 now, or p if x was zero; in the latter case d is a multiple of p. */
    private Word result() {
        boolean negative = f[LIMBS - 1] < 0;
        Word x = Word.ZERO;
        for (int i = LIMBS - 1; i >= 0; i--) {
            x = x.times(1L << BITS);
            x = d[i] < 0 ? x.minus(Word.of(-d[i])) : x.plus(Word.of(d[i]));
        }
        x = negative ? Word.ZERO.minus(x) : x;
        while (x.l3() < 0) {
            x = x.plus(Fp.P);
        }
        while (x.compareTo(Fp.P) >= 0) {
            x = x.minus(Fp.P);
        }
        return x;
    }
}
