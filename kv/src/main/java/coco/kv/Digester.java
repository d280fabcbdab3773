package coco.kv;

import java.util.Arrays;

/**
 * Brings digests of one map up to date and reads them; used by one thread at a time. Recursion is bounded by the
 * nibbles of the longest key.
 */
final class Digester {
    private final NodeDigest.Hasher hasher;
    private final PackedNodeView view = new PackedNodeView();
    private final byte[] out = new byte[NodeDigest.MAX_REFERENCE_BYTES];
    private long[][] slabs = {};
    private int topTrim;

    Digester(NodeDigest digest) {
        this.hasher = digest.newHasher();
    }

    byte[] digest(long[][] directory, int root, byte[] prefix) {
        slabs = directory;
        int top = top(root, prefix);
        int length;
        if (top == Arena.NONE) {
            length = hasher.empty(out);
        } else {
            cleanChildren(top);
            view.show(slabs, top, topTrim);
            length = hasher.root(view, out);
        }
        finish();
        checkLength(length);
        return Arrays.copyOf(out, length);
    }

    void walk(long[][] directory, int root, byte[] prefix, byte[] key, NodeVisitor visitor) {
        slabs = directory;
        int node = top(root, prefix);
        if (node == Arena.NONE) {
            return;
        }
        cleanChildren(node);
        view.show(slabs, node, topTrim);
        int position = 0;
        while (true) {
            visitor.visit(view);
            int length = view.pathLength();
            if (position + length >= key.length << 1 || !pathAgrees(key, position)) {
                break;
            }
            position += length;
            int child =
                    Node.child(slabs[node >>> Arena.SLAB_SHIFT], node & Arena.OFFSET_MASK, Nibbles.at(key, position++));
            if (child == Arena.NONE) {
                break;
            }
            node = child;
            view.show(slabs, node, 0);
        }
        finish();
    }

    private boolean pathAgrees(byte[] key, int position) {
        for (int i = 0; i < view.pathLength(); i++) {
            if (view.pathNibble(i) != Nibbles.at(key, position + i)) {
                return false;
            }
        }
        return true;
    }

    private void finish() {
        slabs = new long[0][];
        view.hide();
    }

    /** The node in whose path, or at whose end, the prefix ends; {@link #topTrim} is how much of the path it covers. */
    private int top(int root, byte[] prefix) {
        int total = prefix.length << 1;
        int position = 0;
        int node = root;
        while (node != Arena.NONE) {
            long[] slab = slabs[node >>> Arena.SLAB_SHIFT];
            int offset = node & Arena.OFFSET_MASK;
            int pathLength = Node.pathLength(slab[offset + 1]);
            int covered = Math.min(pathLength, total - position);
            if (Node.commonPath(slab, offset, prefix, prefix.length, position) < covered) {
                return Arena.NONE;
            }
            position += covered;
            if (position == total) {
                topTrim = covered;
                return node;
            }
            node = Node.child(slab, offset, Nibbles.at(prefix, position++));
        }
        return Arena.NONE;
    }

    private void cleanChildren(int node) {
        long[] slab = slabs[node >>> Arena.SLAB_SHIFT];
        int offset = node & Arena.OFFSET_MASK;
        int count = Integer.bitCount(Node.mask(slab, offset));
        for (int i = 0; i < count; i++) {
            clean(Node.childAt(slab, offset, i));
        }
    }

    private void clean(int node) {
        long[] slab = slabs[node >>> Arena.SLAB_SHIFT];
        int offset = node & Arena.OFFSET_MASK;
        if (Node.digestLength(slab, offset) > 0) {
            return;
        }
        cleanChildren(node);
        view.show(slabs, node, 0);
        int length = hasher.reference(view, out);
        checkLength(length);
        Node.setDigest(slab, offset, out, length);
    }

    private static void checkLength(int length) {
        Invariant.check(length >= 1 && length <= NodeDigest.MAX_REFERENCE_BYTES, "a reference has 1 to 32 bytes");
    }
}
