package coco.journal;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The hashes and the checks of RFC 6962, section 2.1: leaves are SHA-256(0 ‖ data), nodes SHA-256(1 ‖ left ‖ right).
 */
public final class Merkle {
    private static final byte LEAF = 0;
    private static final byte NODE = 1;

    private Merkle() {}

    static byte[] leaf(byte[] data) {
        MessageDigest digest = Digests.sha256();
        digest.update(LEAF);
        return digest.digest(data);
    }

    static byte[] node(byte[] left, byte[] right) {
        MessageDigest digest = Digests.sha256();
        digest.update(NODE);
        digest.update(left);
        return digest.digest(right);
    }

    /**
     * Hashes a perfect tree in place.
     *
     * @param nodes leaf hashes in the upper half; entry i's children are 2i and 2i+1, the root is entry 1
     */
    static void hashPerfectTree(byte[] nodes, int leaves) {
        MessageDigest digest = Digests.sha256();
        for (int i = leaves - 1; i >= 1; i--) {
            digest.update(NODE);
            digest.update(nodes, 2 * i * Digests.LENGTH, 2 * Digests.LENGTH);
            Digests.finish(digest, nodes, i * Digests.LENGTH);
        }
    }

    /**
     * The root that a proof leads to, or null if the proof has the wrong shape (RFC 9162, section 2.1.3.2).
     *
     * @param leafHash hash of the leaf, prefix included
     */
    public static byte @Nullable [] rootOf(byte[] leafHash, MerkleProof proof) {
        if (proof.index() < 0 || proof.index() >= proof.size()) {
            return null;
        }
        long index = proof.index();
        long last = proof.size() - 1;
        byte[] hash = leafHash;
        for (byte[] sibling : proof.path()) {
            if (last == 0 || sibling.length != Digests.LENGTH) {
                return null;
            }
            if ((index & 1) == 1 || index == last) {
                hash = node(sibling, hash);
                while ((index & 1) == 0 && index != 0) {
                    index >>>= 1;
                    last >>>= 1;
                }
            } else {
                hash = node(hash, sibling);
            }
            index >>>= 1;
            last >>>= 1;
        }
        return last == 0 ? hash : null;
    }

    /** Whether this header hash is the given leaf of a log with this root. */
    public static boolean includes(byte[] root, byte[] headerHash, MerkleProof proof) {
        byte[] found = rootOf(leaf(headerHash), proof);
        return found != null && Arrays.equals(found, root);
    }

    /**
     * Whether the log of {@code newSize} leaves begins with the log of {@code oldSize} leaves (RFC 9162, section
     * 2.1.4.2).
     */
    public static boolean consistent(long oldSize, byte[] oldRoot, long newSize, byte[] newRoot, List<byte[]> path) {
        if (oldSize < 0 || oldSize > newSize) {
            return false;
        }
        if (oldSize == newSize) {
            return path.isEmpty() && Arrays.equals(oldRoot, newRoot);
        }
        if (oldSize == 0) {
            return path.isEmpty() && Arrays.equals(oldRoot, Digests.hash());
        }
        boolean perfect = Long.bitCount(oldSize) == 1;
        if (!perfect && path.isEmpty()) {
            return false;
        }
        int shift = Long.numberOfTrailingZeros(oldSize);
        long index = (oldSize - 1) >>> shift;
        long last = (newSize - 1) >>> shift;
        byte[] oldHash = perfect ? oldRoot : path.getFirst();
        byte[] newHash = oldHash;
        for (byte[] sibling : perfect ? path : path.subList(1, path.size())) {
            if (last == 0 || sibling.length != Digests.LENGTH) {
                return false;
            }
            if ((index & 1) == 1 || index == last) {
                oldHash = node(sibling, oldHash);
                newHash = node(sibling, newHash);
                while ((index & 1) == 0 && index != 0) {
                    index >>>= 1;
                    last >>>= 1;
                }
            } else {
                newHash = node(newHash, sibling);
            }
            index >>>= 1;
            last >>>= 1;
        }
        return last == 0 && Arrays.equals(oldHash, oldRoot) && Arrays.equals(newHash, newRoot);
    }
}
