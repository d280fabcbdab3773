package coco.evm.trie;

import coco.evm.rlp.RlpWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The root of the trie that maps the RLP of each position in a list to the item there: transactions, receipts and
 * withdrawals of a block (Yellow Paper, 4.3.2).
 *
 * <p>In key order positions come as 1 … 127, 0, 128, 129, …, because 0 is encoded as 0x80. Keys are thus sorted without
 * sorting, and every node is a range of them: the trie is hashed from below without ever existing. Depth is bounded by
 * the ten nibbles of the longest key.
 */
public final class OrderedTrieRoot {
    /** The RLP of a 32-bit number has at most five bytes. */
    private static final int MAX_KEY_NIBBLES = 10;

    private static final int MAX_REFERENCE = NodeEncoder.HASH_SIZE;

    private final List<byte[]> items;
    private final byte[][] keys;
    private final int[] positions;
    private final NodeEncoder encoder = new NodeEncoder();
    private final byte[][] references = new byte[MAX_KEY_NIBBLES + 1][];
    private final int[][] lengths = new int[MAX_KEY_NIBBLES + 1][];

    private OrderedTrieRoot(List<byte[]> items) {
        this.items = items;
        this.keys = new byte[items.size()][];
        this.positions = new int[items.size()];
    }

    /**
     * The root over items that are encoded already.
     *
     * @param items not empty each, or there would be no entry for it
     */
    public static byte[] of(List<byte[]> items) {
        if (items.isEmpty()) {
            return MerklePatricia.emptyRoot();
        }
        OrderedTrieRoot trie = new OrderedTrieRoot(new ArrayList<>(items));
        trie.sortKeys();
        trie.encode(0, items.size(), 0);
        byte[] root = new byte[NodeEncoder.HASH_SIZE];
        trie.encoder.hash(root, 0);
        return root;
    }

    private void sortKeys() {
        RlpWriter writer = new RlpWriter(16);
        int count = items.size();
        int next = 0;
        int small = Math.min(count, 128);
        for (int i = 1; i < small; i++) {
            positions[next++] = i;
        }
        positions[next++] = 0;
        for (int i = small; i < count; i++) {
            positions[next++] = i;
        }
        for (int i = 0; i < count; i++) {
            writer.reset().unsigned(positions[i]);
            keys[i] = Arrays.copyOf(writer.buffer(), writer.sizeBytes());
        }
    }

    /**
     * Leaves the node over keys {@code from} to {@code to} (exclusive), which agree up to {@code depth}, in the
     * encoder.
     */
    private void encode(int from, int to, int depth) {
        if (to - from == 1) {
            byte[] item = items.get(positions[from]);
            encoder.begin();
            path(keys[from], depth, keys[from].length * 2, true);
            encoder.string(item, 0, item.length);
            encoder.finish();
            return;
        }
        int branchDepth = depth;
        while (nibble(keys[from], branchDepth) == nibble(keys[to - 1], branchDepth)) {
            branchDepth++;
        }
        encodeBranch(from, to, branchDepth);
        if (branchDepth > depth) {
            byte[] reference = new byte[MAX_REFERENCE];
            int length = encoder.reference(reference, 0);
            encoder.begin();
            path(keys[from], depth, branchDepth, false);
            encoder.child(reference, 0, length);
            encoder.finish();
        }
    }

    /** No key is a prefix of another, so a branch never has a value. */
    private void encodeBranch(int from, int to, int depth) {
        if (references[depth] == null) {
            references[depth] = new byte[16 * MAX_REFERENCE];
            lengths[depth] = new int[16];
        }
        byte[] children = references[depth];
        int[] childLengths = lengths[depth];
        Arrays.fill(childLengths, 0);
        for (int start = from; start < to; ) {
            int nibble = nibble(keys[start], depth);
            int end = start + 1;
            while (end < to && nibble(keys[end], depth) == nibble) {
                end++;
            }
            encode(start, end, depth + 1);
            childLengths[nibble] = encoder.reference(children, nibble * MAX_REFERENCE);
            start = end;
        }
        encoder.begin();
        for (int nibble = 0; nibble < 16; nibble++) {
            encoder.child(children, nibble * MAX_REFERENCE, childLengths[nibble]);
        }
        encoder.nothing();
        encoder.finish();
    }

    private void path(byte[] key, int from, int to, boolean leaf) {
        int nibbles = to - from;
        int odd = nibbles & 1;
        int at = encoder.path(nibbles, leaf, odd != 0 ? nibble(key, from) : 0);
        byte[] out = encoder.buffer();
        for (int i = from + odd; i < to; i += 2) {
            out[at++] = (byte) (nibble(key, i) << 4 | nibble(key, i + 1));
        }
    }

    private static int nibble(byte[] key, int index) {
        int octet = key[index >>> 1];
        return (index & 1) == 0 ? octet >>> 4 & 15 : octet & 15;
    }
}
