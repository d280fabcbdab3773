package coco.evm.precompiles.bn254;

import coco.evm.types.Word;

/** re + im · i, where i² = -1. */
record Fp2(Fp re, Fp im) {
    static final Fp2 ZERO = new Fp2(Fp.ZERO, Fp.ZERO);
    static final Fp2 ONE = new Fp2(Fp.ONE, Fp.ZERO);
    /** 9 + i, of which the tower takes the cube and square roots. */
    static final Fp2 XI = new Fp2(Fp.of(9), Fp.ONE);

    boolean isZero() {
        return re.isZero() && im.isZero();
    }

    boolean is(Fp2 other) {
        return re.is(other.re) && im.is(other.im);
    }

    Fp2 plus(Fp2 y) {
        return new Fp2(re.plus(y.re), im.plus(y.im));
    }

    Fp2 minus(Fp2 y) {
        return new Fp2(re.minus(y.re), im.minus(y.im));
    }

    Fp2 negated() {
        return new Fp2(re.negated(), im.negated());
    }

    Fp2 twice() {
        return plus(this);
    }

    Fp2 halved() {
        return new Fp2(re.halved(), im.halved());
    }

    Fp2 conjugated() {
        return new Fp2(re, im.negated());
    }

    /** Four products and two reductions: cheaper here than Karatsuba's three of each with five sums. */
    Fp2 times(Fp2 y) {
        return new Fp2(Fp.sumOfProducts(re, y.re, im, y.im.negated()), Fp.sumOfProducts(re, y.im, im, y.re));
    }

    Fp2 times(Fp y) {
        return new Fp2(re.times(y), im.times(y));
    }

    Fp2 squared() {
        Fp product = re.times(im);
        return new Fp2(re.plus(im).times(re.minus(im)), product.twice());
    }

    /** The product with 9 + i. */
    Fp2 timesXi() {
        return new Fp2(nineTimes(re).minus(im), nineTimes(im).plus(re));
    }

    private static Fp nineTimes(Fp x) {
        return x.twice().twice().twice().plus(x);
    }

    Fp2 inverted() {
        Fp norm = re.squared().plus(im.squared()).inverted();
        return new Fp2(re.times(norm), im.negated().times(norm));
    }

    Fp2 power(Word exponent) {
        Fp2 power = ONE;
        for (int bit = exponent.bitLength() - 1; bit >= 0; bit--) {
            power = power.squared();
            if (Bits.isSet(exponent, bit)) {
                power = power.times(this);
            }
        }
        return power;
    }
}
