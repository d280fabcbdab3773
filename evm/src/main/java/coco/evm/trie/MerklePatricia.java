package coco.evm.trie;

import coco.kv.NodeDigest;
import coco.kv.NodeView;
import java.util.Arrays;
import java.util.HexFormat;

/** Makes a kv map into a Merkle Patricia trie. Immutable; its hashers are not for use by several threads. */
public final class MerklePatricia implements NodeDigest {
    private static final byte[] EMPTY_ROOT =
            HexFormat.of().parseHex("56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421");

    /** What a leaf of the trie holds for a value of the map. A pure function. */
    @FunctionalInterface
    public interface LeafValue {
        /** Most bytes that {@link #expand} adds to a value. */
        int MAX_GROWTH = 128;

        /**
         * Writes what the trie holds for a value.
         *
         * @param value the map's value, from index 0
         * @param length its length
         * @param out takes the result from index 0; it has room for {@code length} and {@link #MAX_GROWTH} bytes more
         * @return how many bytes were written
         */
        int expand(byte[] value, int length, byte[] out);
    }

    private final LeafValue leafValue;

    /** A trie whose leaves hold what {@code leafValue} makes of the map's values. */
    public MerklePatricia(LeafValue leafValue) {
        this.leafValue = leafValue;
    }

    /** A trie whose leaves hold the map's values as they are. */
    public MerklePatricia() {
        this((value, length, out) -> {
            System.arraycopy(value, 0, out, 0, length);
            return length;
        });
    }

    /** The root of a trie without entries, 32 bytes: Keccak of the RLP of the empty string. */
    public static byte[] emptyRoot() {
        return EMPTY_ROOT.clone();
    }

    @Override
    public Hasher newHasher() {
        return new NodeHasher(leafValue);
    }

    /** Encodes nodes; what {@link MerkleProof} collects comes from here too. */
    static final class NodeHasher implements Hasher {
        private final LeafValue leafValue;
        private final NodeEncoder encoder = new NodeEncoder();
        private final byte[] reference = new byte[MAX_REFERENCE_BYTES];
        private byte[] value = new byte[128];
        private byte[] expanded = new byte[128 + LeafValue.MAX_GROWTH];

        NodeHasher(LeafValue leafValue) {
            this.leafValue = leafValue;
        }

        @Override
        public int reference(NodeView node, byte[] out) {
            return encode(node).reference(out, 0);
        }

        @Override
        public int root(NodeView node, byte[] out) {
            return encode(node).hash(out, 0);
        }

        @Override
        public int empty(byte[] out) {
            System.arraycopy(EMPTY_ROOT, 0, out, 0, EMPTY_ROOT.length);
            return EMPTY_ROOT.length;
        }

        /** Leaves the encoding of the topmost trie node that this radix node stands for in the encoder. */
        NodeEncoder encode(NodeView node) {
            if (node.childMask() == 0) {
                encoder.begin();
                path(node, true);
                value(node);
                encoder.finish();
                return encoder;
            }
            encodeBranch(node);
            if (node.pathLength() > 0) {
                int length = encoder.reference(reference, 0);
                encoder.begin();
                path(node, false);
                encoder.child(reference, 0, length);
                encoder.finish();
            }
            return encoder;
        }

        /** Leaves the encoding of the branch alone in the encoder. */
        NodeEncoder encodeBranch(NodeView node) {
            encoder.begin();
            // Straight into the encoder's buffer: this loop is most of what hashing costs beside the hash itself.
            byte[] out = encoder.reserve(16 * (1 + NodeEncoder.HASH_SIZE));
            int at = encoder.end();
            int mask = node.childMask();
            for (int nibble = 0; nibble < 16; nibble++) {
                if ((mask >>> nibble & 1) == 0) {
                    out[at++] = (byte) NodeEncoder.NOTHING;
                    continue;
                }
                int length = node.copyReference(nibble, out, at + 1);
                if (length == NodeEncoder.HASH_SIZE) {
                    out[at] = (byte) (0x80 + NodeEncoder.HASH_SIZE);
                    at += 1 + NodeEncoder.HASH_SIZE;
                } else {
                    System.arraycopy(out, at + 1, out, at, length);
                    at += length;
                }
            }
            encoder.wroteTo(at);
            if (node.hasValue()) {
                value(node);
            } else {
                encoder.nothing();
            }
            encoder.finish();
            return encoder;
        }

        private void path(NodeView node, boolean leaf) {
            int nibbles = node.pathLength();
            int odd = nibbles & 1;
            int rest = encoder.path(nibbles, leaf, odd != 0 ? node.pathNibble(0) : 0);
            node.copyPath(odd, encoder.buffer(), rest);
        }

        private void value(NodeView node) {
            int length = node.valueLength();
            if (value.length < length) {
                value = new byte[Math.max(length, value.length * 2)];
                expanded = new byte[value.length + LeafValue.MAX_GROWTH];
            }
            node.copyValue(value, 0);
            encoder.string(expanded, 0, leafValue.expand(value, length, expanded));
        }

        byte[] encoded() {
            return Arrays.copyOfRange(encoder.buffer(), encoder.start(), encoder.end());
        }
    }
}
