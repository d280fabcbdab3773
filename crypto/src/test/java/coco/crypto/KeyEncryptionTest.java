package coco.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Cipher;
import org.junit.jupiter.api.Test;

/** A secret reaches the key it was encrypted to, for what it was meant for, and nothing else. */
class KeyEncryptionTest {
    private static final byte[] SECRET = Arrays.copyOf(new byte[] {1, 2, 3}, 32);
    private static final byte[] CONTEXT = "share 1".getBytes(StandardCharsets.US_ASCII);

    private static KeyPair rsa(int bits) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(bits, TestKeys.random(bits));
        return generator.generateKeyPair();
    }

    @Test
    void shouldOpenWithTheRightKeyInTheRightContextOnly() throws GeneralSecurityException {
        List<KeyPair> keys = List.of(rsa(2048), rsa(2048 + 512), TestKeys.pair(1), TestKeys.pair(2));
        int refused = 0;
        for (KeyPair to : keys) {
            byte[] sealed = KeyEncryption.seal(to.getPublic(), CONTEXT, SECRET, TestKeys.random(7));
            assertThat(sealed.length).isLessThanOrEqualTo(KeyEncryption.SEALED_BYTES_MAX);
            for (KeyPair key : keys) {
                byte[] opened = KeyEncryption.open(key.getPrivate(), CONTEXT, sealed);
                if (key == to) {
                    assertThat(opened).isEqualTo(SECRET);
                } else {
                    assertThat(opened).isNull();
                    refused++;
                }
            }
            assertThat(KeyEncryption.open(to.getPrivate(), new byte[] {1}, sealed))
                    .isNull();
            assertThat(KeyEncryption.open(to.getPrivate(), new byte[0], sealed)).isNull();
        }
        assertThat(refused).isEqualTo(12);
    }

    @Test
    void shouldOpenNothingThatWasChangedCutOrMadeUp() throws GeneralSecurityException {
        for (KeyPair key : List.of(rsa(2048), TestKeys.pair(3))) {
            byte[] sealed = KeyEncryption.seal(key.getPublic(), CONTEXT, SECRET, TestKeys.random(8));
            for (int at = 0; at < sealed.length; at += 3) {
                byte[] changed = sealed.clone();
                changed[at] ^= 0x10;
                assertThat(KeyEncryption.open(key.getPrivate(), CONTEXT, changed))
                        .as("byte %d", at)
                        .isNull();
            }
            for (int length : new int[] {0, 1, 32, 65, 80, 81, sealed.length - 1, sealed.length + 1, 5_000}) {
                byte[] cut = Arrays.copyOf(sealed, length);
                assertThat(KeyEncryption.open(key.getPrivate(), CONTEXT, cut))
                        .as("%d bytes", length)
                        .isNull();
            }
        }
    }

    @Test
    void shouldOpenWithATokenThatOnlyExponentiates() throws GeneralSecurityException {
        KeyPair key = rsa(2048);
        KeyEncryption.RawRsa token = block -> {
            Cipher cipher = Cipher.getInstance("RSA/ECB/NoPadding");
            cipher.init(Cipher.DECRYPT_MODE, key.getPrivate());
            return cipher.doFinal(block);
        };
        byte[] sealed = KeyEncryption.seal(key.getPublic(), CONTEXT, SECRET, TestKeys.random(10));
        assertThat(KeyEncryption.open(token, CONTEXT, sealed)).isEqualTo(SECRET);
        assertThat(KeyEncryption.open(token, new byte[1], sealed)).isNull();
        for (int at = 1; at < sealed.length; at += 17) {
            byte[] changed = sealed.clone();
            changed[at] ^= 1;
            assertThat(KeyEncryption.open(token, CONTEXT, changed))
                    .as("byte %d", at)
                    .isNull();
        }
        assertThat(KeyEncryption.open(token, CONTEXT, new byte[31])).isNull();
        assertThat(KeyEncryption.open(block -> new byte[5], CONTEXT, sealed)).isNull();
        KeyEncryption.RawRsa broken = block -> {
            throw new GeneralSecurityException("gone");
        };
        assertThatThrownBy(() -> KeyEncryption.open(broken, CONTEXT, sealed))
                .isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void shouldNotEncryptToKeysThatAreWeakOrOfAnotherKind() throws GeneralSecurityException {
        KeyPairGenerator other = KeyPairGenerator.getInstance("EC");
        other.initialize(new ECGenParameterSpec("secp384r1"));
        for (KeyPair key : List.of(rsa(1024), other.generateKeyPair())) {
            assertThat(KeyEncryption.takes(key.getPublic())).isFalse();
            assertThatThrownBy(() -> KeyEncryption.seal(key.getPublic(), CONTEXT, SECRET, TestKeys.random(9)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() ->
                        KeyEncryption.seal(TestKeys.pair(4).getPublic(), CONTEXT, new byte[31], TestKeys.random(9)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
