package coco.evm.precompiles.bn254;

import coco.evm.types.Word;
import java.math.BigInteger;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Points of the whole twist, which has many more than the group, by chord and tangent: slow and simple. */
record TwistPoint(Fp2 x, Fp2 y) {
    /** A random point, almost surely outside the group. */
    static TwistPoint random(Random random) {
        while (true) {
            Fp2 x = new Fp2(element(random), element(random));
            Fp2 y = root(x.squared().times(x).plus(G2.B));
            if (y != null) {
                return new TwistPoint(x, y);
            }
        }
    }

    private static Fp element(Random random) {
        return Fp.ofReduced(Word.of(new BigInteger(256, random).mod(Fp.P.toBigInteger())));
    }

    /** A square root in Fp2 for p = 3 mod 4 by the complex method. */
    private static @Nullable Fp2 root(Fp2 square) {
        Word quarter = Word.of(Fp.P.toBigInteger().add(BigInteger.ONE).shiftRight(2));
        Fp norm = square.re().squared().plus(square.im().squared()).power(quarter);
        for (Fp sign : new Fp[] {norm, norm.negated()}) {
            Fp re = square.re().plus(sign).halved().power(quarter);
            if (!re.isZero()) {
                Fp2 root = new Fp2(re, square.im().times(re.twice().inverted()));
                if (root.squared().is(square)) {
                    return root;
                }
            }
        }
        return null;
    }

    /** The multiple; null for infinity. */
    @Nullable
    TwistPoint times(BigInteger factor) {
        TwistPoint sum = null;
        for (int bit = factor.bitLength() - 1; bit >= 0; bit--) {
            sum = plus(sum, sum);
            if (factor.testBit(bit)) {
                sum = plus(sum, this);
            }
        }
        return sum;
    }

    private static @Nullable TwistPoint plus(@Nullable TwistPoint a, @Nullable TwistPoint b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        boolean sameX = a.x.is(b.x);
        if (sameX && (!a.y.is(b.y) || a.y.isZero())) {
            return null;
        }
        Fp2 square = a.x.squared();
        Fp2 rise = sameX ? square.twice().plus(square) : b.y.minus(a.y);
        Fp2 slope = rise.times((sameX ? a.y.twice() : b.x.minus(a.x)).inverted());
        Fp2 sumX = slope.squared().minus(a.x).minus(b.x);
        return new TwistPoint(sumX, slope.times(a.x.minus(sumX)).minus(a.y));
    }

    G2 toG2() {
        return Objects.requireNonNull(G2.of(x.re().toWord(), x.im().toWord(), y.re().toWord(), y.im().toWord()));
    }
}
