package coco.journal;

import coco.crypto.Hkdf;
import coco.crypto.SecretMemory;

/**
 * The key that only nodes have, and from which the nonce that proves a block's commitment is made. A signed block that
 * never committed has no nonce that anyone outside could show.
 */
public final class EvidenceKey {
    private final byte[] serviceId;
    private final SecretMemory key;

    /**
     * @param serviceId 32 bytes
     * @param key 32 bytes
     */
    public EvidenceKey(byte[] serviceId, byte[] key) {
        Bytes.requireLength(serviceId, 32, "service id");
        Bytes.requireLength(key, 32, "evidence key");
        this.serviceId = serviceId.clone();
        this.key = new SecretMemory(key);
    }

    /** The key itself, 32 bytes, for handing it to another node; the caller zeroes it. */
    public byte[] secret() {
        return key.copy();
    }

    /** HKDF(evidence key, E0), 32 bytes. */
    byte[] nonce(byte[] seed) {
        byte[] info = Bytes.concat(Labels.EVIDENCE_NONCE, seed);
        return key.use(secret -> Hkdf.derive(serviceId, secret, info, 32));
    }

    /** E0 = SHA-256(label ‖ P ‖ C ‖ 32 zero bytes): the header with D not yet filled in. */
    static byte[] seed(byte[] header, int offset) {
        return Digests.hash(
                Labels.EVIDENCE_SEED,
                Bytes.slice(header, offset, BlockHeader.EVIDENCE_DIGEST_OFFSET),
                new byte[Digests.LENGTH]);
    }

    /** D = SHA-256(label ‖ nonce). */
    static byte[] digest(byte[] nonce) {
        return Digests.hash(Labels.EVIDENCE_DIGEST, nonce);
    }
}
