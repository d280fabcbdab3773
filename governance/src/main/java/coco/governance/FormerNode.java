package coco.governance;

/**
 * A node that was removed. Neither its name nor its key comes back: an old vote in consensus and an old seal in the
 * journal must not pass for a new node's. The newest 4,096 are remembered, and whoever was removed within the last
 * million blocks: its votes were for terms long past, and its seals are for heights below.
 *
 * @param id its name
 * @param certificateDigest SHA-256 of its certificate, lower-case hexadecimal
 * @param keyDigest SHA-256 of its public key (SubjectPublicKeyInfo), lower-case hexadecimal
 * @param lastHeight height of the block that removed it, the last one it may have sealed
 */
public record FormerNode(String id, String certificateDigest, String keyDigest, long lastHeight) {}
