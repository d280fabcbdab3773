package coco.crypto;

import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.jspecify.annotations.Nullable;

/**
 * Hybrid public-key encryption (RFC 9180), base mode, single shot, of the suite DHKEM(P-256, HKDF-SHA256), HKDF-SHA256,
 * AES-256-GCM: how an epoch secret reaches the attested key of a node.
 *
 * <p>The sender is not authenticated; what is sealed must be bound to its context by {@code info}.
 */
public final class Hpke {
    /** Bytes of the encapsulated key, which precedes the ciphertext. */
    public static final int ENCAPSULATED_BYTES = P256.PUBLIC_KEY_BYTES;

    private Hpke() {}

    /**
     * Encrypts to a public key.
     *
     * @param info what the message is for; the opener must give the same
     * @param aad authenticated, not encrypted; may be empty
     * @return encapsulated key of 65 bytes ‖ ciphertext ‖ tag of 16 bytes
     * @throws IllegalArgumentException if the key is not on P-256
     */
    public static byte[] seal(PublicKey recipient, byte[] info, byte[] aad, byte[] plaintext, SecureRandom random) {
        ECKeyPairGenerator generator = new ECKeyPairGenerator();
        generator.init(new ECKeyGenerationParameters(P256.DOMAIN, random));
        return seal(P256.parameters(recipient), info, aad, plaintext, generator.generateKeyPair());
    }

    static byte[] seal(
            ECPublicKeyParameters recipient,
            byte[] info,
            byte[] aad,
            byte[] plaintext,
            AsymmetricCipherKeyPair ephemeral) {
        var context = suite().setupBaseS(recipient, info, ephemeral);
        byte[] encapsulated = context.getEncapsulation();
        byte[] ciphertext;
        try {
            ciphertext = context.seal(aad, plaintext);
        } catch (InvalidCipherTextException e) {
            throw new IllegalStateException("HPKE cannot fail to encrypt", e);
        }
        byte[] out = Arrays.copyOf(encapsulated, encapsulated.length + ciphertext.length);
        System.arraycopy(ciphertext, 0, out, encapsulated.length, ciphertext.length);
        return out;
    }

    /**
     * Decrypts, if authentic.
     *
     * @param sealed what {@link #seal} gave
     * @return the plaintext, or null if it was not sealed to this key with this info and aad
     * @throws IllegalArgumentException if the key is not on P-256
     */
    public static byte @Nullable [] open(PrivateKey recipient, byte[] info, byte[] aad, byte[] sealed) {
        ECPrivateKeyParameters secret = P256.parameters(recipient);
        if (sealed.length < ENCAPSULATED_BYTES + AesGcm.TAG_BYTES) {
            return null;
        }
        byte[] encapsulated = Arrays.copyOf(sealed, ENCAPSULATED_BYTES);
        byte[] ciphertext = Arrays.copyOfRange(sealed, ENCAPSULATED_BYTES, sealed.length);
        if (!isPoint(encapsulated)) {
            return null;
        }
        // The KEM's context holds the recipient's public key, which RFC 9180,
        // section 4.1, computes from the secret one.
        var publicKey = new ECPublicKeyParameters(P256.DOMAIN.getG().multiply(secret.getD()), P256.DOMAIN);
        try {
            return suite().setupBaseR(encapsulated, new AsymmetricCipherKeyPair(publicKey, secret), info)
                    .open(aad, ciphertext);
        } catch (InvalidCipherTextException _) {
            return null;
        }
    }

    private static boolean isPoint(byte[] encoded) {
        try {
            return !P256.DOMAIN.getCurve().decodePoint(encoded).isInfinity();
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static HPKE suite() {
        return new HPKE(HPKE.mode_base, HPKE.kem_P256_SHA256, HPKE.kdf_HKDF_SHA256, HPKE.aead_AES_GCM256);
    }
}
