package coco.node.admission;

import coco.crypto.Hex;
import coco.crypto.Sha256;
import coco.governance.Constitution;
import coco.governance.FormerNode;
import coco.governance.NodeEntry;
import java.security.PublicKey;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What nodes are judged by: the constitution in force after one block. Immutable; a new one is made when the
 * constitution changes, the height moves with every block.
 */
public final class Standing {
    private final Constitution constitution;
    private final long height;
    private final Map<String, NodeEntry> byKey;

    private Standing(Constitution constitution, long height, Map<String, NodeEntry> byKey) {
        this.constitution = constitution;
        this.height = height;
        this.byKey = byKey;
    }

    /** The constitution in force after the block of this height. */
    public static Standing of(Constitution constitution, long height) {
        return new Standing(
                constitution,
                height,
                constitution.nodes().nodes().stream()
                        .collect(Collectors.toUnmodifiableMap(
                                node -> digest(node.certificate().getPublicKey()), node -> node)));
    }

    /** The same constitution, some blocks later. */
    Standing at(long newHeight) {
        return new Standing(constitution, newHeight, byKey);
    }

    /** The constitution itself. */
    public Constitution constitution() {
        return constitution;
    }

    /** The last block that was applied. */
    public long height() {
        return height;
    }

    /** The node whose identity this key is, or null: the key decides, since each node's certificates come and go. */
    public @Nullable NodeEntry node(PublicKey key) {
        return byKey.get(digest(key));
    }

    /** The removed node whose identity this key was, or null. */
    public @Nullable FormerNode formerNode(PublicKey key) {
        String digest = digest(key);
        for (FormerNode former : constitution.formerNodes()) {
            if (former.keyDigest().equals(digest)) {
                return former;
            }
        }
        return null;
    }

    /** How {@link FormerNode} names a key. */
    static String digest(PublicKey key) {
        return Hex.encode(Sha256.hash(key.getEncoded()));
    }
}
