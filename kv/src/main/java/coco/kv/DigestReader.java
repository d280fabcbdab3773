package coco.kv;

/**
 * A reader whose maps have digests: a {@link Version}, or a {@link Draft} as it stands. A {@link Transaction} is not
 * one, since its writes are not in the radix yet.
 *
 * <p>Digests are made lazily, for what changed since the last call. On a version that may be done by any thread that
 * holds a lease, while the writer builds later versions; the work is then found done in every later version.
 *
 * <p>Every method throws {@link IllegalArgumentException} for a map without a {@link NodeDigest}.
 */
public interface DigestReader extends Reader {
    /** The digest of the whole map. */
    byte[] digest(MapSpec map);

    /**
     * The digest of the entries whose keys begin with {@code prefix}, as if they were the whole map and their keys
     * lacked the prefix.
     */
    byte[] digest(MapSpec map, byte[] prefix);

    /**
     * Shows the nodes from the root towards {@code key}: down to the node that holds it, or to the last node whose
     * place agrees with the key, which is what proves its absence. Shows nothing if the map is empty.
     */
    default void walk(MapSpec map, byte[] key, NodeVisitor visitor) {
        walk(map, new byte[0], key, visitor);
    }

    /**
     * As {@link #walk(MapSpec, byte[], NodeVisitor)} in the tree that {@link #digest(MapSpec, byte[])} digests;
     * {@code key} lacks the prefix.
     */
    void walk(MapSpec map, byte[] prefix, byte[] key, NodeVisitor visitor);
}
