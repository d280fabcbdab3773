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
                assertThat(x.plus(y).toWord().toBigInteger()).isEqualTo(a.add(b).mod(P));
                assertThat(x.minus(y).toWord().toBigInteger())
                        .isEqualTo(a.subtract(b).mod(P));
            }
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
        // A point of the twist outside the group of order r: the twist has far more points than that.
        assertThat(pointOfTheTwist()).isNull();
    }

    /** The first point of the twist with a small x, which G2 refuses unless it happens to have the right order. */
    private static @Nullable G2 pointOfTheTwist() {
        for (long i = 1; ; i++) {
            Fp2 x = new Fp2(Fp.of(i), Fp.ONE);
            Fp2 square = x.squared().times(x).plus(G2.B);
            Fp2 y = root(square);
            if (y != null) {
                return G2.of(x.re().toWord(), x.im().toWord(), y.re().toWord(), y.im().toWord());
            }
        }
    }

    /** A square root in Fp2 for p = 3 mod 4 by the complex method. */
    private static @Nullable Fp2 root(Fp2 square) {
        Word half = Word.of(P.add(BigInteger.ONE).shiftRight(2));
        Fp norm = square.re().squared().plus(square.im().squared()).power(half);
        for (Fp sign : new Fp[] {norm, norm.negated()}) {
            Fp re = square.re().plus(sign).times(Fp.of(2).inverted()).power(half);
            if (!re.isZero()) {
                Fp2 root = new Fp2(re, square.im().times(re.twice().inverted()));
                if (root.squared().is(square)) {
                    return root;
                }
            }
        }
        return null;
    }

    @Test
    void shouldPairBilinearly() {
        Random random = new Random(SEED);
        assertThat(Pairing.isOne(List.of())).isTrue();
        assertThat(Pairing.isOne(List.of(new Pairing.Pair(G, H)))).isFalse();
        assertThat(Pairing.isOne(List.of(new Pairing.Pair(G1.INFINITY, H)))).isTrue();
        for (int i = 0; i < 5; i++) {
            BigInteger a = new BigInteger(250, random);
            BigInteger b = new BigInteger(250, random);
            List<Pairing.Pair> sumsToZero = List.of(
                    new Pairing.Pair(affine(multiple(a)), H),
                    new Pairing.Pair(affine(multiple(b)), H),
                    new Pairing.Pair(affine(multiple(ORDER.subtract(a.add(b).mod(ORDER)))), H));
            assertThat(Pairing.isOne(sumsToZero)).as("seed %d", SEED).isTrue();
            assertThat(Pairing.isOne(sumsToZero.subList(0, 2))).isFalse();
        }
        assertThat(Pairing.isOne(List.of(new Pairing.Pair(G, H), new Pairing.Pair(G, H.negated()))))
                .isTrue();
    }

    private static G1 affine(G1 point) {
        byte[] bytes = point.toBytes();
        return Objects.requireNonNull(G1.of(Word.ofBytes32(bytes, 0), Word.ofBytes32(bytes, 32)));
    }
}
