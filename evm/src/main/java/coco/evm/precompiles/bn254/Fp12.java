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

    /**
     * The square of an element of the cyclotomic subgroup (Granger and Scott, "Faster squaring in the cyclotomic
     * subgroup of sixth degree extensions", 2010): three squares in Fp4 instead of two products in Fp6.
     */
    Fp12 cyclotomicSquare() {
        Fp4Square first = Fp4Square.of(g.a(), h.b());
        Fp4Square second = Fp4Square.of(h.a(), g.c());
        Fp4Square third = Fp4Square.of(g.b(), h.c());
        return new Fp12(
                new Fp6(
                        thriceMinusTwice(first.re, g.a()),
                        thriceMinusTwice(second.re, g.b()),
                        thriceMinusTwice(third.re, g.c())),
                new Fp6(
                        thricePlusTwice(third.im.timesXi(), h.a()),
                        thricePlusTwice(first.im, h.b()),
                        thricePlusTwice(second.im, h.c())));
    }

    private static Fp2 thriceMinusTwice(Fp2 x, Fp2 y) {
        return x.minus(y).twice().plus(x);
    }

    private static Fp2 thricePlusTwice(Fp2 x, Fp2 y) {
        return x.plus(y).twice().plus(x);
    }

    /** The square of a + b · s, where s² = ξ. */
    private record Fp4Square(Fp2 re, Fp2 im) {
        static Fp4Square of(Fp2 a, Fp2 b) {
            return new Fp4Square(
                    a.squared().plus(b.squared().timesXi()), a.times(b).twice());
        }
    }

    /**
     * The power of an element of the cyclotomic subgroup.
     *
     * @param digits the exponent in odd digits between -7 and 7 and zeros, the lowest first and the highest not zero
     */
    Fp12 cyclotomicPower(byte[] digits) {
        Fp12[] odd = new Fp12[4];
        odd[0] = this;
        Fp12 square = cyclotomicSquare();
        for (int i = 1; i < odd.length; i++) {
            odd[i] = odd[i - 1].times(square);
        }
        Fp12 power = odd[digits[digits.length - 1] >> 1];
        for (int i = digits.length - 2; i >= 0; i--) {
            power = power.cyclotomicSquare();
            int digit = digits[i];
            if (digit > 0) {
                power = power.times(odd[digit >> 1]);
            } else if (digit < 0) {
                power = power.times(odd[-digit >> 1].conjugated());
            }
        }
        return power;
    }
}
