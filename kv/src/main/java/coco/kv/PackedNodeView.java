package coco.kv;

/** Reads a packed node whose children are clean, leaving out the first {@code trimmed} nibbles of its path. */
final class PackedNodeView implements NodeView {
    private static final long[] NOTHING = new long[Node.HEADER_WORDS];

    private long[][] slabs = {};
    private long[] slab = NOTHING;
    private int handle;
    private int offset;
    private int trimmed;

    void show(long[][] directory, int node, int trimmedNibbles) {
        slabs = directory;
        handle = node;
        slab = directory[node >>> Arena.SLAB_SHIFT];
        offset = node & Arena.OFFSET_MASK;
        trimmed = trimmedNibbles;
    }

    /** Lets go of the memory, so that an idle view keeps nothing alive. */
    void hide() {
        slabs = new long[0][];
        slab = NOTHING;
        offset = 0;
        trimmed = 0;
    }

    @Override
    public int pathLength() {
        return Node.pathLength(slab[offset + 1]) - trimmed;
    }

    @Override
    public int pathNibble(int index) {
        if (index < 0 || index >= pathLength()) {
            throw new IndexOutOfBoundsException(index);
        }
        return Nibbles.at(slab, Node.pathIndex(slab, offset), trimmed + index);
    }

    @Override
    public int copyPath(int fromNibble, byte[] out, int outOffset) {
        int count = pathLength() - fromNibble;
        if (fromNibble < 0 || count < 0) {
            throw new IndexOutOfBoundsException(fromNibble);
        }
        int bytes = (count + 1) >>> 1;
        int base = Node.pathIndex(slab, offset);
        int whole = Node.pathLength(slab[offset + 1]);
        for (int done = 0; done < bytes; done += 8) {
            long word = Nibbles.word(slab, base, whole, trimmed + fromNibble + (done << 1));
            Nibbles.wordToBytes(word, out, outOffset + done, Math.min(8, bytes - done));
        }
        return bytes;
    }

    @Override
    public boolean hasValue() {
        return Node.hasValue(slab[offset + 1]);
    }

    @Override
    public int valueLength() {
        return Node.valueLength(slab[offset + 1]);
    }

    @Override
    public int copyValue(byte[] out, int outOffset) {
        int length = valueLength();
        if (length > 0) {
            Node.copyValue(slabs, handle, out, outOffset);
        }
        return length;
    }

    @Override
    public int childMask() {
        return Node.mask(slab, offset);
    }

    @Override
    public int referenceLength(int nibble) {
        int child = Node.child(slab, offset, nibble);
        if (child == Arena.NONE) {
            return 0;
        }
        int length = Node.digestLength(slabs[child >>> Arena.SLAB_SHIFT], child & Arena.OFFSET_MASK);
        Invariant.check(length > 0, "a node is shown while a child is dirty");
        return length;
    }

    @Override
    public int copyReference(int nibble, byte[] out, int outOffset) {
        int length = referenceLength(nibble);
        if (length > 0) {
            int child = Node.child(slab, offset, nibble);
            long[] childSlab = slabs[child >>> Arena.SLAB_SHIFT];
            int index = Node.digestIndex(childSlab, child & Arena.OFFSET_MASK);
            Nibbles.unpack(childSlab, index, out, outOffset, length);
        }
        return length;
    }
}
