package coco.kv;

/**
 * Changes radixes for one draft. Nodes the draft made itself are changed in place; others are copied, with all above
 * them, and what they replace goes to the list of superseded blocks.
 *
 * <p>Two facts keep this cheap. A node is never younger than its parent, so above an owned node (one this draft made)
 * all are owned. And above a dirty node all are dirty. So the way up ends at the first owned dirty node. Hot code:
 * benchmark before refactoring.
 */
final class Editor {
    /** Nodes on the way to a key, one for each nibble and the root. */
    static final int MAX_DEPTH = 513;

    private final Arena arena;
    private final NodeImage image = new NodeImage();
    private final NodeImage other = new NodeImage();
    private final int[] wayNodes = new int[MAX_DEPTH];
    private final byte[] wayNibbles = new byte[MAX_DEPTH];
    private int wayDepth;
    private long birth;
    private HandleList superseded = new HandleList();
    private boolean digests;
    private boolean changed;
    private int sizeChange;

    Editor(Arena arena) {
        this.arena = arena;
    }

    void begin(long draftNumber) {
        birth = draftNumber;
        superseded = new HandleList();
    }

    HandleList superseded() {
        return superseded;
    }

    /** Whether the last put or remove changed anything. */
    boolean changed() {
        return changed;
    }

    /** By how much the last put or remove changed the number of entries. */
    int sizeChange() {
        return sizeChange;
    }

    /** Returns the new root. */
    int put(int root, boolean withDigests, byte[] key, int keyLength, byte[] value, int valueOffset, int valueLength) {
        digests = withDigests;
        changed = true;
        sizeChange = 1;
        wayDepth = 0;
        if (root == Arena.NONE) {
            return newLeaf(key, keyLength, 0, value, valueOffset, valueLength);
        }
        int total = keyLength << 1;
        int position = 0;
        int node = root;
        while (true) {
            long[] slab = slab(node);
            int offset = node & Arena.OFFSET_MASK;
            int common = Node.commonPath(slab, offset, key, keyLength, position);
            if (common < Node.pathLength(slab[offset + 1])) {
                return up(root, split(node, common, key, keyLength, position, value, valueOffset, valueLength));
            }
            position += common;
            if (position == total) {
                return putHere(root, node, value, valueOffset, valueLength);
            }
            int nibble = Nibbles.at(key, position++);
            int child = Node.child(slab, offset, nibble);
            if (child == Arena.NONE) {
                int leaf = newLeaf(key, keyLength, position, value, valueOffset, valueLength);
                image.load(arena.slabs(), node);
                image.insertChild(nibble, leaf);
                return up(root, replace(node, image));
            }
            wayNodes[wayDepth] = node;
            wayNibbles[wayDepth++] = (byte) nibble;
            node = child;
        }
    }

    private int putHere(int root, int node, byte[] value, int valueOffset, int valueLength) {
        if (Node.valueEquals(arena.slabs(), node, value, valueOffset, valueLength)) {
            changed = false;
            sizeChange = 0;
            return root;
        }
        image.load(arena.slabs(), node);
        sizeChange = image.hasValue() ? 0 : 1;
        releaseValueApart(node);
        setValue(image, value, valueOffset, valueLength);
        return up(root, replace(node, image));
    }

    /** Makes a node for the common part of the path, above what is left of the node and the new value. */
    private int split(
            int node, int common, byte[] key, int keyLength, int position, byte[] value, int valueOffset, int length) {
        int fork = position + common;
        int leaf = fork == keyLength << 1 ? Arena.NONE : newLeaf(key, keyLength, fork + 1, value, valueOffset, length);
        image.load(arena.slabs(), node);
        other.clear(digests);
        other.setPath(image, common);
        int nibble = image.pathNibble(common);
        image.dropPath(common + 1);
        other.insertChild(nibble, replace(node, image));
        if (leaf == Arena.NONE) {
            setValue(other, value, valueOffset, length);
        } else {
            other.insertChild(Nibbles.at(key, fork), leaf);
        }
        return store(other);
    }

    /** Returns the new root. */
    int remove(int root, byte[] key, int keyLength) {
        wayDepth = 0;
        int node = descend(root, key, keyLength);
        changed = node != Arena.NONE;
        sizeChange = changed ? -1 : 0;
        if (!changed) {
            return root;
        }
        releaseValueApart(node);
        image.load(arena.slabs(), node);
        image.removeValue();
        if (image.childCount() > 0) {
            return up(root, replaceOrMerge(node));
        }
        release(node);
        if (wayDepth == 0) {
            return Arena.NONE;
        }
        int parent = wayNodes[--wayDepth];
        image.load(arena.slabs(), parent);
        image.removeChild(wayNibbles[wayDepth]);
        return up(root, replaceOrMerge(parent));
    }

    private int descend(int root, byte[] key, int keyLength) {
        int total = keyLength << 1;
        int position = 0;
        int node = root;
        while (node != Arena.NONE) {
            long[] slab = slab(node);
            int offset = node & Arena.OFFSET_MASK;
            int common = Node.commonPath(slab, offset, key, keyLength, position);
            if (common < Node.pathLength(slab[offset + 1])) {
                return Arena.NONE;
            }
            position += common;
            if (position == total) {
                return Node.hasValue(slab[offset + 1]) ? node : Arena.NONE;
            }
            int nibble = Nibbles.at(key, position++);
            wayNodes[wayDepth] = node;
            wayNibbles[wayDepth++] = (byte) nibble;
            node = Node.child(slab, offset, nibble);
        }
        return Arena.NONE;
    }

    /** Writes the image back; a node with one child and no value becomes one with its child. */
    private int replaceOrMerge(int node) {
        if (image.childCount() != 1 || image.hasValue()) {
            return replace(node, image);
        }
        int child = image.onlyChild();
        other.load(arena.slabs(), child);
        other.prependPath(image, image.onlyNibble());
        release(node);
        return replace(child, other);
    }

    /** Puts the new node in its parent's place for it, and so on up to the root; returns the root. */
    private int up(int root, int node) {
        int handle = node;
        while (wayDepth > 0) {
            int parent = wayNodes[--wayDepth];
            int nibble = wayNibbles[wayDepth];
            long[] slab = slab(parent);
            int offset = parent & Arena.OFFSET_MASK;
            if (Arena.birth(slab, offset) == birth) {
                Node.setChild(slab, offset, nibble, handle);
                if (Node.digestLength(slab, offset) == 0) {
                    return root;
                }
                Node.markDirty(slab, offset);
                handle = parent;
            } else {
                handle = copyWithChild(parent, nibble, handle);
            }
        }
        return handle;
    }

    private int copyWithChild(int node, int nibble, int child) {
        int longs = Arena.longs(arena.slabs(), node);
        int copy = arena.allocate(longs, birth);
        long[] slab = slab(copy);
        int offset = copy & Arena.OFFSET_MASK;
        long word0 = slab[offset];
        System.arraycopy(slab(node), node & Arena.OFFSET_MASK, slab, offset, longs);
        slab[offset] = word0 | Node.mask(slab, offset);
        Node.markDirty(slab, offset);
        Node.setChild(slab, offset, nibble, child);
        superseded.add(node, longs);
        return copy;
    }

    private int replace(int old, NodeImage changedImage) {
        long[] slab = slab(old);
        int offset = old & Arena.OFFSET_MASK;
        if (Arena.birth(slab, offset) == birth
                && Arena.sizeClass(slab, offset) == Arena.sizeClass(changedImage.words())) {
            changedImage.write(slab, offset);
            return old;
        }
        int handle = store(changedImage);
        release(old);
        return handle;
    }

    private int store(NodeImage newImage) {
        int handle = arena.allocate(newImage.words(), birth);
        newImage.write(slab(handle), handle & Arena.OFFSET_MASK);
        return handle;
    }

    private int newLeaf(byte[] key, int keyLength, int position, byte[] value, int valueOffset, int valueLength) {
        image.clear(digests);
        image.setPath(key, keyLength, position);
        setValue(image, value, valueOffset, valueLength);
        return store(image);
    }

    /**
     * Makes a node whose children, named by the mask, are still to be {@link #setChild set}.
     *
     * @param bytes hold the path, from nibble {@code pathPosition} to byte {@code pathEnd}, and the value
     * @param valueLength -1 for no value
     */
    int newNode(
            boolean withDigests,
            byte[] bytes,
            int pathEnd,
            int pathPosition,
            int mask,
            int valueOffset,
            int valueLength) {
        image.clear(withDigests);
        image.setPath(bytes, pathEnd, pathPosition);
        image.expectChildren(mask);
        if (valueLength >= 0) {
            setValue(image, bytes, valueOffset, valueLength);
        }
        return store(image);
    }

    void setChild(int node, int nibble, int child) {
        Node.setChild(slab(node), node & Arena.OFFSET_MASK, nibble, child);
    }

    void setDigest(int node, byte[] digest) {
        Node.setDigest(slab(node), node & Arena.OFFSET_MASK, digest, digest.length);
    }

    private void setValue(NodeImage target, byte[] value, int valueOffset, int valueLength) {
        if (valueLength <= Node.MAX_INLINE_VALUE_BYTES) {
            target.setValue(value, valueOffset, valueLength);
            return;
        }
        int handle = arena.allocate(1 + Node.valueWords(valueLength), birth);
        Nibbles.pack(value, valueOffset, valueLength, slab(handle), (handle & Arena.OFFSET_MASK) + 1);
        target.setValueApart(handle, valueLength);
    }

    private void releaseValueApart(int node) {
        int apart = Node.valueApart(slab(node), node & Arena.OFFSET_MASK);
        if (apart != Arena.NONE) {
            release(apart);
        }
    }

    private void release(int handle) {
        if (Arena.birth(slab(handle), handle & Arena.OFFSET_MASK) == birth) {
            arena.free(handle);
        } else {
            superseded.add(handle, Arena.longs(arena.slabs(), handle));
        }
    }

    private long[] slab(int handle) {
        return arena.slabs()[handle >>> Arena.SLAB_SHIFT];
    }

    /** Adds to {@code blocks} all that the tree at {@code root} reaches and that is younger than {@code version}. */
    static void collectYounger(long[][] slabs, int root, long version, HandleList blocks) {
        HandleList waiting = new HandleList();
        if (root != Arena.NONE) {
            waiting.add(root, 0);
        }
        while (waiting.size() > 0) {
            int node = waiting.last();
            waiting.removeLast(0);
            if (node == Arena.NONE) {
                continue; // Below a node whose import was broken off.
            }
            long[] slab = slabs[node >>> Arena.SLAB_SHIFT];
            int offset = node & Arena.OFFSET_MASK;
            if (Arena.birth(slab, offset) <= version) {
                continue;
            }
            blocks.add(node, Arena.longs(slabs, node));
            addIfYounger(slabs, Node.valueApart(slab, offset), version, blocks);
            int count = Integer.bitCount(Node.mask(slab, offset));
            for (int i = 0; i < count; i++) {
                waiting.add(Node.childAt(slab, offset, i), 0);
            }
        }
    }

    static void addIfYounger(long[][] slabs, int block, long version, HandleList blocks) {
        if (block != Arena.NONE
                && Arena.birth(slabs[block >>> Arena.SLAB_SHIFT], block & Arena.OFFSET_MASK) > version) {
            blocks.add(block, Arena.longs(slabs, block));
        }
    }
}
