package coco.evm.precompiles.bn254;

import coco.evm.types.Word;
import org.jspecify.annotations.Nullable;

/** A point of y² = x³ + 3 over Fp, affine or infinity. The curve has prime order, so every point is in the group. */
public final class G1 {
    private static final Fp THREE = Fp.of(3);
    /** Digits of a factor while multiplying; the table then holds 1, 3, … 15 times the point. */
    private static final int WIDTH = 5;

    private static final int ODD_MULTIPLES = 1 << (WIDTH - 2);

    /** The neutral element. (0, 0) is not on the curve. */
    public static final G1 INFINITY = new G1(Fp.ZERO, Fp.ZERO);

    private final Fp x;
    private final Fp y;

    private G1(Fp x, Fp y) {
        this.x = x;
        this.y = y;
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
        return onCurve ? new G1(fx, fy) : null;
    }

    boolean isInfinity() {
        return x.isZero() && y.isZero();
    }

    Fp x() {
        return x;
    }

    Fp y() {
        return y;
    }

    /** The 64 bytes x ‖ y, zeros for infinity. */
    public byte[] toBytes() {
        byte[] out = new byte[64];
        x.toWord().writeTo(out, 0);
        y.toWord().writeTo(out, 32);
        return out;
    }

    /** By chord or tangent. */
    public G1 plus(G1 other) {
        if (isInfinity()) {
            return other;
        }
        if (other.isInfinity()) {
            return this;
        }
        boolean sameX = x.is(other.x);
        // No point has y = 0: the order of the curve is odd.
        if (sameX && !y.is(other.y)) {
            return INFINITY;
        }
        Fp rise = sameX ? thrice(x.squared()) : other.y.minus(y);
        Fp run = sameX ? y.twice() : other.x.minus(x);
        Fp slope = rise.times(run.inverted());
        Fp sumX = slope.squared().minus(x).minus(other.x);
        return new G1(sumX, slope.times(x.minus(sumX)).minus(y));
    }

    private static Fp thrice(Fp a) {
        return a.twice().plus(a);
    }

    /** The multiple by any 256-bit number. */
    public G1 times(Word factor) {
        if (isInfinity()) {
            return this;
        }
        Glv.Halves halves = Glv.split(factor);
        byte[] firstDigits = Naf.of(halves.first().l1(), halves.first().l0(), WIDTH);
        byte[] secondDigits = Naf.of(halves.second().l1(), halves.second().l0(), WIDTH);
        G1[] first = oddMultiples();
        G1[] second = new G1[ODD_MULTIPLES];
        for (int i = 0; i < ODD_MULTIPLES; i++) {
            Fp mappedY = halves.secondIsNegative() ? first[i].y.negated() : first[i].y;
            second[i] = new G1(Glv.map(first[i].x), mappedY);
        }
        Jacobian product = Jacobian.INFINITY;
        for (int i = Math.max(firstDigits.length, secondDigits.length) - 1; i >= 0; i--) {
            product = product.twice();
            product = i < firstDigits.length ? product.plusDigit(firstDigits[i], first) : product;
            product = i < secondDigits.length ? product.plusDigit(secondDigits[i], second) : product;
        }
        return product.affine(product.z.inverted());
    }

    /** 1, 3, … 15 times the point, none of which is infinity; one inversion serves them all (Montgomery's trick). */
    private G1[] oddMultiples() {
        Jacobian[] multiples = new Jacobian[ODD_MULTIPLES];
        Jacobian twice = new Jacobian(x, y, Fp.ONE).twice();
        // On the curve where twice the point has z = 1, sums with it are mixed ones; here again, each z has that
        // factor.
        Fp zz = twice.z.squared();
        Fp zzz = zz.times(twice.z);
        Jacobian sum = new Jacobian(x.times(zz), y.times(zzz), Fp.ONE);
        G1 step = new G1(twice.x, twice.y);
        Fp[] products = new Fp[ODD_MULTIPLES];
        products[0] = Fp.ONE;
        for (int i = 1; i < ODD_MULTIPLES; i++) {
            sum = sum.plus(step);
            multiples[i] = new Jacobian(sum.x, sum.y, sum.z.times(twice.z));
            products[i] = products[i - 1].times(multiples[i].z);
        }
        G1[] affine = new G1[ODD_MULTIPLES];
        affine[0] = this;
        Fp inverse = products[ODD_MULTIPLES - 1].inverted();
        for (int i = ODD_MULTIPLES - 1; i > 0; i--) {
            affine[i] = multiples[i].affine(inverse.times(products[i - 1]));
            inverse = inverse.times(multiples[i].z);
        }
        return affine;
    }

    /** (x / z², y / z³), infinity where z is zero: sums without inversions. */
    private record Jacobian(Fp x, Fp y, Fp z) {
        static final Jacobian INFINITY = new Jacobian(Fp.ONE, Fp.ONE, Fp.ZERO);

        Jacobian plusDigit(int digit, G1[] oddMultiples) {
            if (digit == 0) {
                return this;
            }
            G1 multiple = oddMultiples[Math.abs(digit) >> 1];
            return plus(digit > 0 ? multiple : new G1(multiple.x, multiple.y.negated()));
        }

        Jacobian plus(G1 other) {
            if (z.isZero()) {
                return new Jacobian(other.x, other.y, Fp.ONE);
            }
            Fp zz = z.squared();
            Fp h = other.x.times(zz).minus(x);
            Fp r = other.y.times(zz.times(z)).minus(y);
            if (h.isZero()) {
                return r.isZero() ? twice() : INFINITY;
            }
            Fp hh = h.squared();
            Fp hhh = hh.times(h);
            Fp v = x.times(hh);
            Fp sumX = r.squared().minus(hhh).minus(v.twice());
            Fp sumY = Fp.sumOfProducts(r, v.minus(sumX), y.negated(), hhh);
            return new Jacobian(sumX, sumY, z.times(h));
        }

        Jacobian twice() {
            Fp yy = y.squared();
            Fp s = x.times(yy).twice().twice();
            Fp m = thrice(x.squared());
            Fp doubledX = m.squared().minus(s.twice());
            Fp twoYy = yy.twice();
            Fp doubledY = Fp.sumOfProducts(m, s.minus(doubledX), twoYy.negated(), twoYy.twice());
            return new Jacobian(doubledX, doubledY, y.times(z).twice());
        }

        /** The point, given the inverse of z, which is zero for zero. */
        G1 affine(Fp inverse) {
            Fp square = inverse.squared();
            return new G1(x.times(square), y.times(square.times(inverse)));
        }
    }
}
