package coco.crypto;

import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC-SHA-256 (RFC 2104, FIPS 198-1). */
public final class Hmac {
    private static final ThreadLocal<Mac> MAC = ThreadLocal.withInitial(Hmac::newMac);

    // HMAC pads a short key with zeros, so one zero byte is the same key as none; the JDK refuses a key of no bytes.
    private static final byte[] EMPTY_KEY = {0};

    private Hmac() {}

    /**
     * Authenticates several arrays.
     *
     * @param key of any length, empty included
     * @param parts authenticated one after the other as if they were one array
     * @return 32 bytes
     */
    public static byte[] sha256(byte[] key, byte[]... parts) {
        Mac mac = MAC.get();
        try {
            mac.init(new SecretKeySpec(key.length == 0 ? EMPTY_KEY : key, "HmacSHA256"));
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("HMAC refused a raw key", e);
        }
        for (byte[] part : parts) {
            mac.update(part);
        }
        return mac.doFinal();
    }

    private static Mac newMac() {
        try {
            return Mac.getInstance("HmacSHA256");
        } catch (NoSuchAlgorithmException e) {
            throw CryptoException.unavailable("HmacSHA256");
        }
    }
}
