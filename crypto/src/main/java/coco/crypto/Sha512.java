package coco.crypto;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-512 (FIPS 180-4), whose 64 bytes fill the report data of every attestation platform exactly. */
public final class Sha512 {
    private Sha512() {}

    /**
     * Hashes several arrays.
     *
     * @param parts hashed one after the other as if they were one array; nothing marks where one part ends
     * @return 64 bytes
     */
    public static byte[] hash(byte[]... parts) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-512");
        } catch (NoSuchAlgorithmException e) {
            throw CryptoException.unavailable("SHA-512");
        }
        for (byte[] part : parts) {
            digest.update(part);
        }
        return digest.digest();
    }
}
