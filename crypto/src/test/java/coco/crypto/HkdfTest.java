package coco.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.junit.jupiter.api.Test;

final class HkdfTest {
    @Test
    void shouldGiveAppendixA1() {
        byte[] ikm = Hex.decode("0b".repeat(22));
        byte[] salt = Hex.decode("000102030405060708090a0b0c");
        byte[] info = Hex.decode("f0f1f2f3f4f5f6f7f8f9");
        assertThat(Hex.encode(Hkdf.extract(salt, ikm)))
                .isEqualTo("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5");
        assertThat(Hex.encode(Hkdf.derive(salt, ikm, info, 42)))
                .isEqualTo("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
    }

    @Test
    void shouldGiveAppendixA2() {
        assertThat(Hex.encode(Hkdf.derive(range(0x60, 0xaf), range(0, 0x4f), range(0xb0, 0xff), 82)))
                .isEqualTo(
                        "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
                                + "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87");
    }

    @Test
    void shouldGiveAppendixA3WhenSaltAndInfoAreEmpty() {
        assertThat(Hex.encode(Hkdf.derive(new byte[0], Hex.decode("0b".repeat(22)), new byte[0], 42)))
                .isEqualTo("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
    }

    @Test
    void shouldAgreeWithBouncyCastleWhenInputsAreRandom() {
        Random random = new Random(4);
        for (int i = 0; i < 200; i++) {
            byte[] salt = randomBytes(random, 1 + random.nextInt(100));
            byte[] ikm = randomBytes(random, 1 + random.nextInt(100));
            byte[] info = randomBytes(random, random.nextInt(100));
            byte[] expected = new byte[1 + random.nextInt(400)];
            HKDFBytesGenerator oracle = new HKDFBytesGenerator(new SHA256Digest());
            oracle.init(new HKDFParameters(ikm, salt, info));
            oracle.generateBytes(expected, 0, expected.length);
            assertThat(Hkdf.derive(salt, ikm, info, expected.length)).isEqualTo(expected);
        }
    }

    @Test
    void shouldRefuseWhenLengthIsOutsideTheRfc() {
        byte[] prk = new byte[32];
        assertThat(Hkdf.expand(prk, prk, Hkdf.OUTPUT_BYTES_MAX)).hasSize(8160);
        for (int length : new int[] {Integer.MIN_VALUE, -1, 0, 8161}) {
            assertThatThrownBy(() -> Hkdf.expand(prk, prk, length)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> Hkdf.expand(new byte[31], prk, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    private static byte[] range(int first, int last) {
        byte[] out = new byte[last - first + 1];
        for (int i = 0; i < out.length; i++) {
            out[i] = (byte) (first + i);
        }
        return out;
    }

    private static byte[] randomBytes(Random random, int length) {
        byte[] out = new byte[length];
        random.nextBytes(out);
        return out;
    }
}
