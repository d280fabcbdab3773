package coco.journal;

import java.util.List;

/**
 * The proof that a journal up to one signed head is the beginning of the journal up to another.
 *
 * @param from the earlier head
 * @param to the later one
 * @param consistency path between their log roots (RFC 6962, section 2.1.2)
 * @param inclusion path from the earlier header's hash to the later log root
 * @param identities every generation of the service identity up to the later head's, the first one first
 */
public record ConsistencyProof(
        SignedHead from,
        SignedHead to,
        List<byte[]> consistency,
        MerkleProof inclusion,
        List<ServiceIdentity> identities) {
    public ConsistencyProof {
        consistency = List.copyOf(consistency);
        identities = List.copyOf(identities);
    }
}
