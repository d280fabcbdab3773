package coco.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECPrivateKeySpec;
import java.util.Arrays;
import java.util.Random;
import org.bouncycastle.crypto.hpke.HPKE;
import org.junit.jupiter.api.Test;

final class HpkeTest {
    // The vector of the RFC's authors for mode 0, kem 16, kdf 1, aead 2 (test-vectors.json of draft-irtf-cfrg-hpke; the
    // appendix of RFC 9180 prints the same keys' siblings for AES-128 only).
    private static final byte[] EPHEMERAL_SEED =
            Hex.decode("a90d3417c3da9cb6c6ae19b4b5dd6cc9529a4cc24efb7ae0ace1f31887a8cd6c");
    private static final String RECIPIENT_SECRET = "317f915db7bc629c48fe765587897e01e282d3e8445f79f27f65d031a88082b2";
    private static final byte[] RECIPIENT =
            Hex.decode("04abc7e49a4c6b3566d77d0304addc6ed0e98512ffccf505e6a8e3eb25c685136f"
                    + "853148544876de76c0f2ef99cdc3a05ccf5ded7860c7c021238f9e2073d2356c");
    private static final String ENCAPSULATED = "04c06b4f6bebc7bb495cb797ab753f911aff80aefb86fd8b6fcc35525f3ab5f03e"
            + "0b21bd31a86c6048af3cb2d98e0d3bf01da5cc4c39ff5370d331a4f1f7d5a4e0";
    private static final String CIPHERTEXT =
            "58c61a45059d0c5704560e9d88b564a8b63f1364b8d1fcb3c4c6ddc1d291742465e902cd216f8908da49f8f96f";
    private static final byte[] INFO = Hex.decode("4f6465206f6e2061204772656369616e2055726e");
    private static final byte[] AAD = Hex.decode("436f756e742d30");
    private static final byte[] PLAINTEXT = Hex.decode("4265617574792069732074727574682c20747275746820626561757479");

    @Test
    void shouldSealAsTheVectorSays() {
        var ephemeral = new HPKE(HPKE.mode_base, HPKE.kem_P256_SHA256, HPKE.kdf_HKDF_SHA256, HPKE.aead_AES_GCM256)
                .deriveKeyPair(EPHEMERAL_SEED);
        byte[] sealed = Hpke.seal(P256.parameters(P256.decode(RECIPIENT)), INFO, AAD, PLAINTEXT, ephemeral);
        assertThat(Hex.encode(sealed)).isEqualTo(ENCAPSULATED + CIPHERTEXT);
    }

    @Test
    void shouldOpenWhatTheVectorSealed() throws GeneralSecurityException {
        byte[] sealed = Hex.decode(ENCAPSULATED + CIPHERTEXT);
        assertThat(Hpke.open(vectorSecret(), INFO, AAD, sealed)).isEqualTo(PLAINTEXT);
    }

    @Test
    void shouldOpenToNullWhenAnyBitOfTheVectorIsFlipped() throws GeneralSecurityException {
        PrivateKey secret = vectorSecret();
        byte[] sealed = Hex.decode(ENCAPSULATED + CIPHERTEXT);
        for (int bit = 0; bit < sealed.length * 8; bit += 3) {
            byte[] mutated = sealed.clone();
            mutated[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(Hpke.open(secret, INFO, AAD, mutated)).as("bit %d", bit).isNull();
        }
    }

    @Test
    void shouldOpenToNullWhenContextOrKeyDiffers() {
        KeyPair recipient = TestKeys.pair(1);
        byte[] sealed = Hpke.seal(recipient.getPublic(), INFO, AAD, PLAINTEXT, TestKeys.random(2));
        assertThat(Hpke.open(recipient.getPrivate(), INFO, AAD, sealed)).isEqualTo(PLAINTEXT);
        assertThat(Hpke.open(recipient.getPrivate(), AAD, AAD, sealed)).isNull();
        assertThat(Hpke.open(recipient.getPrivate(), INFO, INFO, sealed)).isNull();
        assertThat(Hpke.open(TestKeys.pair(3).getPrivate(), INFO, AAD, sealed)).isNull();
    }

    @Test
    void shouldOpenToNullWhenInputIsNoise() {
        PrivateKey secret = TestKeys.pair(1).getPrivate();
        Random random = new Random(5);
        for (int length = 0; length < 200; length++) {
            byte[] noise = new byte[length];
            random.nextBytes(noise);
            if (length > 0) {
                noise[0] = (byte) random.nextInt(8);
            }
            assertThat(Hpke.open(secret, INFO, AAD, noise)).isNull();
        }
        assertThat(Hpke.open(secret, INFO, AAD, Arrays.copyOf(new byte[] {0}, 100)))
                .isNull();
    }

    @Test
    void shouldDifferEachTimeWhenTheRandomSourceGoesOn() {
        KeyPair recipient = TestKeys.pair(1);
        var random = TestKeys.random(9);
        byte[] first = Hpke.seal(recipient.getPublic(), INFO, AAD, PLAINTEXT, random);
        byte[] second = Hpke.seal(recipient.getPublic(), INFO, AAD, PLAINTEXT, random);
        assertThat(first).isNotEqualTo(second);
        assertThat(Hpke.seal(recipient.getPublic(), INFO, AAD, PLAINTEXT, TestKeys.random(9)))
                .as("the same source gives the same bytes")
                .isEqualTo(first);
    }

    @Test
    void shouldRefuseWhenKeyIsOfAnotherKind() throws GeneralSecurityException {
        KeyPair rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair();
        assertThatThrownBy(() -> Hpke.seal(rsa.getPublic(), INFO, AAD, "x".getBytes(UTF_8), TestKeys.random(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Hpke.open(rsa.getPrivate(), INFO, AAD, new byte[100]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static PrivateKey vectorSecret() throws GeneralSecurityException {
        ECPublicKey sameCurve = (ECPublicKey) P256.decode(RECIPIENT);
        return KeyFactory.getInstance("EC")
                .generatePrivate(new ECPrivateKeySpec(new BigInteger(RECIPIENT_SECRET, 16), sameCurve.getParams()));
    }
}
