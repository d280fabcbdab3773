package coco.crypto;

import java.util.Arrays;

/** HKDF with SHA-256 (RFC 5869). */
public final class Hkdf {
    private static final int HASH_BYTES = 32;

    /** RFC 5869, section 2.3: the block counter is one byte. */
    public static final int OUTPUT_BYTES_MAX = 255 * HASH_BYTES;

    private Hkdf() {}

    /**
     * Section 2.2.
     *
     * @param salt may be empty, which stands for 32 zero bytes
     * @return 32 bytes of pseudorandom key
     */
    public static byte[] extract(byte[] salt, byte[] ikm) {
        return Hmac.sha256(salt, ikm);
    }

    /**
     * Section 2.3.
     *
     * @param prk at least 32 bytes that are already uniform
     * @param length bytes wanted, 1 to {@link #OUTPUT_BYTES_MAX}
     */
    public static byte[] expand(byte[] prk, byte[] info, int length) {
        if (prk.length < HASH_BYTES) {
            throw new IllegalArgumentException("prk must have at least " + HASH_BYTES + " bytes, not " + prk.length);
        }
        if (length < 1 || length > OUTPUT_BYTES_MAX) {
            throw new IllegalArgumentException("length must be 1 to " + OUTPUT_BYTES_MAX + ", not " + length);
        }
        byte[] out = new byte[length];
        byte[] block = new byte[0];
        int done = 0;
        for (int counter = 1; done < length; counter++) {
            block = Hmac.sha256(prk, block, info, new byte[] {(byte) counter});
            int take = Math.min(HASH_BYTES, length - done);
            System.arraycopy(block, 0, out, done, take);
            done += take;
        }
        Arrays.fill(block, (byte) 0);
        return out;
    }

    /** Extract, then expand. */
    public static byte[] derive(byte[] salt, byte[] ikm, byte[] info, int length) {
        return expand(extract(salt, ikm), info, length);
    }
}
