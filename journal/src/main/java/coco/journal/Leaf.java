package coco.journal;

import java.security.MessageDigest;

/**
 * What one leaf of a block commits to, as a receipt shows it.
 *
 * @param salt PRF of (salt key, height, index), 32 bytes; without it a leaf could be guessed from its content
 * @param id transaction id, 32 bytes; of a section's own leaf, SHA-256(label ‖ ledger id)
 * @param claims claims digest, 32 bytes; of a section's own leaf, SHA-256 of its payload
 * @param writesDigest SHA-256 of the write set, 32 bytes
 */
public record Leaf(byte[] salt, byte[] id, byte[] claims, byte[] writesDigest) {
    static final byte VERSION = 1;

    /** Checks the lengths. */
    public Leaf {
        Bytes.requireLength(salt, 32, "salt");
        Bytes.requireLength(id, 32, "id");
        Bytes.requireLength(claims, 32, "claims digest");
        Bytes.requireLength(writesDigest, 32, "writes digest");
    }

    /** SHA-256(0x00 ‖ version ‖ salt ‖ id ‖ claims digest ‖ writes digest). */
    public byte[] hash() {
        MessageDigest digest = Digests.sha256();
        digest.update((byte) 0);
        digest.update(VERSION);
        digest.update(salt);
        digest.update(id);
        digest.update(claims);
        return digest.digest(writesDigest);
    }
}
