package coco.evm.precompiles.bn254;

import coco.evm.types.Word;
import org.jspecify.annotations.Nullable;

/** A point of y² = x³ + 3 over Fp in Jacobian coordinates: (x / z², y / z³); infinity where z is zero. */
public final class G1 {
    private static final Fp THREE = Fp.of(3);

    /** The neutral element. */
    public static final G1 INFINITY = new G1(Fp.ONE, Fp.ONE, Fp.ZERO);

    private final Fp x;
    private final Fp y;
    private final Fp z;

    private G1(Fp x, Fp y, Fp z) {
        this.x = x;
        this.y = y;
        this.z = z;
    }

    /** The point with these coordinates, (0, 0) being infinity; null if they are not below p or not on the curve. */
    public static @Nullable G1 of(Word x, Word y) {
        if (x.isZero() && y.isZero()) {
            return INFINITY;
        }
        Fp fx = Fp.of(x);
        Fp fy = Fp.of(y);
        if (fx == null || fy == null) {
            return null;
        }
        boolean onCurve = fy.squared().is(fx.squared().times(fx).plus(THREE));
        return onCurve ? new G1(fx, fy, Fp.ONE) : null;
    }

    boolean isInfinity() {
        return z.isZero();
    }

    private G1 affine() {
        Fp inverse = z.inverted();
        Fp square = inverse.squared();
        return new G1(x.times(square), y.times(square).times(inverse), Fp.ONE);
    }

    /** The affine x of a point that is not infinity and was read, not computed. */
    Fp x() {
        return x;
    }

    Fp y() {
        return y;
    }

    /** The 64 bytes x ‖ y, zeros for infinity. */
    public byte[] toBytes() {
        byte[] out = new byte[64];
        if (!isInfinity()) {
            G1 affine = affine();
            affine.x.toWord().writeTo(out, 0);
            affine.y.toWord().writeTo(out, 32);
        }
        return out;
    }

    /** Formulas "add-2007-bl" of the Explicit-Formulas Database, in plain words. */
    public G1 plus(G1 other) {
        if (isInfinity()) {
            return other;
        }
        if (other.isInfinity()) {
            return this;
        }
        Fp zz = z.squared();
        Fp otherZz = other.z.squared();
        Fp u = x.times(otherZz);
        Fp h = other.x.times(zz).minus(u);
        Fp s = y.times(otherZz).times(other.z);
        Fp r = other.y.times(zz).times(z).minus(s);
        if (h.isZero()) {
            return r.isZero() ? twice() : INFINITY;
        }
        Fp hh = h.squared();
        Fp hhh = hh.times(h);
        Fp v = u.times(hh);
        Fp sumX = r.squared().minus(hhh).minus(v.twice());
        Fp sumY = r.times(v.minus(sumX)).minus(s.times(hhh));
        return new G1(sumX, sumY, z.times(other.z).times(h));
    }

    private G1 twice() {
        Fp yy = y.squared();
        Fp s = x.times(yy).twice().twice();
        Fp xx = x.squared();
        Fp m = xx.twice().plus(xx);
        Fp doubledX = m.squared().minus(s.twice());
        Fp doubledY =
                m.times(s.minus(doubledX)).minus(yy.squared().twice().twice().twice());
        return new G1(doubledX, doubledY, y.times(z).twice());
    }

    /** The multiple by any 256-bit number, four bits at a time. */
    public G1 times(Word scalar) {
        G1[] multiples = new G1[16];
        multiples[0] = INFINITY;
        for (int i = 1; i < 16; i++) {
            multiples[i] = multiples[i - 1].plus(this);
        }
        G1 product = INFINITY;
        for (int bit = 252; bit >= 0; bit -= 4) {
            product = product.twice().twice().twice().twice();
            int nibble = Bits.nibble(scalar, bit);
            product = nibble == 0 ? product : product.plus(multiples[nibble]);
        }
        return product;
    }
}
