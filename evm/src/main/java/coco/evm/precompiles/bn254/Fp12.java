package coco.evm.precompiles.bn254;

import coco.evm.types.Word;

/** g + h · w, where w² = v. */
record Fp12(Fp6 g, Fp6 h) {
    static final Fp12 ONE = new Fp12(Fp6.ONE, Fp6.ZERO);

    /** ξ to the power of i (p - 1) / 6: what the Frobenius map multiplies w^i with. */
    private static final Fp2[] FROBENIUS = frobenius();

    private static Fp2[] frobenius() {
        Fp2 root = Fp2.XI.power(sixth(Fp.P.minus(Word.ONE)));
        Fp2[] powers = new Fp2[6];
        powers[0] = Fp2.ONE;
        for (int i = 1; i < 6; i++) {
            powers[i] = powers[i - 1].times(root);
        }
        return powers;
    }

    /** A sixth of a multiple of six, by long division of its bits. */
    private static Word sixth(Word number) {
        Word quotient = Word.ZERO;
        int remainder = 0;
        for (int bit = number.bitLength() - 1; bit >= 0; bit--) {
            remainder = 2 * remainder + (Bits.isSet(number, bit) ? 1 : 0);
            quotient = quotient.plus(quotient);
            if (remainder >= 6) {
                remainder -= 6;
                quotient = quotient.plus(Word.ONE);
            }
        }
        return quotient;
    }

    static Fp2 frobeniusFactor(int power) {
        return FROBENIUS[power];
    }

    boolean isOne() {
        return h.isZero() && g.minus(Fp6.ONE).isZero();
    }

    Fp12 times(Fp12 y) {
        Fp6 gg = g.times(y.g);
        Fp6 hh = h.times(y.h);
        Fp6 cross = g.plus(h).times(y.g.plus(y.h)).minus(gg).minus(hh);
        return new Fp12(gg.plus(hh.timesV()), cross);
    }

    Fp12 squared() {
        Fp6 product = g.times(h);
        Fp6 square = g.plus(h).times(g.plus(h.timesV())).minus(product).minus(product.timesV());
        return new Fp12(square, product.plus(product));
    }

    /** The product with a line: p + (q + r · v) · w. */
    Fp12 timesLine(Fp2 p, Fp2 q, Fp2 r) {
        Fp6 gp = g.times(p);
        Fp6 hl = h.timesSparse(q, r);
        Fp6 cross = g.plus(h).timesSparse(p.plus(q), r).minus(gp).minus(hl);
        return new Fp12(gp.plus(hl.timesV()), cross);
    }

    /** The power of p^6; the inverse of an element of the cyclotomic subgroup. */
    Fp12 conjugated() {
        return new Fp12(g, h.negated());
    }

    Fp12 inverted() {
        Fp6 norm = g.times(g).minus(h.times(h).timesV()).inverted();
        return new Fp12(g.times(norm), h.negated().times(norm));
    }

    /** The power of p. */
    Fp12 frobeniusMap() {
        return new Fp12(
                new Fp6(
                        g.a().conjugated(),
                        g.b().conjugated().times(FROBENIUS[2]),
                        g.c().conjugated().times(FROBENIUS[4])),
                new Fp6(
                        h.a().conjugated().times(FROBENIUS[1]),
                        h.b().conjugated().times(FROBENIUS[3]),
                        h.c().conjugated().times(FROBENIUS[5])));
    }

    Fp12 power(long exponent) {
        Fp12 power = this;
        for (int bit = 62 - Long.numberOfLeadingZeros(exponent); bit >= 0; bit--) {
            power = power.squared();
            if (((exponent >>> bit) & 1) != 0) {
                power = power.times(this);
            }
        }
        return power;
    }
}
