package coco.crypto;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import javax.crypto.AEADBadTagException;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.IllegalBlockSizeException;
import javax.crypto.NoSuchPaddingException;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * AES-256 in Galois/counter mode (NIST SP 800-38D) with an IV of 12 bytes and a tag of 16, the one shape in which the
 * mode is safe to use.
 *
 * <p>Two messages under one key and IV give the authentication key away. Who seals owns a counter or a fresh key.
 * Nothing is checked here: the JDK's cipher refuses only the pair it saw last, and a guard that depends on what a
 * thread did before would be no guard.
 */
public final class AesGcm {
    /** Bytes of a key. */
    public static final int KEY_BYTES = 32;

    /** Bytes of an initialisation vector. */
    public static final int IV_BYTES = 12;

    /** Bytes by which a sealed message is longer than its plaintext. */
    public static final int TAG_BYTES = 16;

    // Two, because the JDK lets one cipher decrypt a pair it has just encrypted only after a change of mode, which
    // costs a new key schedule.
    private static final ThreadLocal<Cipher> SEALER = ThreadLocal.withInitial(AesGcm::newCipher);
    private static final ThreadLocal<Cipher> OPENER = ThreadLocal.withInitial(AesGcm::newCipher);

    private AesGcm() {}

    /**
     * Encrypts and authenticates.
     *
     * @param key 32 bytes
     * @param iv 12 bytes, never used before under this key
     * @param aad authenticated, not encrypted; may be empty
     * @return ciphertext ‖ tag of 16 bytes
     */
    public static byte[] seal(byte[] key, byte[] iv, byte[] aad, byte[] plaintext) {
        Cipher cipher = SEALER.get();
        try {
            initialise(cipher, Cipher.ENCRYPT_MODE, key, iv);
        } catch (InvalidAlgorithmParameterException _) {
            cipher = afterRepetition(key, iv);
        }
        cipher.updateAAD(aad);
        try {
            return cipher.doFinal(plaintext);
        } catch (IllegalBlockSizeException | BadPaddingException e) {
            throw new IllegalStateException("AES-GCM cannot fail to encrypt", e);
        }
    }

    /**
     * Decrypts, if authentic.
     *
     * @param sealed ciphertext ‖ tag
     * @return the plaintext, or null if key, IV, associated data, ciphertext and tag do not belong together
     */
    public static byte @Nullable [] open(byte[] key, byte[] iv, byte[] aad, byte[] sealed) {
        Checks.length("key", key, KEY_BYTES);
        Checks.length("iv", iv, IV_BYTES);
        if (sealed.length < TAG_BYTES) {
            return null;
        }
        Cipher cipher = OPENER.get();
        try {
            initialise(cipher, Cipher.DECRYPT_MODE, key, iv);
            cipher.updateAAD(aad);
            return cipher.doFinal(sealed);
        } catch (AEADBadTagException e) {
            return null;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM failed otherwise than by its tag", e);
        }
    }

    /** The cipher of this thread saw this key and IV last, and would say so rather than give the same bytes again. */
    private static Cipher afterRepetition(byte[] key, byte[] iv) {
        Cipher fresh = newCipher();
        try {
            initialise(fresh, Cipher.ENCRYPT_MODE, key, iv);
        } catch (InvalidAlgorithmParameterException e) {
            throw new IllegalStateException("AES-GCM refused an IV of 12 bytes", e);
        }
        return fresh;
    }

    private static void initialise(Cipher cipher, int mode, byte[] key, byte[] iv)
            throws InvalidAlgorithmParameterException {
        Checks.length("key", key, KEY_BYTES);
        Checks.length("iv", iv, IV_BYTES);
        try {
            cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BYTES * Byte.SIZE, iv));
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("AES refused a key of 32 bytes", e);
        }
    }

    private static Cipher newCipher() {
        try {
            return Cipher.getInstance("AES/GCM/NoPadding");
        } catch (NoSuchAlgorithmException | NoSuchPaddingException e) {
            throw CryptoException.unavailable("AES/GCM/NoPadding");
        }
    }
}
