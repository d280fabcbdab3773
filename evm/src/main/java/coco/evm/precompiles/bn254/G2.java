package coco.evm.precompiles.bn254;

import coco.evm.types.Word;
import org.jspecify.annotations.Nullable;

/**
 * A point of the twist y² = x³ + 3 / (9 + i) over Fp2, of order r: affine, or infinity. Projective coordinates while a
 * pairing or a check of the order runs live in {@link Pairing} and {@link #hasOrder}.
 */
public final class G2 {
    /** How many points the groups have. */
    private static final Word ORDER = Word.fromHex("30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001");

    static final Fp2 B = new Fp2(Fp.of(3), Fp.ZERO).times(Fp2.XI.inverted());

    private static final G2 INFINITY = new G2(Fp2.ZERO, Fp2.ZERO);

    private final Fp2 x;
    private final Fp2 y;

    private G2(Fp2 x, Fp2 y) {
        this.x = x;
        this.y = y;
    }

    /**
     * The point with these coordinates, all zero being infinity; null if they are not below p, or not on the curve, or
     * the point is not in the group (EIP-197).
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
        G2 point = new G2(x, y);
        return point.hasOrder() ? point : null;
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

    /** Whether r times the point is infinity: double and add in Jacobian coordinates. */
    private boolean hasOrder() {
        Jacobian sum = new Jacobian(x, y, Fp2.ONE);
        for (int bit = ORDER.bitLength() - 2; bit >= 0; bit--) {
            sum = sum.twice();
            if (Bits.isSet(ORDER, bit)) {
                sum = sum.plus(x, y);
            }
        }
        return sum.z.isZero();
    }

    private record Jacobian(Fp2 x, Fp2 y, Fp2 z) {
        Jacobian twice() {
            Fp2 yy = y.squared();
            Fp2 s = x.times(yy).twice().twice();
            Fp2 xx = x.squared();
            Fp2 m = xx.twice().plus(xx);
            Fp2 doubledX = m.squared().minus(s.twice());
            Fp2 doubledY = m.times(s.minus(doubledX))
                    .minus(yy.squared().twice().twice().twice());
            return new Jacobian(doubledX, doubledY, y.times(z).twice());
        }

        Jacobian plus(Fp2 otherX, Fp2 otherY) {
            if (z.isZero()) {
                return new Jacobian(otherX, otherY, Fp2.ONE);
            }
            Fp2 zz = z.squared();
            Fp2 h = otherX.times(zz).minus(x);
            Fp2 r = otherY.times(zz).times(z).minus(y);
            if (h.isZero()) {
                return r.isZero() ? twice() : new Jacobian(Fp2.ONE, Fp2.ONE, Fp2.ZERO);
            }
            Fp2 hh = h.squared();
            Fp2 hhh = hh.times(h);
            Fp2 v = x.times(hh);
            Fp2 sumX = r.squared().minus(hhh).minus(v.twice());
            return new Jacobian(sumX, r.times(v.minus(sumX)).minus(y.times(hhh)), z.times(h));
        }
    }
}
