package coco.kv;

/**
 * Makes the nodes of one map into a Merkle tree of the caller's choice. The store calls it for nodes that changed,
 * below first, keeps what it returns in the node, and asks again only when something in the node's subtree has changed.
 *
 * <p>It must be a pure function of the {@link NodeView}: the same node may be digested by two threads at once, and both
 * results are taken for the same bytes.
 */
public interface NodeDigest {
    /** Longest reference a parent embeds. */
    int MAX_REFERENCE_BYTES = 32;

    /** A worker with its own scratch memory. The store uses one from a single thread at a time and reuses it. */
    Hasher newHasher();

    /**
     * The worker. Methods write to {@code out}, which has {@value #MAX_REFERENCE_BYTES} bytes, and must not keep it.
     */
    interface Hasher {
        /**
         * The reference that the parent of this node embeds: a hash, or the node itself if the scheme embeds short
         * nodes.
         *
         * @return bytes written, 1..32
         */
        int reference(NodeView node, byte[] out);

        /**
         * The digest of the tree that this node is the root of. Differs in kind from {@link #reference} where a scheme
         * hashes the root even if it is short.
         *
         * @return bytes written, 1..32
         */
        int root(NodeView node, byte[] out);

        /**
         * The digest of a map, or a subtree, with no entry.
         *
         * @return bytes written, 1..32
         */
        int empty(byte[] out);
    }
}
