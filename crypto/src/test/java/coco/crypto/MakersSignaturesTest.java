package coco.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** P-384 and RSA, which are only checked here, against the JDK's signatures. */
final class MakersSignaturesTest {
    private static final byte[] MESSAGE = {1, 2, 3};

    @Test
    void shouldCheckSignaturesOfP384() throws GeneralSecurityException {
        KeyPair keys = pair("secp384r1");
        byte[] signature = sign("SHA384withECDSAinP1363Format", keys);
        byte[] hash = Sha384.hash(new byte[] {1}, new byte[] {2, 3});
        assertThat(P384.verify(keys.getPublic(), hash, signature)).isTrue();
        assertThat(P384.verify(pair("secp384r1").getPublic(), hash, signature)).isFalse();
        for (int at = 0; at < signature.length; at++) {
            byte[] flipped = signature.clone();
            flipped[at] ^= 1;
            assertThat(P384.verify(keys.getPublic(), hash, flipped))
                    .as("byte %d", at)
                    .isFalse();
        }
        assertThat(P384.verify(keys.getPublic(), hash, new byte[96])).isFalse();
        assertThat(P384.verify(keys.getPublic(), hash, Arrays.copyOf(signature, 95)))
                .isFalse();
        assertThatThrownBy(() -> P384.verify(keys.getPublic(), new byte[32], signature))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldKnowTheKeysOfP384() throws GeneralSecurityException {
        PublicKey key = pair("secp384r1").getPublic();
        assertThat(P384.isKey(key)).isTrue();
        assertThat(P384.isKey(pair("secp256r1").getPublic())).isFalse();
        // The JDK makes a key of any two numbers.
        ECPoint off = new ECPoint(((ECPublicKey) key).getW().getAffineX(), BigInteger.TWO);
        PublicKey offCurve =
                KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(off, ((ECPublicKey) key).getParams()));
        assertThat(P384.isKey(offCurve)).isFalse();
        assertThatThrownBy(() -> P384.verify(offCurve, new byte[48], new byte[96]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldCheckSignaturesOfRsa() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair keys = generator.generateKeyPair();
        RSAPublicKey numbers = (RSAPublicKey) keys.getPublic();
        PublicKey key = Rsa.key(numbers.getModulus().toByteArray(), new byte[] {1, 0, 1});
        byte[] signature = sign("SHA256withRSA", keys);
        assertThat(Rsa.verify(key, MESSAGE, signature)).isTrue();
        assertThat(Rsa.verify(key, new byte[] {1, 2}, signature)).isFalse();
        assertThat(Rsa.verify(key, MESSAGE, new byte[256])).isFalse();
        assertThat(Rsa.verify(key, MESSAGE, new byte[3])).isFalse();
        signature[255] ^= 1;
        assertThat(Rsa.verify(key, MESSAGE, signature)).isFalse();
    }

    @Test
    void shouldRefuseUnsuitableKeysOfRsa() {
        byte[] modulus = new byte[256];
        Arrays.fill(modulus, (byte) 0xff);
        for (byte[] exponent : new byte[][] {{}, {3}, {1, 0, 0}, {2, 1, 1, 1, 1}}) {
            assertMalformed(modulus, exponent);
        }
        assertMalformed(new byte[0], new byte[] {1, 0, 1});
        assertMalformed(Arrays.copyOf(modulus, 255), new byte[] {1, 0, 1});
        byte[] huge = new byte[1025];
        Arrays.fill(huge, (byte) 0xff);
        assertMalformed(huge, new byte[] {1, 0, 1});
    }

    private static void assertMalformed(byte[] modulus, byte[] exponent) {
        assertThatThrownBy(() -> Rsa.key(modulus, exponent))
                .isInstanceOfSatisfying(
                        CryptoException.class, e -> assertThat(e.code()).isEqualTo(CryptoException.Code.MALFORMED));
    }

    private static KeyPair pair(String curve) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        return generator.generateKeyPair();
    }

    private static byte[] sign(String algorithm, KeyPair keys) throws GeneralSecurityException {
        Signature signer = Signature.getInstance(algorithm);
        signer.initSign(keys.getPrivate());
        signer.update(MESSAGE);
        return signer.sign();
    }
}
