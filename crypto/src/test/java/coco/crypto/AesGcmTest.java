package coco.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class AesGcmTest {
    private static final byte[] KEY = Sha256.hash(new byte[] {1});
    private static final byte[] AAD = {9, 8, 7};

    @Test
    void shouldOpenWhatItSealedWhenLengthIsAny() {
        Random random = new Random(6);
        for (int length = 0; length < 300; length++) {
            byte[] plaintext = new byte[length];
            random.nextBytes(plaintext);
            byte[] sealed = AesGcm.seal(KEY, iv(length), AAD, plaintext);
            assertThat(sealed).hasSize(length + AesGcm.TAG_BYTES);
            assertThat(AesGcm.open(KEY, iv(length), AAD, sealed)).isEqualTo(plaintext);
        }
    }

    @Test
    void shouldOpenToNullWhenAnyBitOfAnyInputIsFlipped() {
        byte[] sealed = AesGcm.seal(KEY, iv(1), AAD, new byte[] {1, 2, 3, 4, 5});
        forEachFlip(
                sealed,
                mutated -> assertThat(AesGcm.open(KEY, iv(1), AAD, mutated)).isNull());
        forEachFlip(
                KEY,
                mutated -> assertThat(AesGcm.open(mutated, iv(1), AAD, sealed)).isNull());
        forEachFlip(
                iv(1),
                mutated -> assertThat(AesGcm.open(KEY, mutated, AAD, sealed)).isNull());
        forEachFlip(
                AAD,
                mutated -> assertThat(AesGcm.open(KEY, iv(1), mutated, sealed)).isNull());
        assertThat(AesGcm.open(KEY, iv(1), AAD, sealed))
                .as("after many refusals")
                .isNotNull();
    }

    @Test
    void shouldOpenToNullWhenInputIsTruncated() {
        byte[] sealed = AesGcm.seal(KEY, iv(1), AAD, new byte[] {1, 2, 3, 4, 5});
        for (int length = 0; length < sealed.length; length++) {
            assertThat(AesGcm.open(KEY, iv(1), AAD, Arrays.copyOf(sealed, length)))
                    .isNull();
        }
    }

    @Test
    void shouldDependOnNothingButItsArguments() {
        byte[] first = AesGcm.seal(KEY, iv(1), AAD, new byte[] {1});
        assertThat(AesGcm.seal(KEY, iv(1), AAD, new byte[] {1})).isEqualTo(first);
        assertThat(AesGcm.seal(KEY, iv(2), AAD, new byte[] {1})).isNotEqualTo(first);
        assertThat(AesGcm.seal(KEY, iv(1), AAD, new byte[] {1})).isEqualTo(first);
    }

    @Test
    void shouldRefuseWhenTheCallersOwnLengthsAreWrong() {
        byte[] sealed = new byte[20];
        assertThatThrownBy(() -> AesGcm.seal(new byte[16], iv(1), AAD, sealed))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> AesGcm.seal(KEY, new byte[13], AAD, sealed))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> AesGcm.open(new byte[31], iv(1), AAD, sealed))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> AesGcm.open(KEY, new byte[0], AAD, sealed))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static byte[] iv(int counter) {
        byte[] iv = new byte[AesGcm.IV_BYTES];
        iv[10] = (byte) (counter >> 8);
        iv[11] = (byte) counter;
        return iv;
    }

    private static void forEachFlip(byte[] original, Consumer<byte[]> check) {
        for (int bit = 0; bit < original.length * 8; bit++) {
            byte[] mutated = original.clone();
            mutated[bit / 8] ^= (byte) (1 << bit % 8);
            check.accept(mutated);
        }
    }
}
