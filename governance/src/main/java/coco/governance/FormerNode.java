package coco.governance;

/**
 * A node that was removed. Neither its name nor its key ever comes back: an old vote in consensus and an old seal in
 * the journal must not pass for a new node's.
 *
 * @param id its name
 * @param certificateDigest SHA-256 of its certificate, lower-case hexadecimal
 * @param keyDigest SHA-256 of its public key (SubjectPublicKeyInfo), lower-case hexadecimal
 * @param lastHeight height of the block that removed it, the last one it may have sealed
 */
public record FormerNode(String id, String certificateDigest, String keyDigest, long lastHeight) {}
