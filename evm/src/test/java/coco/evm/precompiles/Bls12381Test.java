package coco.evm.precompiles;

import static org.assertj.core.api.Assertions.assertThat;

import coco.crypto.Sha256;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import supranational.blst.P1;
import supranational.blst.P2;

/** EIP-2537's rules one by one, and the groups by their laws. */
class Bls12381Test {
    private static final long SEED = 2537;
    private static final BigInteger ORDER = new BigInteger(Contracts.BLS_ORDER, 16);
    private static final BigInteger PRIME = new BigInteger(Contracts.BLS_PRIME, 16);

    /** One of the two groups and the contracts for it. */
    private record Group(int add, int msm, byte[] generator) {
        byte[] infinity() {
            return new byte[generator.length];
        }

        byte[] times(BigInteger factor) {
            return Contracts.output(msm, generator, scalar(factor));
        }

        byte[] plus(byte[] a, byte[] b) {
            return Contracts.output(add, a, b);
        }
    }

    private static final Group FIRST = new Group(0x0B, 0x0C, Contracts.BLS_G1);
    private static final Group SECOND = new Group(0x0D, 0x0E, Contracts.BLS_G2);
    private static final List<Group> GROUPS = List.of(FIRST, SECOND);

    /** (0, 2), a point of order three. */
    private static final byte[] OUTSIDE = element(64, 2);

    private static byte[] element(int at, int value) {
        byte[] point = new byte[128];
        point[at + 63] = (byte) value;
        return point;
    }

    private static byte[] scalar(BigInteger number) {
        return Contracts.hex(String.format("%064x", number));
    }

    private static BigInteger random(Random random) {
        return new BigInteger(256, random);
    }

    @Test
    void shouldFollowTheLawsOfAGroup() {
        Random random = new Random(SEED);
        for (Group group : GROUPS) {
            for (int i = 0; i < 10; i++) {
                BigInteger a = random(random);
                BigInteger b = random(random);
                byte[] sum = group.times(a.add(b).mod(ORDER));
                assertThat(group.plus(group.times(a), group.times(b)))
                        .as("seed %d", SEED)
                        .isEqualTo(sum);
                assertThat(Contracts.output(group.msm, group.generator, scalar(a), group.generator, scalar(b)))
                        .isEqualTo(sum);
            }
        }
    }

    @Test
    void shouldKnowInfinity() {
        for (Group group : GROUPS) {
            byte[] g = group.generator;
            byte[] minusG = group.times(ORDER.subtract(BigInteger.ONE));
            byte[] infinity = group.infinity();
            assertThat(group.plus(g, infinity)).isEqualTo(g);
            assertThat(group.plus(infinity, g)).isEqualTo(g);
            assertThat(group.plus(infinity, infinity)).isEqualTo(infinity);
            assertThat(group.plus(g, minusG)).isEqualTo(infinity);
            assertThat(group.plus(g, g)).isEqualTo(group.times(BigInteger.TWO));
            byte[] nine = Contracts.word(9);
            assertThat(Contracts.output(group.msm, infinity, nine)).isEqualTo(infinity);
            assertThat(Contracts.output(group.msm, infinity, nine, g, nine, infinity, nine))
                    .isEqualTo(group.times(BigInteger.valueOf(9)));
            assertThat(Contracts.output(group.msm, g, nine, minusG, nine)).isEqualTo(infinity);
        }
    }

    @Test
    void shouldTakeAnyScalar() {
        BigInteger max = BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE);
        for (Group group : GROUPS) {
            assertThat(group.times(BigInteger.ZERO)).isEqualTo(group.infinity());
            assertThat(group.times(ORDER)).isEqualTo(group.infinity());
            assertThat(group.times(ORDER.add(BigInteger.ONE))).isEqualTo(group.generator);
            assertThat(group.times(max)).isEqualTo(group.times(max.mod(ORDER)));
            assertThat(group.times(BigInteger.ONE.shiftLeft(255)))
                    .isEqualTo(group.times(BigInteger.ONE.shiftLeft(255).mod(ORDER)));
        }
    }

    @Test
    void shouldSumManyProductsLikeOneByOne() {
        Random random = new Random(SEED);
        for (Group group : GROUPS) {
            for (int count : new int[] {2, 3, 7, 8, 9, 31, 32, 33, 70, 129, 300}) {
                byte[][] terms = new byte[2 * count][];
                BigInteger sum = BigInteger.ZERO;
                for (int i = 0; i < count; i++) {
                    // Some points and scalars come again, some are infinity or zero.
                    BigInteger point = i % 5 == 1 ? BigInteger.valueOf(i % 3) : random(random);
                    BigInteger factor = i % 7 == 2 ? BigInteger.ZERO : i % 7 == 3 ? BigInteger.TWO : random(random);
                    terms[2 * i] = group.times(point);
                    terms[2 * i + 1] = scalar(factor);
                    sum = sum.add(point.multiply(factor));
                }
                assertThat(Contracts.output(group.msm, terms))
                        .as("seed %d, %d terms", SEED, count)
                        .isEqualTo(group.times(sum.mod(ORDER)));
            }
        }
    }

    @Test
    void shouldAddButNotMultiplyOrPairWhatIsOutsideTheGroup() {
        byte[] negated = Contracts.bytes(
                new byte[64], Contracts.padded(PRIME.subtract(BigInteger.TWO).toString(16)));
        assertThat(FIRST.plus(OUTSIDE, OUTSIDE)).isEqualTo(negated);
        assertThat(FIRST.plus(OUTSIDE, negated)).isEqualTo(FIRST.infinity());
        for (int factor : new int[] {0, 1, 3}) {
            assertThat(Contracts.run(0x0C, OUTSIDE, Contracts.word(factor))).isNull();
        }
        assertThat(Contracts.run(0x0C, FIRST.generator, Contracts.word(1), OUTSIDE, Contracts.word(3)))
                .isNull();
        assertThat(Contracts.run(0x0F, OUTSIDE, SECOND.generator)).isNull();
        assertThat(Contracts.run(0x0F, OUTSIDE, SECOND.infinity())).isNull();
        byte[] outside = pointOfTheTwist();
        assertThat(SECOND.plus(outside, SECOND.infinity())).isEqualTo(outside);
        assertThat(Contracts.run(0x0E, outside, Contracts.word(0))).isNull();
        assertThat(Contracts.run(0x0F, FIRST.generator, outside)).isNull();
        assertThat(Contracts.run(0x0F, FIRST.infinity(), outside)).isNull();
    }

    /** The point of the twist with x = 2 and a y in which the real part is not zero: outside the group. */
    private static byte[] pointOfTheTwist() {
        // y² = 8 + 4 (1 + i) = 12 + 4 i, by the complex method for p = 3 mod 4.
        BigInteger quarter = PRIME.add(BigInteger.ONE).shiftRight(2);
        BigInteger norm = BigInteger.valueOf(160).modPow(quarter, PRIME);
        BigInteger half = BigInteger.TWO.modInverse(PRIME);
        for (BigInteger sign : List.of(norm, PRIME.subtract(norm))) {
            BigInteger re = BigInteger.valueOf(12).add(sign).multiply(half).modPow(quarter, PRIME);
            BigInteger im = BigInteger.TWO.multiply(re.modInverse(PRIME)).mod(PRIME);
            boolean isRoot = re.multiply(re)
                    .subtract(im.multiply(im))
                    .subtract(BigInteger.valueOf(12))
                    .mod(PRIME)
                    .equals(BigInteger.ZERO);
            if (isRoot) {
                return Contracts.padded(String.format("%096x%096x%096x%096x", BigInteger.TWO, BigInteger.ZERO, re, im));
            }
        }
        throw new AssertionError("no point");
    }

    @Test
    void shouldRefuseEncodingsThatAreNotCanonical() {
        for (Group group : GROUPS) {
            for (int element = 0; element < group.generator.length; element += 64) {
                for (int padding = 0; padding < 16; padding++) {
                    byte[] point = group.generator.clone();
                    point[element + padding] = 1;
                    refuse(group, point);
                }
                for (int flag : new int[] {0x80, 0x40, 0x20}) {
                    byte[] point = group.generator.clone();
                    point[element + 16] |= (byte) flag;
                    refuse(group, point);
                    byte[] infinity = group.infinity();
                    infinity[element + 16] |= (byte) flag;
                    refuse(group, infinity);
                }
                byte[] point = group.generator.clone();
                BigInteger above = PRIME.add(new BigInteger(1, Arrays.copyOfRange(point, element, element + 64)));
                System.arraycopy(Contracts.padded(above.toString(16)), 0, point, element, 64);
                refuse(group, point);
                byte[] prime = group.infinity();
                System.arraycopy(Contracts.padded(Contracts.BLS_PRIME), 0, prime, element, 64);
                refuse(group, prime);
                byte[] offCurve = group.generator.clone();
                offCurve[element + 63] ^= 1;
                refuse(group, offCurve);
            }
        }
    }

    private static void refuse(Group group, byte[] point) {
        assertThat(Contracts.run(group.add, point, group.generator)).isNull();
        assertThat(Contracts.run(group.add, group.infinity(), point)).isNull();
        assertThat(Contracts.run(group.msm, point, Contracts.word(0))).isNull();
        byte[] pair = group.equals(FIRST)
                ? Contracts.bytes(point, SECOND.infinity())
                : Contracts.bytes(FIRST.infinity(), point);
        assertThat(Contracts.run(0x0F, pair)).isNull();
    }

    @Test
    void shouldRefuseOtherLengths() {
        int[][] lengths = {{0x0B, 256}, {0x0C, 160}, {0x0D, 512}, {0x0E, 288}, {0x0F, 384}, {0x10, 64}, {0x11, 128}};
        for (int[] each : lengths) {
            for (int length : new int[] {0, 1, each[1] - 1, each[1] + 1, 3 * each[1] - 1}) {
                assertThat(Contracts.run(each[0], new byte[length]))
                        .as("contract %d", each[0])
                        .isNull();
            }
            assertThat(Contracts.run(each[0], new byte[each[1]])).isNotNull();
        }
    }

    @Test
    void shouldPairBilinearly() {
        Random random = new Random(SEED);
        byte[] yes = Contracts.word(1);
        byte[] no = Contracts.word(0);
        assertThat(Contracts.run(0x0F, FIRST.generator, SECOND.generator)).isEqualTo(no);
        assertThat(Contracts.run(0x0F, FIRST.generator, SECOND.infinity())).isEqualTo(yes);
        assertThat(Contracts.run(0x0F, FIRST.infinity(), SECOND.generator)).isEqualTo(yes);
        for (int i = 0; i < 3; i++) {
            BigInteger a = random(random);
            BigInteger b = random(random);
            byte[] left = Contracts.bytes(FIRST.times(a), SECOND.times(b));
            byte[] negative = FIRST.times(ORDER.subtract(a.multiply(b).mod(ORDER)));
            byte[] infinities = Contracts.bytes(FIRST.infinity(), SECOND.generator, FIRST.generator, SECOND.infinity());
            assertThat(Contracts.run(0x0F, left, negative, SECOND.generator))
                    .as("seed %d", SEED)
                    .isEqualTo(yes);
            assertThat(Contracts.run(0x0F, left, infinities, negative, SECOND.generator))
                    .isEqualTo(yes);
            assertThat(Contracts.run(0x0F, left, infinities, FIRST.generator, SECOND.generator))
                    .isEqualTo(no);
        }
    }

    @Test
    void shouldChargeAsTheSpecificationSays() {
        assertThat(gas(0x0B, 256)).isEqualTo(375);
        assertThat(gas(0x0D, 512)).isEqualTo(600);
        assertThat(gas(0x10, 64)).isEqualTo(5_500);
        assertThat(gas(0x11, 128)).isEqualTo(23_800);
        assertThat(gas(0x0F, 0)).isEqualTo(37_700);
        assertThat(gas(0x0F, 2 * 384)).isEqualTo(37_700 + 2 * 32_600);
        assertThat(gas(0x0C, 0)).isZero();
        assertThat(gas(0x0C, 160)).isEqualTo(12_000);
        assertThat(gas(0x0C, 2 * 160)).isEqualTo(22_776);
        assertThat(gas(0x0C, 128 * 160)).isEqualTo(12 * 128 * 519);
        assertThat(gas(0x0C, 200 * 160)).isEqualTo(12 * 200 * 519);
        assertThat(gas(0x0E, 288)).isEqualTo(22_500);
        assertThat(gas(0x0E, 2 * 288)).isEqualTo(45_000);
        assertThat(gas(0x0E, 3 * 288)).isEqualTo(62_302);
        assertThat(gas(0x0E, 130 * 288)).isEqualTo(22_500L * 130 * 524 / 1000);
    }

    private static long gas(int address, int length) {
        return Contracts.at(address).gas(new byte[length], 0, length);
    }

    /** RFC 9380, appendices J.9.2 and J.10.2: the empty message, hashed to the field as it says there. */
    @Test
    void shouldMapLikeTheVectorOfTheStandard() {
        assertThat(
                        Contracts.output(
                                0x10,
                                Contracts.padded(
                                        "156c8a6a2c184569d69a76be144b5cdc5141d2d2ca4fe341f011e25e3969c55ad9e9b9ce2eb833c81a908e5fa4ac5f03")))
                .isEqualTo(
                        Contracts.padded(
                                "184bb665c37ff561a89ec2122dd343f20e0f4cbcaec84e3c3052ea81d1834e192c426074b02ed3dca4e7676ce4ce48ba"
                                        + "04407b8d35af4dacc809927071fc0405218f1401a6d15af775810e4e460064bcc9468beeba82fdc751be70476c888bf3"));
    }

    @Test
    void shouldMapLikeTheHashFunctionOfTheLibrary() {
        // The contracts ran, so the library is loaded.
        assertThat(FIRST.plus(FIRST.infinity(), FIRST.infinity())).isEqualTo(FIRST.infinity());
        for (int i = 0; i < 200; i++) {
            byte[] message = ("message " + i).getBytes(StandardCharsets.US_ASCII);
            byte[] point = new P1().encode_to(message, "domain").to_affine().serialize();
            assertThat(Contracts.output(0x10, hashed(message, "domain", 1)))
                    .as("message %d", i)
                    .isEqualTo(Contracts.padded(HEX.formatHex(point)));
            byte[] twisted = new P2().encode_to(message, "domain").to_affine().serialize();
            // The library writes the imaginary part first.
            assertThat(Contracts.output(0x11, hashed(message, "domain", 2)))
                    .as("message %d", i)
                    .isEqualTo(Contracts.padded(HEX.formatHex(twisted, 48, 96)
                            + HEX.formatHex(twisted, 0, 48)
                            + HEX.formatHex(twisted, 144, 192)
                            + HEX.formatHex(twisted, 96, 144)));
        }
    }

    private static final HexFormat HEX = HexFormat.of();

    /** hash_to_field with expand_message_xmd and SHA-256 (RFC 9380, sections 5.2 and 5.3.1): elements of 64 bytes. */
    private static byte[] hashed(byte[] message, String domain, int elements) {
        byte[] tag = domain.getBytes(StandardCharsets.US_ASCII);
        byte[] suffix = Contracts.bytes(tag, new byte[] {(byte) tag.length});
        int length = 64 * elements;
        byte[] first = Sha256.hash(Contracts.bytes(new byte[64], message, new byte[] {0, (byte) length, 0}, suffix));
        byte[] uniform = new byte[length];
        byte[] last = new byte[32];
        for (int i = 1; 32 * i <= length; i++) {
            byte[] mixed = first.clone();
            for (int j = 0; j < 32; j++) {
                mixed[j] ^= last[j];
            }
            last = Sha256.hash(Contracts.bytes(mixed, new byte[] {(byte) i}, suffix));
            System.arraycopy(last, 0, uniform, 32 * (i - 1), 32);
        }
        byte[][] out = new byte[elements][];
        for (int i = 0; i < elements; i++) {
            BigInteger number = new BigInteger(1, uniform, 64 * i, 64).mod(PRIME);
            out[i] = Contracts.padded(String.format("%096x", number));
        }
        return Contracts.bytes(out);
    }

    @Test
    void shouldMapEveryElementIntoTheGroup() {
        for (int i = 0; i < 64; i++) {
            BigInteger near = BigInteger.valueOf(i % 32);
            BigInteger number = i < 32 ? near : PRIME.subtract(near).subtract(BigInteger.ONE);
            byte[] element = Contracts.padded(String.format("%096x", number));
            byte[] point = Contracts.output(0x10, element);
            assertThat(Contracts.output(0x0C, point, Contracts.word(1))).isEqualTo(point);
            byte[] twisted = Contracts.output(0x11, element, element);
            assertThat(Contracts.output(0x0E, twisted, Contracts.word(1))).isEqualTo(twisted);
            assertThat(Contracts.output(0x11, element, new byte[64])).isNotNull();
            assertThat(Contracts.output(0x11, new byte[64], element)).isNotNull();
        }
        assertThat(Contracts.run(0x10, Contracts.padded(Contracts.BLS_PRIME))).isNull();
        assertThat(Contracts.run(0x11, new byte[64], Contracts.padded(Contracts.BLS_PRIME)))
                .isNull();
    }
}
