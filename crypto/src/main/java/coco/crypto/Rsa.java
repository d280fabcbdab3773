package coco.crypto;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.RSAKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.RSAPublicKeySpec;

/** RSA keys that others made, and their signatures: RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017, section 8.2). */
public final class Rsa {
    /** Shorter keys can be broken (NIST SP 800-131A). */
    private static final int MODULUS_BITS_MIN = 2048;

    /** Longer ones only cost time. */
    private static final int MODULUS_BITS_MAX = 8192;

    private static final BigInteger EXPONENT_MIN = BigInteger.valueOf(65_537);
    private static final int EXPONENT_BITS_MAX = 32;

    private Rsa() {}

    /**
     * Makes a key of its numbers.
     *
     * @param modulus unsigned, big-endian, of 2048 to 8192 bits
     * @param exponent unsigned, big-endian, odd, from 65537 to 32 bits
     * @throws CryptoException with the code MALFORMED
     */
    public static PublicKey key(byte[] modulus, byte[] exponent) {
        BigInteger n = new BigInteger(1, modulus);
        BigInteger e = new BigInteger(1, exponent);
        if (n.bitLength() < MODULUS_BITS_MIN || n.bitLength() > MODULUS_BITS_MAX) {
            throw CryptoException.malformed("an RSA modulus of " + n.bitLength() + " bits");
        }
        if (e.compareTo(EXPONENT_MIN) < 0 || e.bitLength() > EXPONENT_BITS_MAX || !e.testBit(0)) {
            throw CryptoException.malformed("an unsuitable RSA exponent of " + e.bitLength() + " bits");
        }
        try {
            return KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(n, e));
        } catch (InvalidKeySpecException _) {
            throw CryptoException.malformed("not an RSA key");
        } catch (GeneralSecurityException _) {
            throw CryptoException.unavailable("RSA");
        }
    }

    /** Whether a key has a length that is neither weak nor only costly. */
    static boolean isSuitable(RSAKey key) {
        int bits = key.getModulus().bitLength();
        return bits >= MODULUS_BITS_MIN && bits <= MODULUS_BITS_MAX;
    }

    /** Returns whether the key that {@link #key} made signed this message; false also for a wrong length. */
    public static boolean verify(PublicKey key, byte[] message, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance("SHA256withRSA");
            verifier.initVerify(key);
            verifier.update(message);
            return verifier.verify(signature);
        } catch (SignatureException _) {
            return false;
        } catch (GeneralSecurityException _) {
            throw CryptoException.unavailable("SHA256withRSA");
        }
    }
}
