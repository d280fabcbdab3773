package coco.kv;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Walks one radix. The way from the root to the current node is a stack of levels; a level knows where its path ends in
 * the nibbles of the current key and which branch to look at next.
 */
final class RadixCursor implements Cursor {
    private static final int VALUE_NEXT = -1;

    private final Roots owner;
    private final long ownerChanges;
    private final long[][] slabs;
    private final int root;
    private final byte[] from;
    private final byte @Nullable [] toNibbles;

    private int[] nodes = new int[16];
    private int[] ends = new int[16];
    private int[] nextBranches = new int[16];
    private int depth;
    private byte[] nibbles = new byte[160];
    private int current;
    private int currentEnd;

    RadixCursor(Roots owner, long[][] slabs, int root, byte[] from, byte @Nullable [] to) {
        this.owner = owner;
        this.ownerChanges = owner.changes();
        this.slabs = slabs;
        this.root = root;
        this.from = from.clone();
        this.toNibbles = to == null ? null : toNibbles(to);
        position(this.from);
    }

    @Override
    public void seek(byte[] key) {
        check();
        position(Arrays.compareUnsigned(key, from) < 0 ? from : key);
    }

    @Override
    public boolean next() {
        check();
        current = Arena.NONE;
        while (depth > 0) {
            int level = depth - 1;
            int node = nodes[level];
            long[] slab = slabs[node >>> Arena.SLAB_SHIFT];
            int offset = node & Arena.OFFSET_MASK;
            if (nextBranches[level] == VALUE_NEXT) {
                nextBranches[level] = 0;
                if (Node.hasValue(slab[offset + 1])) {
                    return arrive(node, ends[level]);
                }
            }
            int left = Node.mask(slab, offset) >>> nextBranches[level];
            if (left == 0) {
                depth--;
                continue;
            }
            int nibble = nextBranches[level] + Integer.numberOfTrailingZeros(left);
            nextBranches[level] = nibble + 1;
            int end = ends[level];
            ensureNibbles(end + 1);
            nibbles[end] = (byte) nibble;
            push(Node.child(slab, offset, nibble), end + 1, VALUE_NEXT);
        }
        return false;
    }

    private boolean arrive(int node, int end) {
        if (toNibbles != null && Arrays.compare(nibbles, 0, end, toNibbles, 0, toNibbles.length) >= 0) {
            depth = 0;
            return false;
        }
        current = node;
        currentEnd = end;
        return true;
    }

    @Override
    public byte[] key() {
        requireCurrent();
        byte[] key = new byte[currentEnd >>> 1];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) ((nibbles[2 * i] << 4) | nibbles[2 * i + 1]);
        }
        return key;
    }

    @Override
    public byte[] value() {
        requireCurrent();
        return Node.value(slabs, current);
    }

    private void requireCurrent() {
        check();
        Invariant.check(current != Arena.NONE, "the cursor is at no entry");
    }

    private void check() {
        owner.checkReadable();
        Invariant.check(owner.changes() == ownerChanges, "the draft has changed since the cursor was made");
    }

    /** Stands before the first entry whose key is at least {@code key}. */
    private void position(byte[] key) {
        depth = 0;
        current = Arena.NONE;
        int total = key.length << 1;
        int position = 0;
        int node = root;
        while (node != Arena.NONE) {
            push(node, position, VALUE_NEXT);
            int level = depth - 1;
            int end = ends[level];
            int order = comparePath(key, position, end);
            if (order < 0) {
                depth--;
                return;
            }
            if (order > 0 || end >= total) {
                return;
            }
            int nibble = Nibbles.at(key, end);
            nextBranches[level] = nibble;
            node = Node.child(slabs[node >>> Arena.SLAB_SHIFT], node & Arena.OFFSET_MASK, nibble);
            if (node != Arena.NONE) {
                nextBranches[level] = nibble + 1;
                ensureNibbles(end + 1);
                nibbles[end] = (byte) nibble;
                position = end + 1;
            }
        }
    }

    /** Compares the nibbles of the way from {@code start} to {@code end} with the key's, as far as both go. */
    private int comparePath(byte[] key, int start, int end) {
        int limit = Math.min(end, key.length << 1);
        for (int i = start; i < limit; i++) {
            int difference = nibbles[i] - Nibbles.at(key, i);
            if (difference != 0) {
                return difference;
            }
        }
        return 0;
    }

    private void push(int node, int start, int nextBranch) {
        if (depth == nodes.length) {
            nodes = Arrays.copyOf(nodes, depth * 2);
            ends = Arrays.copyOf(ends, depth * 2);
            nextBranches = Arrays.copyOf(nextBranches, depth * 2);
        }
        long[] slab = slabs[node >>> Arena.SLAB_SHIFT];
        int offset = node & Arena.OFFSET_MASK;
        int length = Node.pathLength(slab[offset + 1]);
        int base = Node.pathIndex(slab, offset);
        ensureNibbles(start + length);
        for (int i = 0; i < length; i++) {
            nibbles[start + i] = (byte) Nibbles.at(slab, base, i);
        }
        nodes[depth] = node;
        ends[depth] = start + length;
        nextBranches[depth++] = nextBranch;
    }

    private void ensureNibbles(int needed) {
        if (needed > nibbles.length) {
            nibbles = Arrays.copyOf(nibbles, Math.max(needed, nibbles.length * 2));
        }
    }

    private static byte[] toNibbles(byte[] bytes) {
        byte[] result = new byte[bytes.length << 1];
        for (int i = 0; i < result.length; i++) {
            result[i] = (byte) Nibbles.at(bytes, i);
        }
        return result;
    }
}
