package coco.journal;

import coco.crypto.Hkdf;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keyed 8-byte fingerprints of index keys: AES-256-CBC-MAC over (kind, length, key, zeros), cut to 8 bytes. The length
 * in the first block makes the messages prefix-free, which is what CBC-MAC needs to be a PRF. Keyed, so that nobody who
 * chooses keys (a sender chooses its hashes) can make them collide. One thread.
 */
final class Fingerprints {
    private static final int BLOCK = 16;

    private final Cipher cipher;
    private byte[] buffer = new byte[4 * BLOCK];
    private byte[] chained = new byte[4 * BLOCK];

    Fingerprints(byte[] indexKey) {
        byte[] key = Hkdf.derive(new byte[0], indexKey, Labels.INDEX_FINGERPRINT, 32);
        try {
            cipher = Cipher.getInstance("AES/CBC/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(new byte[BLOCK]));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-CBC", e);
        }
    }

    long of(int kind, byte[] key) {
        int length = BLOCK + (key.length + BLOCK - 1) / BLOCK * BLOCK;
        if (length > buffer.length) {
            buffer = new byte[length];
            chained = new byte[length];
        }
        Bytes.putInt(buffer, 0, kind);
        Bytes.putInt(buffer, 4, key.length);
        System.arraycopy(key, 0, buffer, BLOCK, key.length);
        Arrays.fill(buffer, BLOCK + key.length, length, (byte) 0);
        try {
            // doFinal leaves the cipher as init left it: with the zero IV.
            cipher.doFinal(buffer, 0, length, chained, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-CBC refused whole blocks", e);
        }
        return Bytes.getLong(chained, length - BLOCK);
    }
}
