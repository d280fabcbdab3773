package coco.crypto;

import java.util.Arrays;

/** What both implementations demand of their arguments, so that they cannot differ in it. */
final class Secp256k1Inputs {
    static final int SCALAR_BYTES = 32;
    static final int SIGNATURE_BYTES = 64;
    static final int PUBLIC_KEY_BYTES = 64;

    /** The group's order n (SEC 2, section 2.4.1). */
    static final byte[] ORDER = Hex.decode("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");

    private static final byte UNCOMPRESSED = 4;
    private static final byte[] ZERO = new byte[SCALAR_BYTES];

    private Secp256k1Inputs() {}

    static void checkHash(byte[] hash32) {
        Checks.length("hash", hash32, SCALAR_BYTES);
    }

    static void checkSecret(byte[] secret32) {
        Checks.length("secret", secret32, SCALAR_BYTES);
        if (!isScalar(secret32, 0)) {
            throw new IllegalArgumentException("the secret is zero or not below the group's order");
        }
    }

    /** Whether the length is right and both r and s are in 1 to n - 1. */
    static boolean isSignature(byte[] signature64) {
        return signature64.length == SIGNATURE_BYTES && isScalar(signature64, 0) && isScalar(signature64, SCALAR_BYTES);
    }

    static boolean hasPublicKeyLength(byte[] publicKey64) {
        return publicKey64.length == PUBLIC_KEY_BYTES;
    }

    static boolean isRecoveryId(int recoveryId) {
        return recoveryId >= 0 && recoveryId <= 3;
    }

    static byte[] withPrefix(byte[] publicKey64) {
        byte[] uncompressed = new byte[1 + PUBLIC_KEY_BYTES];
        uncompressed[0] = UNCOMPRESSED;
        System.arraycopy(publicKey64, 0, uncompressed, 1, PUBLIC_KEY_BYTES);
        return uncompressed;
    }

    private static boolean isScalar(byte[] bytes, int off) {
        int end = off + SCALAR_BYTES;
        return Arrays.compareUnsigned(bytes, off, end, ORDER, 0, SCALAR_BYTES) < 0
                && !Arrays.equals(bytes, off, end, ZERO, 0, SCALAR_BYTES);
    }
}
