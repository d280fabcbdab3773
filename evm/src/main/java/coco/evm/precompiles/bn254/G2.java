package coco.evm.precompiles.bn254;

import coco.evm.types.Word;
import org.jspecify.annotations.Nullable;

/**
 * A point of the twist y² = x³ + 3 / (9 + i) over Fp2, of order r: affine, or infinity. Projective coordinates while a
 * pairing or a check of the group runs live in {@link Pairing} and {@link #isInGroup}.
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
        return point.isInGroup() ? point : null;
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

    /**
     * Whether the point is in the group: whether (x + 1) + x ψ + x ψ² - 2 x ψ³ takes it to infinity, where ψ is {@link
     * #frobeniusMap} (El Housni, Guillevic and Piellard, "Co-factor clearing and subgroup membership testing on
     * pairing-friendly curves", 2022). A multiple by 63 bits takes the place of one by 254.
     */
    private boolean isInGroup() {
        Jacobian byX = times(Pairing.X_DIGITS);
        Jacobian onceMapped = byX.frobeniusMap();
        Jacobian twiceMapped = onceMapped.frobeniusMap();
        Jacobian sum = byX.plus(x, y).plus(onceMapped).plus(twiceMapped);
        return sum.is(twiceMapped.twice().frobeniusMap());
    }

    /** The multiple by a number in digits as {@link Fp12#cyclotomicPower} takes them. */
    private Jacobian times(byte[] digits) {
        Jacobian[] odd = new Jacobian[4];
        odd[0] = new Jacobian(x, y, Fp2.ONE);
        Jacobian twice = odd[0].twice();
        for (int i = 1; i < odd.length; i++) {
            odd[i] = odd[i - 1].plus(twice);
        }
        Jacobian product = odd[digits[digits.length - 1] >> 1];
        for (int i = digits.length - 2; i >= 0; i--) {
            product = product.twice();
            int digit = digits[i];
            if (digit > 0) {
                product = product.plus(odd[digit >> 1]);
            } else if (digit < 0) {
                product = product.plus(odd[-digit >> 1].negated());
            }
        }
        return product;
    }

    /** (x / z², y / z³), infinity where z is zero: sums without inversions. */
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
            return plus(new Jacobian(otherX, otherY, Fp2.ONE));
        }

        Jacobian plus(Jacobian other) {
            if (z.isZero()) {
                return other;
            }
            if (other.z.isZero()) {
                return this;
            }
            Fp2 zz = z.squared();
            Fp2 otherZz = other.z.squared();
            Fp2 u = x.times(otherZz);
            Fp2 h = other.x.times(zz).minus(u);
            Fp2 s = y.times(otherZz).times(other.z);
            Fp2 r = other.y.times(zz).times(z).minus(s);
            if (h.isZero()) {
                return r.isZero() ? twice() : new Jacobian(Fp2.ONE, Fp2.ONE, Fp2.ZERO);
            }
            Fp2 hh = h.squared();
            Fp2 hhh = hh.times(h);
            Fp2 v = u.times(hh);
            Fp2 sumX = r.squared().minus(hhh).minus(v.twice());
            Fp2 sumY = r.times(v.minus(sumX)).minus(s.times(hhh));
            return new Jacobian(sumX, sumY, z.times(other.z).times(h));
        }

        Jacobian negated() {
            return new Jacobian(x, y.negated(), z);
        }

        Jacobian frobeniusMap() {
            return new Jacobian(
                    x.conjugated().times(Fp12.frobeniusFactor(2)),
                    y.conjugated().times(Fp12.frobeniusFactor(3)),
                    z.conjugated());
        }

        boolean is(Jacobian other) {
            if (z.isZero() || other.z.isZero()) {
                return z.isZero() && other.z.isZero();
            }
            Fp2 zz = z.squared();
            Fp2 otherZz = other.z.squared();
            return x.times(otherZz).is(other.x.times(zz))
                    && y.times(otherZz.times(other.z)).is(other.y.times(zz.times(z)));
        }
    }
}
