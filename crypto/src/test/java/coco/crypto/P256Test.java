package coco.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class P256Test {
    private static final byte[] HASH = Sha256.hash(new byte[] {1, 2, 3});

    @Test
    void shouldSignAsRfc6979AppendixA25() throws GeneralSecurityException {
        ECPublicKey sameCurve = (ECPublicKey) TestKeys.pair(1).getPublic();
        BigInteger secret = new BigInteger("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721", 16);
        PrivateKey key =
                KeyFactory.getInstance("EC").generatePrivate(new ECPrivateKeySpec(secret, sameCurve.getParams()));
        assertThat(Hex.encode(P256.sign(key, Sha256.hash("sample".getBytes(US_ASCII)))))
                .isEqualTo("efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
                        + "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8");
    }

    @Test
    void shouldTellAKeyThatIsOnNoCurve() throws GeneralSecurityException {
        ECPublicKey key = (ECPublicKey) TestKeys.pair(1).getPublic();
        ECPoint moved =
                new ECPoint(key.getW().getAffineX(), key.getW().getAffineY().xor(BigInteger.ONE));
        PublicKey off = KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(moved, key.getParams()));
        assertThat(P256.isP256(key)).isTrue();
        assertThat(P256.isP256(off)).isFalse();
        assertThatThrownBy(() -> P256.verify(off, HASH, new byte[64])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldAgreeWithTheJdkBothWays() throws GeneralSecurityException {
        Random random = new Random(8);
        for (int i = 0; i < 20; i++) {
            KeyPair keys = TestKeys.pair(100 + i);
            byte[] message = new byte[random.nextInt(100)];
            random.nextBytes(message);
            Signature jdk = Signature.getInstance("SHA256withECDSAinP1363Format");
            jdk.initVerify(keys.getPublic());
            jdk.update(message);
            assertThat(jdk.verify(P256.sign(keys.getPrivate(), Sha256.hash(message))))
                    .isTrue();
            jdk.initSign(keys.getPrivate());
            jdk.update(message);
            assertThat(P256.verify(keys.getPublic(), Sha256.hash(message), jdk.sign()))
                    .isTrue();
        }
    }

    @Test
    void shouldRefuseWhenAnyBitIsFlipped() {
        KeyPair keys = TestKeys.pair(1);
        byte[] signature = P256.sign(keys.getPrivate(), HASH);
        assertThat(P256.verify(keys.getPublic(), HASH, signature)).isTrue();
        assertThat(P256.verify(TestKeys.pair(2).getPublic(), HASH, signature)).isFalse();
        for (int bit = 0; bit < signature.length * 8; bit += 5) {
            byte[] mutated = signature.clone();
            mutated[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(P256.verify(keys.getPublic(), HASH, mutated)).isFalse();
        }
    }

    @Test
    void shouldRefuseWhenTheSignatureIsNotOne() {
        KeyPair keys = TestKeys.pair(1);
        byte[] full = new byte[64];
        Arrays.fill(full, (byte) 0xff);
        assertThat(P256.verify(keys.getPublic(), HASH, full)).isFalse();
        for (int length : new int[] {0, 1, 63, 64, 65, 72}) {
            assertThat(P256.verify(keys.getPublic(), HASH, new byte[length])).isFalse();
        }
    }

    @Test
    void shouldMakeTheSameKeyWhenTheRandomSourceIsTheSame() {
        assertThat(TestKeys.pair(3).getPublic()).isEqualTo(TestKeys.pair(3).getPublic());
        assertThat(TestKeys.pair(3).getPublic()).isNotEqualTo(TestKeys.pair(4).getPublic());
    }

    @Test
    void shouldDeriveTheSameWorkingKeyWhenSecretAndPurposeAreTheSame() {
        byte[] secret = Sha256.hash(new byte[] {7});
        KeyPair keys = P256.derive(secret, new byte[] {1});
        assertThat(P256.derive(secret, new byte[] {1}).getPrivate()).isEqualTo(keys.getPrivate());
        assertThat(P256.derive(secret, new byte[] {2}).getPrivate()).isNotEqualTo(keys.getPrivate());
        assertThat(P256.verify(keys.getPublic(), HASH, P256.sign(keys.getPrivate(), HASH)))
                .isTrue();
    }

    @Test
    void shouldDecodeWhatItEncoded() {
        KeyPair keys = TestKeys.pair(5);
        byte[] encoded = P256.encode(keys.getPublic());
        assertThat(encoded).hasSize(P256.PUBLIC_KEY_BYTES).startsWith(4);
        assertThat(P256.decode(encoded)).isEqualTo(keys.getPublic());
    }

    @Test
    void shouldRefuseToDecodeWhenItIsNoPoint() {
        byte[] encoded = P256.encode(TestKeys.pair(5).getPublic());
        Random random = new Random(10);
        for (int i = 0; i < 500; i++) {
            byte[] mutated = Arrays.copyOf(encoded, i % 5 == 0 ? random.nextInt(80) : encoded.length);
            if (mutated.length == encoded.length) {
                mutated[random.nextInt(encoded.length)] ^= (byte) (1 + random.nextInt(255));
            }
            assertMalformed(mutated);
        }
        byte[] full = new byte[65];
        Arrays.fill(full, (byte) 0xff);
        full[0] = 4;
        assertMalformed(full);
        full = new byte[65];
        full[0] = 4;
        assertMalformed(full);
    }

    @Test
    void shouldRefuseWhenTheKeyIsOnAnotherCurve() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp384r1"));
        KeyPair other = generator.generateKeyPair();
        assertThatThrownBy(() -> P256.sign(other.getPrivate(), HASH)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> P256.verify(other.getPublic(), HASH, new byte[64]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> P256.encode(other.getPublic())).isInstanceOf(IllegalArgumentException.class);
    }

    private static void assertMalformed(byte[] encoded) {
        assertThatThrownBy(() -> P256.decode(encoded))
                .isInstanceOfSatisfying(
                        CryptoException.class, e -> assertThat(e.code()).isEqualTo(CryptoException.Code.MALFORMED));
    }
}
