package coco.journal;

import java.util.List;

/**
 * The path from one leaf to the root (RFC 6962, section 2.1.1), nearest sibling first.
 *
 * @param index of the leaf, from 0
 * @param size number of leaves
 * @param path sibling hashes, 32 bytes each
 */
public record MerkleProof(long index, long size, List<byte[]> path) {
    /** Copies the list. */
    public MerkleProof {
        path = List.copyOf(path);
    }
}
