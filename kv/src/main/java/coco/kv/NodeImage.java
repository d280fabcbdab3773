package coco.kv;

import java.util.Arrays;

/** One node taken apart, to be changed and written back. Scratch memory of the writer thread. */
final class NodeImage {
    private static final int MAX_PATH_NIBBLES = 512;

    private final int[] children = new int[16];
    private final long[] path = new long[Nibbles.words(MAX_PATH_NIBBLES)];
    private final long[] value = new long[Node.valueWords(Node.MAX_INLINE_VALUE_BYTES)];
    private int mask;
    private int pathLength;
    private int valueLength;
    private long flags;
    private int valueApart;

    /** An image without path, value and children. */
    void clear(boolean digests) {
        mask = 0;
        pathLength = 0;
        flags = digests ? Node.HAS_DIGEST_ROOM : 0;
        valueLength = 0;
        valueApart = Arena.NONE;
    }

    void load(long[][] slabs, int handle) {
        long[] slab = slabs[handle >>> Arena.SLAB_SHIFT];
        int offset = handle & Arena.OFFSET_MASK;
        long word1 = slab[offset + 1];
        mask = Node.mask(slab, offset);
        int count = Integer.bitCount(mask);
        for (int i = 0; i < count; i++) {
            children[i] = Node.childAt(slab, offset, i);
        }
        pathLength = Node.pathLength(word1);
        System.arraycopy(slab, Node.pathIndex(slab, offset), path, 0, Nibbles.words(pathLength));
        flags = word1 & (Node.HAS_DIGEST_ROOM | Node.HAS_VALUE | Node.VALUE_APART);
        valueLength = Node.valueLength(word1);
        valueApart = Node.valueApart(slab, offset);
        if (valueApart == Arena.NONE) {
            System.arraycopy(slab, Node.valueIndex(slab, offset), value, 0, Node.valueWords(valueLength));
        }
    }

    int words() {
        return Node.HEADER_WORDS
                + Node.childWords(mask)
                + Nibbles.words(pathLength)
                + ((flags & Node.HAS_DIGEST_ROOM) != 0 ? Node.DIGEST_WORDS : 0)
                + (valueApart == Arena.NONE ? Node.valueWords(valueLength) : 1);
    }

    /** Writes the node, dirty, to a block whose birth and size class are set. */
    void write(long[] slab, int offset) {
        slab[offset] = (slab[offset] & ~0xffffL) | mask;
        slab[offset + 1] = Node.header(pathLength, valueLength, flags);
        int index = offset + Node.HEADER_WORDS;
        int count = Integer.bitCount(mask);
        for (int i = 0; i < count; i += 2) {
            long second = i + 1 < count ? Integer.toUnsignedLong(children[i + 1]) : 0;
            slab[index++] = ((long) children[i] << 32) | second;
        }
        int pathWords = Nibbles.words(pathLength);
        System.arraycopy(path, 0, slab, index, pathWords);
        index = Node.valueIndex(slab, offset);
        if (valueApart == Arena.NONE) {
            System.arraycopy(value, 0, slab, index, Node.valueWords(valueLength));
        } else {
            slab[index] = Integer.toUnsignedLong(valueApart);
        }
    }

    boolean hasValue() {
        return (flags & Node.HAS_VALUE) != 0;
    }

    void removeValue() {
        flags &= ~(Node.HAS_VALUE | Node.VALUE_APART);
        valueLength = 0;
        valueApart = Arena.NONE;
    }

    void setValue(byte[] bytes, int offset, int length) {
        removeValue();
        Nibbles.pack(bytes, offset, length, value, 0);
        flags |= Node.HAS_VALUE;
        valueLength = length;
    }

    void setValueApart(int handle, int length) {
        removeValue();
        flags |= Node.HAS_VALUE | Node.VALUE_APART;
        valueLength = length;
        valueApart = handle;
    }

    int childCount() {
        return Integer.bitCount(mask);
    }

    int onlyChild() {
        return children[0];
    }

    int onlyNibble() {
        return Integer.numberOfTrailingZeros(mask);
    }

    /** Children at these nibbles, which are set in the node itself once they are known. */
    void expectChildren(int nibbles) {
        mask = nibbles;
        Arrays.fill(children, 0, childCount(), Arena.NONE);
    }

    void insertChild(int nibble, int handle) {
        int index = Integer.bitCount(mask & ((1 << nibble) - 1));
        System.arraycopy(children, index, children, index + 1, childCount() - index);
        children[index] = handle;
        mask |= 1 << nibble;
    }

    void removeChild(int nibble) {
        int index = Integer.bitCount(mask & ((1 << nibble) - 1));
        System.arraycopy(children, index + 1, children, index, childCount() - index - 1);
        mask &= ~(1 << nibble);
    }

    int pathNibble(int index) {
        return Nibbles.at(path, 0, index);
    }

    /** Takes the path from the key: its nibbles from {@code position} to the end. */
    void setPath(byte[] key, int keyLength, int position) {
        pathLength = (keyLength << 1) - position;
        for (int i = 0; i < Nibbles.words(pathLength); i++) {
            path[i] = Nibbles.word(key, keyLength, position + (i << 4));
        }
    }

    /** Takes the first {@code length} nibbles of the other's path. */
    void setPath(NodeImage other, int length) {
        pathLength = length;
        int words = Nibbles.words(length);
        System.arraycopy(other.path, 0, path, 0, words);
        if ((length & 15) != 0) {
            path[words - 1] &= -1L << (64 - ((length & 15) << 2));
        }
    }

    void dropPath(int nibbles) {
        int left = pathLength - nibbles;
        for (int i = 0; i < Nibbles.words(left); i++) {
            path[i] = Nibbles.word(path, 0, pathLength, nibbles + (i << 4));
        }
        pathLength = left;
    }

    /** Puts the parent's path and the nibble of the branch before the path. */
    void prependPath(NodeImage parent, int nibble) {
        int before = parent.pathLength + 1;
        int length = before + pathLength;
        Invariant.check(length <= MAX_PATH_NIBBLES, "a path grows beyond the longest key");
        int shift = (before & 15) << 2;
        int skip = before >>> 4;
        // From the end, since source and target overlap.
        for (int i = Nibbles.words(length) - 1; i >= skip; i--) {
            int source = i - skip;
            int sourceWords = Nibbles.words(pathLength);
            long word = source < sourceWords ? path[source] >>> shift : 0;
            if (shift > 0 && source > 0) {
                word |= path[source - 1] << (64 - shift);
            }
            path[i] = word;
        }
        int parentWords = Nibbles.words(parent.pathLength);
        for (int i = 0; i < parentWords; i++) {
            path[i] = i < skip ? parent.path[i] : path[i] | parent.path[i];
        }
        int last = before - 1;
        long bits = (long) nibble << (60 - ((last & 15) << 2));
        path[last >>> 4] |= bits;
        pathLength = length;
    }
}
