package coco.evm.precompiles.bn254;

import coco.evm.types.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Products of optimal ate pairings. The Miller loop keeps its points in homogeneous projective
 * coordinates and gets lines from the same steps (Costello, Lange and Naehrig, "Faster pairing computations on curves
 * with high-degree twists", 2010; Aranha et al., 2011); all pairs share its squarings and one final exponentiation
 * (Fuentes-Castaneda, Knapp and Rodriguez-Henriquez, 2011).
 */
public final class Pairing {
    /** The curve's parameter, from which p, r and the loop follow. */
    static final long X = 4965661367192848881L;
    /** X in digits as {@link Fp12#cyclotomicPower} takes them. */
    static final byte[] X_DIGITS = Naf.of(0, X, 4);
    /** 6 x + 2, which has 65 bits, in digits -1, 0 and 1. */
    private static final byte[] LOOP = loop(Word.of(X).times(6).plus(Word.of(2)));

    private static final Fp2 THREE_B = G2.B.twice().plus(G2.B);

    private Pairing() {}

    private static byte[] loop(Word count) {
        return Naf.of(count.l1(), count.l0(), 2);
    }

    /** Two points whose pairing is a factor. */
    public record Pair(G1 p, G2 q) {}

    /** What a product of pairings is. */
    public enum Product {
        ONE,
        NOT_ONE,
        /** There is none: a second point is on the twist, but not in the group. */
        UNDEFINED
    }

    /** The product of all pairings; it is one for none. */
    public static Product product(List<Pair> pairs) {
        List<Miller> factors = new ArrayList<>();
        List<Miller> pairedWithInfinity = new ArrayList<>();
        for (Pair pair : pairs) {
            if (!pair.q().isInfinity()) {
                (pair.p().isInfinity() ? pairedWithInfinity : factors).add(new Miller(pair));
            }
        }
        Fp12 f = millerLoop(factors);
        // What they pair to is one, but their second points must be in the group all the same.
        millerLoop(pairedWithInfinity);
        if (!Stream.concat(factors.stream(), pairedWithInfinity.stream()).allMatch(Miller::isOfGroup)) {
            return Product.UNDEFINED;
        }
        return factors.isEmpty() || exponentiated(f).isOne() ? Product.ONE : Product.NOT_ONE;
    }

    private static Fp12 millerLoop(List<Miller> loops) {
        Fp12 f = Fp12.ONE;
        if (loops.isEmpty()) {
            return f;
        }
        for (int i = LOOP.length - 2; i >= 0; i--) {
            f = f.squared();
            for (Miller loop : loops) {
                f = loop.step(f, LOOP[i]);
            }
        }
        for (Miller loop : loops) {
            f = loop.finish(f);
        }
        return f;
    }

    /** The power of (p^12 - 1) / r: first (p^6 - 1)(p^2 + 1), then the rest by powers of x. */
    private static Fp12 exponentiated(Fp12 f) {
        Fp12 easy = f.conjugated().times(f.inverted());
        Fp12 r = easy.frobeniusMap().frobeniusMap().times(easy);
        Fp12 y1 = r.cyclotomicPower(X_DIGITS).conjugated().cyclotomicSquare();
        Fp12 y3 = y1.cyclotomicSquare().times(y1);
        Fp12 y4 = y3.cyclotomicPower(X_DIGITS).conjugated();
        Fp12 y6 = y4.cyclotomicSquare().cyclotomicPower(X_DIGITS);
        Fp12 y8 = y6.times(y4).times(y3.conjugated());
        Fp12 y9 = y8.times(y1);
        Fp12 y11 = y8.times(y4).times(r);
        Fp12 y13 = y9.frobeniusMap().times(y11);
        Fp12 y14 = y8.frobeniusMap().frobeniusMap().times(y13);
        Fp12 y15 = r.conjugated().times(y9);
        return y15.frobeniusMap().frobeniusMap().frobeniusMap().times(y14);
    }

    /** The loop of one pair: a multiple of q, and the lines through it, taken at p. */
    private static final class Miller {
        private final Fp minusPx;
        private final Fp thricePx;
        private final Fp py;
        private final Fp minusPy;
        private final G2 q;
        private final G2 minusQ;
        private Fp2 x;
        private Fp2 y;
        private Fp2 z = Fp2.ONE;

        Miller(Pair pair) {
            Fp px = pair.p().x();
            minusPx = px.negated();
            thricePx = px.twice().plus(px);
            py = pair.p().y();
            minusPy = py.negated();
            q = pair.q();
            minusQ = q.negated();
            x = q.x();
            y = q.y();
        }

        Fp12 step(Fp12 f, int digit) {
            Fp12 doubled = twice(f);
            if (digit == 0) {
                return doubled;
            }
            return plus(doubled, digit > 0 ? q : minusQ);
        }

        /** The two last lines, through the images of q under the Frobenius map. */
        Fp12 finish(Fp12 f) {
            G2 once = q.frobeniusMap();
            return plus(plus(f, once), once.frobeniusMap().negated());
        }

        /**
         * Whether q is in the group, once the loop is finished. There, and nowhere else, 6x + 2 + ψ - ψ² + ψ³ takes q
         * to infinity, ψ being the Frobenius map; all but the last term is what the loop has summed up. The steps are
         * not made for equal or opposite points, which multiples of a point of the group are not: such a step makes z
         * zero, and it stays zero.
         */
        boolean isOfGroup() {
            G2 last = q.frobeniusMap().frobeniusMap().frobeniusMap().negated();
            return !z.isZero() && x.is(last.x().times(z)) && y.is(last.y().times(z));
        }

        private Fp12 twice(Fp12 f) {
            Fp2 a = x.times(y).halved();
            Fp2 b = y.squared();
            Fp2 c = z.squared();
            Fp2 e = THREE_B.times(c);
            Fp2 threeE = e.twice().plus(e);
            Fp2 g = b.plus(threeE).halved();
            Fp2 h = y.plus(z).squared().minus(b.plus(c));
            Fp2 j = x.squared();
            Fp2 ee = e.squared();
            x = a.times(b.minus(threeE));
            y = g.squared().minus(ee.twice().plus(ee));
            z = b.times(h);
            return f.timesLine(h.times(minusPy), j.times(thricePx), e.minus(b));
        }

        private Fp12 plus(Fp12 f, G2 other) {
            Fp2 theta = y.minus(other.y().times(z));
            Fp2 lambda = x.minus(other.x().times(z));
            Fp2 c = theta.squared();
            Fp2 d = lambda.squared();
            Fp2 e = lambda.times(d);
            Fp2 g = x.times(d);
            Fp2 h = e.plus(z.times(c)).minus(g.twice());
            Fp2 j = theta.times(other.x()).minus(lambda.times(other.y()));
            x = lambda.times(h);
            y = theta.times(g.minus(h)).minus(e.times(y));
            z = z.times(e);
            return f.timesLine(lambda.times(py), theta.times(minusPx), j);
        }
    }
}
