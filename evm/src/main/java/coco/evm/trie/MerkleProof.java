package coco.evm.trie;

import coco.crypto.Keccak256;
import coco.evm.rlp.RlpException;
import coco.evm.rlp.RlpReader;
import coco.kv.DigestReader;
import coco.kv.MapSpec;
import coco.kv.NodeView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The nodes on the way from a root to a key: what proves a value, or its absence, to whoever knows the root. */
public final class MerkleProof {
    private MerkleProof() {}

    /**
     * The encodings of the nodes from the root towards a key, those embedded in their parent left out, as eth_getProof
     * gives them. Empty for an empty trie.
     *
     * @param map a map whose digest is a {@link MerklePatricia}
     * @param prefix begins the keys of the trie inside the map; may be empty
     * @param key without the prefix
     */
    public static List<byte[]> collect(DigestReader reader, MapSpec map, byte[] prefix, byte[] key) {
        if (map.digest() == null || !(map.digest().newHasher() instanceof MerklePatricia.NodeHasher hasher)) {
            throw new IllegalArgumentException("the map " + map.name() + " is no Merkle Patricia trie");
        }
        // References must be there before nodes are shown.
        reader.digest(map, prefix);
        Collector collector = new Collector(hasher, key);
        reader.walk(map, prefix, key, collector::add);
        return collector.nodes;
    }

    /** Adds what one radix node stands for, while it keeps track of how much of the key is used up. */
    private static final class Collector {
        private final MerklePatricia.NodeHasher hasher;
        private final byte[] key;
        private final List<byte[]> nodes = new ArrayList<>();
        private int depth;

        Collector(MerklePatricia.NodeHasher hasher, byte[] key) {
            this.hasher = hasher;
            this.key = key;
        }

        void add(NodeView node) {
            hasher.encode(node);
            addEncoded();
            boolean extension = node.childMask() != 0 && node.pathLength() > 0;
            boolean onTheWay = agrees(node);
            depth += node.pathLength();
            if (extension && onTheWay) {
                hasher.encodeBranch(node);
                addEncoded();
            }
            depth++;
        }

        private void addEncoded() {
            byte[] encoded = hasher.encoded();
            if (nodes.isEmpty() || encoded.length >= NodeEncoder.HASH_SIZE) {
                nodes.add(encoded);
            }
        }

        private boolean agrees(NodeView node) {
            for (int i = 0; i < node.pathLength(); i++) {
                if (depth + i >= key.length * 2 || nibble(key, depth + i) != node.pathNibble(i)) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * Follows a proof.
     *
     * @param root 32 bytes that are trusted
     * @param key whose value is in question
     * @param nodes as {@link #collect} gives them
     * @return the value, or null where the proof shows that there is none
     * @throws RlpException if the nodes do not lead from the root to the key, or prove nothing
     */
    public static byte @Nullable [] verify(byte[] root, byte[] key, List<byte[]> nodes) throws RlpException {
        if (nodes.isEmpty() && Arrays.equals(root, MerklePatricia.emptyRoot())) {
            return null;
        }
        byte[] reference = root;
        int depth = 0;
        int next = 0;
        while (true) {
            byte[] node = reference;
            if (reference.length == NodeEncoder.HASH_SIZE) {
                if (next == nodes.size() || !Arrays.equals(Keccak256.hash(nodes.get(next)), reference)) {
                    throw new RlpException(RlpException.Kind.MISSING_ITEM, 0);
                }
                node = nodes.get(next++);
            }
            RlpReader in = new RlpReader(node);
            in.enterList();
            int items = in.remainingItems();
            if (items == 17) {
                boolean ends = depth == key.length * 2;
                for (int skip = ends ? 16 : nibble(key, depth++); skip > 0; skip--) {
                    in.skip();
                }
                if (ends) {
                    return nullIfEmpty(in.string());
                }
            } else if (items == 2) {
                byte[] path = in.string();
                int end = follow(path, key, depth);
                boolean leaf = (path[0] & 0x20) != 0;
                if (end < 0 || (leaf && end != key.length * 2)) {
                    return null;
                }
                if (leaf) {
                    return nullIfEmpty(in.string());
                }
                depth = end;
            } else {
                throw new RlpException(RlpException.Kind.WRONG_SHAPE, 0);
            }
            reference = in.isList() ? in.encodedItem() : in.string();
            if (reference.length == 0) {
                return null;
            }
        }
    }

    /** The depth after a hex-prefix path, or -1 where it leaves the key. */
    private static int follow(byte[] path, byte[] key, int depth) throws RlpException {
        if (path.length == 0 || (path[0] & 0xc0) != 0) {
            throw new RlpException(RlpException.Kind.WRONG_SHAPE, 0);
        }
        int at = depth;
        for (int i = (path[0] & 0x10) != 0 ? 1 : 2; i < path.length * 2; i++, at++) {
            if (at >= key.length * 2 || nibble(path, i) != nibble(key, at)) {
                return -1;
            }
        }
        return at;
    }

    private static byte @Nullable [] nullIfEmpty(byte[] value) {
        return value.length == 0 ? null : value;
    }

    private static int nibble(byte[] bytes, int index) {
        int octet = bytes[index >>> 1];
        return (index & 1) == 0 ? octet >>> 4 & 15 : octet & 15;
    }
}
