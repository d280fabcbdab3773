package coco.crypto;

import org.jspecify.annotations.Nullable;

/**
 * ECDSA on secp256k1 (SEC 2, section 2.4.1) with key recovery (SEC 1, section 4.1.6): Ethereum's signatures.
 *
 * <p>Two implementations, which agree on every input: the native library of the Bitcoin project, and BouncyCastle for
 * machines where it does not load. All integers are 32 bytes, big-endian; implementations have no state and may be used
 * by any thread.
 */
public interface Secp256k1 {
    /** Returns the native library, or BouncyCastle where that does not load. */
    static Secp256k1 fastest() {
        return Secp256k1Choice.FASTEST;
    }

    /** Returns the implementation in Java. */
    static Secp256k1 bouncyCastle() {
        return BouncyCastleSecp256k1.INSTANCE;
    }

    /** Returns the native implementation, or null where it does not load (see {@link #nativeLibraryProblem()}). */
    static @Nullable Secp256k1 nativeLibrary() {
        return Secp256k1Choice.NATIVE.implementation();
    }

    /** Returns why the native library did not load, for a log or a diagnosis, or null if it did. */
    static @Nullable String nativeLibraryProblem() {
        return Secp256k1Choice.NATIVE.problem();
    }

    /**
     * Computes a public key.
     *
     * @param secret32 1 to n - 1
     * @return 64 bytes x ‖ y
     * @throws IllegalArgumentException if the secret is not a private key
     */
    byte[] publicKey(byte[] secret32);

    /**
     * Deterministic (RFC 6979, HMAC-SHA-256, no extra entropy), with s in the lower half (EIP-2).
     *
     * @throws IllegalArgumentException if the secret is not a private key
     */
    Signature sign(byte[] hash32, byte[] secret32);

    /**
     * Accepts either of the two values of s; who must refuse the higher one looks himself.
     *
     * @param signature64 r ‖ s
     * @param publicKey64 x ‖ y; false if that is no point of the curve
     * @return false also for a signature or key of another length
     */
    boolean verify(byte[] hash32, byte[] signature64, byte[] publicKey64);

    /**
     * Finds the key that signed.
     *
     * @param signature64 r ‖ s, where either value of s is accepted
     * @param recoveryId bit 0: the nonce point has an odd y; bit 1: its x is r + n. Any value but 0 to 3 gives null
     * @return 64 bytes x ‖ y, or null if no key can have made this signature, another length than 64 included
     */
    byte @Nullable [] recover(byte[] hash32, byte[] signature64, int recoveryId);

    /**
     * A signature and how to find its key.
     *
     * @param rs 64 bytes r ‖ s, owned by the caller
     * @param recoveryId 0 to 3
     */
    record Signature(byte[] rs, int recoveryId) {}
}
