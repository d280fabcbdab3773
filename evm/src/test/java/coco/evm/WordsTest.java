package coco.evm;

import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.types.Word;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.BinaryOperator;
import org.junit.jupiter.api.Test;

/** The arithmetic against BigInteger: every pair of values at the edges of limbs, then random ones of every length. */
class WordsTest {
    private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(256);
    private static final BigInteger MASK = MODULUS.subtract(BigInteger.ONE);
    private static final long SEED = 20260301L;
    private static final int RANDOM_CASES = 20_000;

    private static final List<BigInteger> EDGES = edges();

    private final long[] s = new long[Frame.SCRATCH + Division.SCRATCH_LIMBS];

    private static List<BigInteger> edges() {
        List<BigInteger> edges = new ArrayList<>(List.of(BigInteger.ZERO));
        for (int bit : new int[] {0, 1, 31, 32, 63, 64, 65, 127, 128, 191, 192, 193, 254, 255}) {
            BigInteger power = BigInteger.ONE.shiftLeft(bit);
            edges.add(power);
            edges.add(power.subtract(BigInteger.ONE));
            edges.add(power.add(BigInteger.ONE));
            edges.add(MODULUS.subtract(power));
        }
        edges.add(MASK.subtract(BigInteger.ONE.shiftLeft(64)));
        edges.add(BigInteger.ONE.shiftLeft(192).subtract(BigInteger.ONE.shiftLeft(128)));
        edges.add(BigInteger.valueOf(3).shiftLeft(126));
        return edges;
    }

    /** Random numbers of random length, often with limbs of all zeros or all ones: where carries go wrong. */
    private static BigInteger random(Random random) {
        long[] limbs = new long[4];
        for (int i = 0; i < 4; i++) {
            limbs[i] = switch (random.nextInt(5)) {
                case 0 -> 0;
                case 1 -> -1;
                case 2 -> 1L << random.nextInt(64);
                default -> random.nextLong();
            };
        }
        return Word.of(limbs[0], limbs[1], limbs[2], limbs[3])
                .toBigInteger()
                .shiftRight(random.nextInt(4) == 0 ? random.nextInt(256) : 0);
    }

    private static BigInteger signed(BigInteger x) {
        return x.testBit(255) ? x.subtract(MODULUS) : x;
    }

    private static BigInteger bit(boolean value) {
        return value ? BigInteger.ONE : BigInteger.ZERO;
    }

    private void checkBinary(BiConsumer<long[], Integer> operation, BinaryOperator<BigInteger> model) {
        for (BigInteger a : EDGES) {
            for (BigInteger b : EDGES) {
                check(operation, model, a, b);
            }
        }
        Random random = new Random(SEED);
        for (int i = 0; i < RANDOM_CASES; i++) {
            check(operation, model, random(random), random(random));
        }
    }

    /** A number and a divisor that nearly divides it: where an estimated digit of the quotient is one too large. */
    private void checkNearMultiples(BiConsumer<long[], Integer> operation, BinaryOperator<BigInteger> model) {
        Random random = new Random(SEED);
        for (int i = 0; i < RANDOM_CASES; i++) {
            BigInteger divisor = random(random);
            BigInteger factor = random(random).shiftRight(divisor.bitLength());
            BigInteger near = divisor.multiply(factor).add(BigInteger.valueOf(random.nextInt(3) - 1));
            check(operation, model, near.and(MASK), divisor);
        }
    }

    private void check(
            BiConsumer<long[], Integer> operation, BinaryOperator<BigInteger> model, BigInteger a, BigInteger b) {
        Words.set(s, 4, Word.of(a));
        Words.set(s, 0, Word.of(b));
        operation.accept(s, 8);
        BigInteger expected = model.apply(a, b).and(MASK);
        if (!Words.get(s, 0).toBigInteger().equals(expected)) {
            assertThat(Words.get(s, 0).toBigInteger().toString(16))
                    .as("seed %d: %s and %s", SEED, a.toString(16), b.toString(16))
                    .isEqualTo(expected.toString(16));
        }
    }

    @Test
    void shouldAddAndSubtractLikeBigIntegers() {
        checkBinary(Words::add, BigInteger::add);
        checkBinary(Words::sub, BigInteger::subtract);
    }

    @Test
    void shouldMultiplyLikeBigIntegers() {
        checkBinary(Words::mul, BigInteger::multiply);
    }

    @Test
    void shouldDivideLikeBigIntegers() {
        checkBinary(Division::div, (a, b) -> b.signum() == 0 ? b : a.divide(b));
        checkBinary(Division::mod, (a, b) -> b.signum() == 0 ? b : a.mod(b));
        checkNearMultiples(Division::div, (a, b) -> b.signum() == 0 ? b : a.divide(b));
        checkNearMultiples(Division::mod, (a, b) -> b.signum() == 0 ? b : a.mod(b));
    }

    @Test
    void shouldDivideSignedNumbersTowardsZero() {
        checkBinary(Division::sdiv, (a, b) -> b.signum() == 0 ? b : signed(a).divide(signed(b)));
        checkBinary(Division::smod, (a, b) -> b.signum() == 0 ? b : signed(a).remainder(signed(b)));
    }

    @Test
    void shouldReduceSumsAndProductsWithoutOverflow() {
        for (BigInteger a : EDGES) {
            for (BigInteger b : EDGES) {
                for (BigInteger m : EDGES) {
                    checkReduced(a, b, m);
                }
            }
        }
        Random random = new Random(SEED);
        for (int i = 0; i < 2 * RANDOM_CASES; i++) {
            BigInteger a = i % 2 == 0 ? random(random) : EDGES.get(random.nextInt(EDGES.size()));
            BigInteger b = i % 3 == 0 ? random(random) : EDGES.get(random.nextInt(EDGES.size()));
            BigInteger m = i % 5 == 0 ? random(random) : random(random).setBit(255);
            checkReduced(a, b, m);
        }
    }

    private void checkReduced(BigInteger a, BigInteger b, BigInteger m) {
        BigInteger sum = m.signum() == 0 ? m : a.add(b).mod(m);
        BigInteger product = m.signum() == 0 ? m : a.multiply(b).mod(m);
        if (!ternary(Division::addmod, a, b, m).equals(sum)) {
            throw new AssertionError("seed %d: %x + %x mod %x".formatted(SEED, a, b, m));
        }
        if (!ternary(Division::mulmod, a, b, m).equals(product)) {
            throw new AssertionError("seed %d: %x * %x mod %x".formatted(SEED, a, b, m));
        }
    }

    private BigInteger ternary(BiConsumer<long[], Integer> operation, BigInteger a, BigInteger b, BigInteger c) {
        Words.set(s, 8, Word.of(a));
        Words.set(s, 4, Word.of(b));
        Words.set(s, 0, Word.of(c));
        operation.accept(s, 12);
        return Words.get(s, 0).toBigInteger();
    }

    @Test
    void shouldCompareLikeBigIntegers() {
        checkBinary((t, sp) -> Words.compare(t, sp, Op.LT), (a, b) -> bit(a.compareTo(b) < 0));
        checkBinary((t, sp) -> Words.compare(t, sp, Op.GT), (a, b) -> bit(a.compareTo(b) > 0));
        checkBinary(
                (t, sp) -> Words.compare(t, sp, Op.SLT), (a, b) -> bit(signed(a).compareTo(signed(b)) < 0));
        checkBinary(
                (t, sp) -> Words.compare(t, sp, Op.SGT), (a, b) -> bit(signed(a).compareTo(signed(b)) > 0));
        checkBinary(Words::eq, (a, b) -> bit(a.equals(b)));
    }

    @Test
    void shouldShiftLikeBigIntegers() {
        for (BigInteger value : EDGES) {
            for (int shift = 0; shift <= 260; shift++) {
                BigInteger by = BigInteger.valueOf(shift);
                check(Words::shl, (a, b) -> b.shiftLeft(a.intValue()), by, value);
                check(Words::shr, (a, b) -> b.shiftRight(a.intValue()), by, value);
                check(Words::sar, (a, b) -> signed(b).shiftRight(a.intValue()), by, value);
            }
        }
        checkBinary(Words::shl, (a, b) -> a.bitLength() > 9 ? BigInteger.ZERO : b.shiftLeft(a.intValue()));
        checkBinary(Words::shr, (a, b) -> a.bitLength() > 9 ? BigInteger.ZERO : b.shiftRight(a.intValue()));
        checkBinary(Words::sar, (a, b) -> signed(b).shiftRight(a.bitLength() > 9 ? 256 : a.intValue()));
    }

    @Test
    void shouldPickBytesAndExtendSigns() {
        for (BigInteger value : EDGES) {
            for (int index = 0; index < 34; index++) {
                BigInteger at = BigInteger.valueOf(index);
                check(Words::byteAt, (a, b) -> byteOf(a.intValue(), b), at, value);
                check(Words::signExtend, (a, b) -> extended(a.intValue(), b), at, value);
            }
        }
        checkBinary(Words::byteAt, (a, b) -> a.bitLength() > 6 ? BigInteger.ZERO : byteOf(a.intValue(), b));
        checkBinary(Words::signExtend, (a, b) -> a.bitLength() > 6 ? b : extended(a.intValue(), b));
    }

    private static BigInteger byteOf(int index, BigInteger value) {
        return index >= 32
                ? BigInteger.ZERO
                : value.shiftRight(8 * (31 - index)).and(BigInteger.valueOf(0xFF));
    }

    private static BigInteger extended(int index, BigInteger value) {
        if (index >= 31) {
            return value;
        }
        int bits = 8 * (index + 1);
        BigInteger low = value.and(BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE));
        return low.testBit(bits - 1) ? low.subtract(BigInteger.ONE.shiftLeft(bits)) : low;
    }

    @Test
    void shouldRaiseToPowersLikeBigIntegers() {
        checkBinary(Words::exp, (a, b) -> a.modPow(b, MODULUS));
        for (BigInteger base : EDGES) {
            for (int exponent = 0; exponent <= 300; exponent++) {
                check(Words::exp, (a, b) -> a.modPow(b, MODULUS), base, BigInteger.valueOf(exponent));
            }
        }
    }

    @Test
    void shouldCountLeadingZeros() {
        Words.set(s, 0, Word.ZERO);
        Words.clz(s, 4);
        assertThat(Words.get(s, 0)).isEqualTo(Word.of(256));
        for (int bit = 0; bit < 256; bit++) {
            Words.set(s, 0, Word.of(BigInteger.ONE.shiftLeft(bit).or(BigInteger.ONE)));
            Words.clz(s, 4);
            assertThat(Words.get(s, 0)).isEqualTo(Word.of(255 - bit));
        }
    }

    @Test
    void shouldPushUpToThirtyTwoBytes() {
        byte[] code = new byte[80];
        new Random(SEED).nextBytes(code);
        for (int count = 1; count <= 32; count++) {
            byte[] slice = Arrays.copyOfRange(code, 7, 7 + count);
            Words.push(s, 0, code, 7, count);
            assertThat(Words.get(s, 0)).isEqualTo(Word.ofBytes(slice));
            if (count <= 8) {
                assertThat(Words.shortPush(code, 7, count))
                        .isEqualTo(Word.ofBytes(slice).l0());
            }
        }
    }
}
