package coco.evm.precompiles.bn254;

import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.types.Word;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The field against BigInteger, the groups and the pairing by their laws. */
class Bn254Test {
    private static final long SEED = 254;
    private static final BigInteger P = Fp.P.toBigInteger();
    private static final BigInteger ORDER =
            new BigInteger("30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001", 16);
    /** A factor of the twist's cofactor. */
    private static final BigInteger SMALL_ORDER = BigInteger.valueOf(10_069);

    private static final G1 G = Objects.requireNonNull(G1.of(Word.ONE, Word.of(2)));

    /** The generator of the second group as EIP-197 gives it. */
    private static final G2 H = Objects.requireNonNull(g2(
            "10857046999023057135944570762232829481370756359578518086990519993285655852781",
            "11559732032986387107991004021392285783925812861821192530917403151452391805634",
            "8495653923123431417604973247489272438418190587263600148770280649306958101930",
            "4082367875863433681332203403145435568316851327593401208105741076214120093531"));

    private static @Nullable G2 g2(String xRe, String xIm, String yRe, String yIm) {
        return G2.of(word(xRe), word(xIm), word(yRe), word(yIm));
    }

    private static Word word(String decimal) {
        return Word.of(new BigInteger(decimal));
    }

    private static G1 multiple(BigInteger factor) {
        return G.times(Word.of(factor));
    }

    @Test
    void shouldComputeInTheFieldLikeBigIntegers() {
        Random random = new Random(SEED);
        List<BigInteger> values = new ArrayList<>(List.of(
                BigInteger.ZERO,
                BigInteger.ONE,
                P.subtract(BigInteger.ONE),
                P.shiftRight(1),
                BigInteger.ONE.shiftLeft(64),
                BigInteger.ONE.shiftLeft(192).subtract(BigInteger.ONE)));
        for (int i = 0; i < 60; i++) {
            values.add(new BigInteger(256, random).mod(P));
        }
        for (BigInteger a : values) {
            for (BigInteger b : values) {
                Fp x = Objects.requireNonNull(Fp.of(Word.of(a)));
                Fp y = Objects.requireNonNull(Fp.of(Word.of(b)));
                assertThat(x.times(y).toWord().toBigInteger())
                        .as("seed %d", SEED)
                        .isEqualTo(a.multiply(b).mod(P));
                assertThat(Fp.sumOfProducts(x, y, y, y).toWord().toBigInteger())
                        .isEqualTo(a.add(b).multiply(b).mod(P));
                assertThat(x.plus(y).toWord().toBigInteger()).isEqualTo(a.add(b).mod(P));
                assertThat(x.minus(y).toWord().toBigInteger())
                        .isEqualTo(a.subtract(b).mod(P));
            }
            assertThat(Objects.requireNonNull(Fp.of(Word.of(a)))
                            .halved()
                            .twice()
                            .toWord()
                            .toBigInteger())
                    .isEqualTo(a);
            if (a.signum() > 0) {
                Fp x = Objects.requireNonNull(Fp.of(Word.of(a)));
                assertThat(x.inverted().toWord().toBigInteger()).isEqualTo(a.modInverse(P));
            }
        }
        assertThat(Fp.of(Fp.P)).isNull();
    }

    @Test
    void shouldInvertInTheWholeTower() {
        Fp2 a = new Fp2(Fp.of(3), Fp.of(5));
        Fp2 b = new Fp2(Fp.of(7), Fp.of(11));
        Fp6 c = new Fp6(a, b, a.times(b));
        Fp12 d = new Fp12(c, c.timesV().plus(c));
        assertThat(a.times(a.inverted()).is(Fp2.ONE)).isTrue();
        assertThat(c.times(c.inverted()).minus(Fp6.ONE).isZero()).isTrue();
        assertThat(d.times(d.inverted()).isOne()).isTrue();
        assertThat(d.squared().times(d.times(d).inverted()).isOne()).isTrue();
        Fp12 mapped = d;
        for (int i = 0; i < 12; i++) {
            mapped = mapped.frobeniusMap();
        }
        assertThat(mapped.times(d.inverted()).isOne()).isTrue();
    }

    @Test
    void shouldFollowTheLawsOfAGroup() {
        Random random = new Random(SEED);
        for (int i = 0; i < 20; i++) {
            BigInteger a = new BigInteger(250, random);
            BigInteger b = new BigInteger(250, random);
            assertThat(multiple(a).plus(multiple(b)).toBytes())
                    .as("seed %d", SEED)
                    .isEqualTo(multiple(a.add(b)).toBytes());
        }
        assertThat(multiple(ORDER).isInfinity()).isTrue();
        assertThat(G.plus(multiple(ORDER.subtract(BigInteger.ONE))).isInfinity())
                .isTrue();
        assertThat(G.plus(G).toBytes()).isEqualTo(multiple(BigInteger.TWO).toBytes());
        assertThat(G1.INFINITY.plus(G).toBytes()).isEqualTo(G.toBytes());
    }

    @Test
    void shouldRefuseWhatIsNotInTheGroups() {
        assertThat(G1.of(Word.ONE, Word.ONE)).isNull();
        assertThat(G1.of(Fp.P.plus(Word.ONE), Word.of(2))).isNull();
        assertThat(G2.of(Word.ONE, Word.ONE, Word.ONE, Word.ONE)).isNull();
    }

    @Test
    void shouldTellTheGroupFromTheRestOfTheTwist() {
        Random random = new Random(SEED);
        BigInteger cofactor = P.shiftLeft(1).subtract(ORDER);
        for (int i = 0; i < 20; i++) {
            TwistPoint point = TwistPoint.random(random);
            assertThat(isInGroup(point)).as("seed %d", SEED).isEqualTo(point.times(ORDER) == null);
            TwistPoint inside = Objects.requireNonNull(point.times(cofactor));
            assertThat(inside.times(ORDER)).isNull();
            assertThat(isInGroup(inside)).isTrue();
            // What the order leaves of a point lies in the other subgroups alone.
            TwistPoint outside = Objects.requireNonNull(point.times(ORDER));
            assertThat(isInGroup(outside)).isFalse();
            // Of so small an order that the pairing's loop comes by infinity and by equal points.
            TwistPoint small = outside.times(cofactor.divide(SMALL_ORDER));
            assertThat(small != null && isInGroup(small)).isFalse();
        }
    }

    /** As both kinds of pairs tell: one with a point, one with infinity. */
    private static boolean isInGroup(TwistPoint point) {
        Pairing.Product product = Pairing.product(List.of(new Pairing.Pair(G, point.toG2())));
        Pairing.Product withInfinity = Pairing.product(List.of(new Pairing.Pair(G1.INFINITY, point.toG2())));
        assertThat(withInfinity)
                .isEqualTo(product == Pairing.Product.UNDEFINED ? Pairing.Product.UNDEFINED : Pairing.Product.ONE);
        return product != Pairing.Product.UNDEFINED;
    }

    private static boolean isOne(List<Pairing.Pair> pairs) {
        Pairing.Product product = Pairing.product(pairs);
        assertThat(product).isNotEqualTo(Pairing.Product.UNDEFINED);
        return product == Pairing.Product.ONE;
    }

    /**
     * The proof that the check of the group is exact. The endomorphism ψ satisfies ψ² - tψ + p = 0, so the check's
     * polynomial in ψ is some α ψ + β, and N = α² p + α β t + β² takes every point to infinity that passes. If N and
     * the cofactor have no common factor, the order of such a point is r. And the group passes, because ψ is p on it.
     */
    @Test
    void shouldAcceptPointsOfNoOtherOrder() {
        BigInteger x = BigInteger.valueOf(Pairing.X);
        BigInteger t = x.multiply(x).multiply(BigInteger.valueOf(6)).add(BigInteger.ONE);
        // 6x + 2 + ψ - ψ² + ψ³, by ψ² = tψ - p and ψ³ = (t² - p) ψ - tp.
        BigInteger alpha = BigInteger.ONE.subtract(t).add(t.multiply(t)).subtract(P);
        BigInteger beta =
                x.multiply(BigInteger.valueOf(6)).add(BigInteger.TWO).add(P).subtract(t.multiply(P));
        BigInteger norm = alpha.multiply(alpha)
                .multiply(P)
                .add(alpha.multiply(beta).multiply(t))
                .add(beta.multiply(beta));
        BigInteger cofactor = P.shiftLeft(1).subtract(ORDER);
        assertThat(norm.gcd(cofactor)).isEqualTo(BigInteger.ONE);
        assertThat(alpha.multiply(P).add(beta).mod(ORDER)).isEqualTo(BigInteger.ZERO);
    }

    @Test
    void shouldSplitFactorsIntoHalves() {
        BigInteger x = BigInteger.valueOf(Pairing.X);
        BigInteger lambda = x.pow(3)
                .multiply(BigInteger.valueOf(36))
                .add(x.pow(2).multiply(BigInteger.valueOf(18)))
                .add(x.multiply(BigInteger.valueOf(6)))
                .add(BigInteger.ONE);
        assertThat(multiple(lambda).x().is(Glv.map(G.x()))).isTrue();
        assertThat(multiple(lambda).y().is(G.y())).isTrue();
        for (BigInteger factor : factors()) {
            Glv.Halves halves = Glv.split(Word.of(factor));
            assertThat(halves.first().bitLength()).as("%x", factor).isLessThanOrEqualTo(128);
            assertThat(halves.second().bitLength()).as("%x", factor).isLessThanOrEqualTo(128);
            BigInteger second = halves.second().toBigInteger();
            BigInteger sum = halves.first()
                    .toBigInteger()
                    .add(lambda.multiply(halves.secondIsNegative() ? second.negate() : second));
            assertThat(sum.subtract(factor).mod(ORDER)).as("%x", factor).isEqualTo(BigInteger.ZERO);
        }
    }

    @Test
    void shouldMultiplyLikeRepeatedAddition() {
        for (BigInteger factor : factors()) {
            G1 sum = G1.INFINITY;
            for (int bit = 255; bit >= 0; bit--) {
                sum = sum.plus(sum);
                sum = factor.testBit(bit) ? sum.plus(G) : sum;
            }
            assertThat(multiple(factor).toBytes()).as("%x", factor).isEqualTo(sum.toBytes());
            assertThat(G1.INFINITY.times(Word.of(factor)).isInfinity()).isTrue();
        }
    }

    private static List<BigInteger> factors() {
        Random random = new Random(SEED);
        List<BigInteger> factors = new ArrayList<>();
        for (long small = 0; small < 40; small++) {
            factors.add(BigInteger.valueOf(small));
            factors.add(ORDER.subtract(BigInteger.valueOf(20)).add(BigInteger.valueOf(small)));
            factors.add(ORDER.shiftLeft(1).subtract(BigInteger.valueOf(20)).add(BigInteger.valueOf(small)));
        }
        for (int bit = 60; bit < 256; bit++) {
            factors.add(BigInteger.ONE.shiftLeft(bit));
            factors.add(BigInteger.ONE.shiftLeft(bit + 1).subtract(BigInteger.ONE));
            factors.add(new BigInteger(bit, random));
        }
        return factors;
    }

    @Test
    void shouldWriteNumbersInFewDigits() {
        Random random = new Random(SEED);
        for (int i = 0; i < 2000; i++) {
            int width = 2 + i % 4;
            BigInteger number = i < 20
                    ? BigInteger.ONE.shiftLeft(128).subtract(BigInteger.valueOf(i + 1))
                    : new BigInteger(random.nextInt(129), random);
            byte[] digits = Naf.of(number.shiftRight(64).longValue(), number.longValue(), width);
            BigInteger sum = BigInteger.ZERO;
            for (int j = digits.length - 1; j >= 0; j--) {
                assertThat(digits[j] == 0 || (digits[j] & 1) != 0).isTrue();
                assertThat(Math.abs(digits[j])).isLessThan((byte) (1 << (width - 1)));
                sum = sum.shiftLeft(1).add(BigInteger.valueOf(digits[j]));
            }
            assertThat(sum).as("seed %d", SEED).isEqualTo(number);
        }
    }

    @Test
    void shouldInvertAnyNumber() {
        Random random = new Random(SEED);
        assertThat(Fp.ZERO.inverted().isZero()).isTrue();
        for (int i = 0; i < 20_000; i++) {
            BigInteger number = new BigInteger(1 + i % 254, random).mod(P).max(BigInteger.ONE);
            BigInteger inverse = Inversion.inverse(Word.of(number)).toBigInteger();
            assertThat(inverse).as("seed %d, %x", SEED, number).isEqualTo(number.modInverse(P));
            BigInteger complement = P.subtract(number);
            assertThat(Inversion.inverse(Word.of(complement)).toBigInteger())
                    .as("seed %d, %x", SEED, complement)
                    .isEqualTo(P.subtract(inverse));
        }
    }

    @Test
    void shouldSquareAndRaiseInTheCyclotomicSubgroup() {
        Fp2 a = new Fp2(Fp.of(3), Fp.of(5));
        Fp2 b = new Fp2(Fp.of(7), Fp.of(11));
        Fp6 c = new Fp6(a, b, a.times(b));
        Fp12 d = new Fp12(c, c.timesV().plus(c));
        Fp12 easy = d.conjugated().times(d.inverted());
        Fp12 cyclotomic = easy.frobeniusMap().frobeniusMap().times(easy);
        assertThat(isSame(cyclotomic.cyclotomicSquare(), cyclotomic.squared())).isTrue();
        Fp12 power = cyclotomic;
        for (int bit = 61; bit >= 0; bit--) {
            power = power.squared();
            power = ((Pairing.X >>> bit) & 1) != 0 ? power.times(cyclotomic) : power;
        }
        assertThat(isSame(cyclotomic.cyclotomicPower(Pairing.X_DIGITS), power)).isTrue();
    }

    private static boolean isSame(Fp12 a, Fp12 b) {
        return a.times(b.inverted()).isOne();
    }

    @Test
    void shouldPairBilinearly() {
        Random random = new Random(SEED);
        assertThat(isOne(List.of())).isTrue();
        assertThat(isOne(List.of(new Pairing.Pair(G, H)))).isFalse();
        assertThat(isOne(List.of(new Pairing.Pair(G1.INFINITY, H)))).isTrue();
        for (int i = 0; i < 5; i++) {
            BigInteger a = new BigInteger(250, random);
            BigInteger b = new BigInteger(250, random);
            List<Pairing.Pair> sumsToZero = List.of(
                    new Pairing.Pair(multiple(a), H),
                    new Pairing.Pair(multiple(b), H),
                    new Pairing.Pair(multiple(ORDER.subtract(a.add(b).mod(ORDER))), H));
            assertThat(isOne(sumsToZero)).as("seed %d", SEED).isTrue();
            assertThat(isOne(sumsToZero.subList(0, 2))).isFalse();
        }
        assertThat(isOne(List.of(new Pairing.Pair(G, H), new Pairing.Pair(G, H.negated()))))
                .isTrue();
    }
}
