package coco.evm.precompiles.bn254;

import coco.evm.types.Word;
import org.jspecify.annotations.Nullable;

/**
 * A point of the twist y² = x³ + 3 / (9 + i) over Fp2: affine, or infinity. The twist has far more points than the
 * group of order r; which a point belongs to, {@link Pairing} finds out.
 */
public final class G2 {
    /** How many points the groups have. */
    static final Word ORDER = Word.fromHex("30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001");

    static final Fp2 B = new Fp2(Fp.of(3), Fp.ZERO).times(Fp2.XI.inverted());

    private static final G2 INFINITY = new G2(Fp2.ZERO, Fp2.ZERO);

    private final Fp2 x;
    private final Fp2 y;

    private G2(Fp2 x, Fp2 y) {
        this.x = x;
        this.y = y;
    }

    /**
     * The point with these coordinates, all zero being infinity; null if they are not below p or not on the twist.
     */
    public static @Nullable G2 of(Word xRe, Word xIm, Word yRe, Word yIm) {
        if (xRe.isZero() && xIm.isZero() && yRe.isZero() && yIm.isZero()) {
            return INFINITY;
        }
        Fp2 x = element(xRe, xIm);
        Fp2 y = element(yRe, yIm);
        if (x == null || y == null || !y.squared().is(x.squared().times(x).plus(B))) {
            return null;
        }
        return new G2(x, y);
    }

    private static @Nullable Fp2 element(Word re, Word im) {
        Fp real = Fp.of(re);
        Fp imaginary = Fp.of(im);
        return real == null || imaginary == null ? null : new Fp2(real, imaginary);
    }

    boolean isInfinity() {
        return x.isZero() && y.isZero();
    }

    Fp2 x() {
        return x;
    }

    Fp2 y() {
        return y;
    }

    G2 negated() {
        return new G2(x, y.negated());
    }

    /** What the Frobenius map of the full curve is on the twist. */
    G2 frobeniusMap() {
        return new G2(
                x.conjugated().times(Fp12.frobeniusFactor(2)), y.conjugated().times(Fp12.frobeniusFactor(3)));
    }
}
