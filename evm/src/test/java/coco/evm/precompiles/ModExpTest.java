package coco.evm.precompiles;

import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.types.Fork;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ModExpTest {
    private static final long SEED = 198;

    private static byte[] input(int base, int exponent, int modulus, String digits) {
        return Contracts.bytes(
                Contracts.word(base), Contracts.word(exponent), Contracts.word(modulus), Contracts.hex(digits));
    }

    private static long gas(Fork fork, byte[] input) {
        return Contracts.at(fork, 0x05).gas(input, 0, input.length);
    }

    @Test
    void shouldRaiseToPowersLikeBigIntegers() {
        Random random = new Random(SEED);
        for (int i = 0; i < 3000; i++) {
            BigInteger modulus = new BigInteger(1 + random.nextInt(300), random)
                    .shiftLeft(random.nextInt(3) == 0 ? random.nextInt(200) : 0)
                    .add(BigInteger.TWO);
            BigInteger base = new BigInteger(random.nextInt(400), random).shiftLeft(random.nextInt(4) * 3);
            BigInteger exponent = new BigInteger(random.nextInt(random.nextBoolean() ? 300 : 6), random);
            assertThat(ModExp.power(base, exponent, modulus))
                    .as("seed %d: %x ^ %x mod %x", SEED, base, exponent, modulus)
                    .isEqualTo(base.modPow(exponent, modulus));
        }
    }

    @Test
    void shouldRaiseToPowersByPowersOfTwo() {
        Random random = new Random(SEED);
        for (int bits = 1; bits < 200; bits++) {
            BigInteger modulus = BigInteger.ONE.shiftLeft(bits);
            for (int zeros = 0; zeros < 4; zeros++) {
                BigInteger base = new BigInteger(150, random).setBit(0).shiftLeft(zeros);
                for (int exponent = 0; exponent < 70; exponent += 1 + random.nextInt(9)) {
                    assertThat(ModExp.power(base, BigInteger.valueOf(exponent), modulus))
                            .as("%x ^ %d mod 2^%d", base, exponent, bits)
                            .isEqualTo(base.modPow(BigInteger.valueOf(exponent), modulus));
                }
            }
        }
    }

    @Test
    void shouldReadNumbersThatAreNotThere() {
        assertThat(Contracts.run(0x05, new byte[0])).isEmpty();
        assertThat(Contracts.run(0x05, input(1, 1, 1, "0302"))).isEqualTo(new byte[] {0});
        assertThat(Contracts.run(0x05, input(1, 1, 1, "030205"))).isEqualTo(new byte[] {4});
        // The modulus begins with the one byte that is there.
        assertThat(Contracts.run(0x05, input(1, 1, 2, "030205"))).isEqualTo(new byte[] {0, 9});
        assertThat(Contracts.run(0x05, input(0, 0, 1, "07"))).isEqualTo(new byte[] {1});
        assertThat(Contracts.run(0x05, input(0, 0, 1, "01"))).isEqualTo(new byte[] {0});
        assertThat(Contracts.run(0x05, input(1, 1, 0, "0302"))).isEmpty();
        assertThat(Contracts.run(0x05, input(1, 1, 3, "0302000000"))).isEqualTo(new byte[3]);
    }

    @Test
    void shouldBoundLengthsSinceOsaka() {
        for (int at = 0; at < 3; at++) {
            int[] lengths = {1, 1, 1};
            lengths[at] = 1024;
            byte[] fits = input(lengths[0], lengths[1], lengths[2], "");
            lengths[at] = 1025;
            byte[] tooLong = input(lengths[0], lengths[1], lengths[2], "");
            assertThat(gas(Fork.OSAKA, fits)).isLessThan(Long.MAX_VALUE);
            assertThat(Contracts.run(0x05, fits)).isNotNull();
            assertThat(gas(Fork.OSAKA, tooLong)).isEqualTo(Long.MAX_VALUE);
            assertThat(Contracts.run(0x05, tooLong)).isNull();
            assertThat(gas(Fork.PRAGUE, tooLong)).isLessThan(Long.MAX_VALUE);
        }
        byte[] huge = new byte[96];
        Arrays.fill(huge, (byte) 0xFF);
        assertThat(gas(Fork.OSAKA, huge)).isEqualTo(Long.MAX_VALUE);
        assertThat(gas(Fork.BERLIN, huge)).isEqualTo(Long.MAX_VALUE);
        assertThat(gas(Fork.BYZANTIUM, huge)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void shouldChargeAsTheSpecificationsSay() {
        byte[] square = input(32, 1, 32, "00".repeat(32) + "02" + "ff".repeat(32));
        assertThat(gas(Fork.BYZANTIUM, square)).isEqualTo(51);
        assertThat(gas(Fork.BERLIN, square)).isEqualTo(200);
        assertThat(gas(Fork.OSAKA, square)).isEqualTo(500);
        byte[] power = input(64, 33, 64, "00".repeat(64) + "ff".repeat(33) + "ff".repeat(64));
        assertThat(gas(Fork.BYZANTIUM, power)).isEqualTo(64 * 64 * (255 + 8) / 20);
        assertThat(gas(Fork.BERLIN, power)).isEqualTo(64 * (255 + 8) / 3);
        assertThat(gas(Fork.OSAKA, power)).isEqualTo(2 * 64 * (255 + 16));
    }
}
