package coco.journal;

import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * AES-256-GCM between caller-owned buffers: the crypto module's one-shot form would copy every block twice. One thread.
 */
final class Gcm {
    static final int TAG_LENGTH = 16;
    private static final int WARM_UP_ROUNDS = 3_000;

    private final Cipher cipher;

    Gcm() {
        try {
            cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-GCM", e);
        }
    }

    /** Writes ciphertext ‖ tag to {@code out}, which must not overlap {@code in}. */
    void seal(
            SecretKeySpec key, byte[] iv, byte[] aad, int aadLength, byte[] in, int length, byte[] out, int outOffset) {
        try {
            cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(8 * TAG_LENGTH, iv));
            cipher.updateAAD(aad, 0, aadLength);
            cipher.doFinal(in, 0, length, out, outOffset);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM refused to encrypt", e);
        }
    }

    /** The plaintext, or null if the bytes are not authentic. */
    byte @Nullable [] open(
            SecretKeySpec key, byte[] iv, byte[] aad, int aadLength, byte[] in, int inOffset, int inLength) {
        try {
            cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(8 * TAG_LENGTH, iv));
            cipher.updateAAD(aad, 0, aadLength);
            return cipher.doFinal(in, inOffset, inLength);
        } catch (AEADBadTagException e) {
            return null;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM refused to decrypt", e);
        }
    }

    /**
     * Seals and opens small texts until the JDK's AES-GCM is compiled. It becomes fast only after thousands of calls,
     * and a block is one call: 230 kB cost 2.5 ms instead of 45 µs for the first 600 blocks, half a minute of full
     * load. This costs some 90 ms of processor time once.
     */
    static void warmUp() {
        SecretKeySpec key = key(new byte[32]);
        Gcm sealing = new Gcm();
        Gcm opening = new Gcm();
        byte[] text = new byte[1024];
        byte[] sealed = new byte[text.length + TAG_LENGTH];
        byte[] iv = new byte[12];
        for (int i = 1; i <= WARM_UP_ROUNDS; i++) {
            Bytes.putInt(iv, 0, i);
            sealing.seal(key, iv, text, 16, text, text.length, sealed, 0);
            Invariant.check(
                    opening.open(key, iv, text, 16, sealed, 0, sealed.length) != null, "AES-GCM opens what it sealed");
        }
    }

    static SecretKeySpec key(byte[] key) {
        return new SecretKeySpec(key, "AES");
    }
}
