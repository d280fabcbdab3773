package coco.crypto;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-384 (FIPS 180-4): what processors hash their evidence and their guests with. */
public final class Sha384 {
    /** Bytes of a digest. */
    public static final int DIGEST_BYTES = 48;

    private Sha384() {}

    /**
     * Hashes several arrays.
     *
     * @param parts hashed one after the other as if they were one array; nothing marks where one part ends
     * @return 48 bytes
     */
    public static byte[] hash(byte[]... parts) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-384");
        } catch (NoSuchAlgorithmException e) {
            throw CryptoException.unavailable("SHA-384");
        }
        for (byte[] part : parts) {
            digest.update(part);
        }
        return digest.digest();
    }
}
