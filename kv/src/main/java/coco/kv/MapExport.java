package coco.kv;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes the nodes of one map of a version down, parents before children and so in the order of keys, in chunks of
 * whole nodes. Equal contents give equal chunks, whatever the history, since they have equal nodes. What was digested
 * is written too, so that {@link MapImport} need not digest anything; only the root's own digest, which is made anew
 * each time, is not.
 *
 * <p>One thread at a time. The version must be leased for as long as this is used.
 */
public final class MapExport {
    private final Version version;
    private final long[][] slabs;
    private final PackedNodeView view = new PackedNodeView();
    private final int root;
    /** The nodes on the way to the one written last, and which of their children comes next. */
    private final int[] way = new int[Editor.MAX_DEPTH];

    private final int[] nextChild = new int[Editor.MAX_DEPTH];
    private int depth;
    private int next;
    private byte[] buffer = {};
    private int used;

    /** Makes what digests are still missing first, which takes a microsecond or so for each changed node. */
    public MapExport(Version version, MapSpec map) {
        this.version = version;
        if (map.digest() != null) {
            version.digest(map);
        }
        version.checkReadable();
        this.slabs = version.arena.slabs();
        this.root = version.roots[version.maps.index(map)];
        this.next = root;
    }

    /**
     * The next chunk: as many nodes as fit, and at least one.
     *
     * @param targetBytes size that is passed only by a node that is larger by itself
     * @return null when all nodes are out
     */
    public byte @Nullable [] nextChunk(int targetBytes) {
        version.checkReadable();
        if (next == Arena.NONE) {
            return null;
        }
        used = 0;
        while (next != Arena.NONE) {
            view.show(slabs, next, 0);
            int size = size();
            if (used > 0 && used + size > targetBytes) {
                break;
            }
            if (used + size > buffer.length) {
                buffer = Arrays.copyOf(buffer, Math.max(used + size, Math.min(2 * buffer.length, targetBytes)));
            }
            write();
            advance();
        }
        view.hide();
        return Arrays.copyOf(buffer, used);
    }

    private int digestLength() {
        if (next == root) {
            return 0;
        }
        return Node.digestLength(slabs[next >>> Arena.SLAB_SHIFT], next & Arena.OFFSET_MASK);
    }

    private int size() {
        int path = view.pathLength();
        int digest = digestLength();
        int size = 1 + NodeRecord.varintLength(path) + ((path + 1) >>> 1);
        size += view.childMask() == 0 ? 0 : Short.BYTES;
        size += digest + (digest == 0 || digest == NodeDigest.MAX_REFERENCE_BYTES ? 0 : 1);
        if (view.hasValue()) {
            size += NodeRecord.varintLength(view.valueLength()) + view.valueLength();
        }
        return size;
    }

    private void write() {
        int path = view.pathLength();
        int mask = view.childMask();
        int digest = digestLength();
        int flags = (view.hasValue() ? NodeRecord.VALUE : 0) | (mask == 0 ? 0 : NodeRecord.CHILDREN);
        if (digest > 0) {
            flags |= digest == NodeDigest.MAX_REFERENCE_BYTES ? NodeRecord.DIGEST : NodeRecord.SHORT_DIGEST;
        }
        int at = used;
        buffer[at++] = (byte) flags;
        at = NodeRecord.putVarint(buffer, at, path);
        int odd = path & 1;
        if (odd == 1) {
            buffer[at++] = (byte) view.pathNibble(0);
        }
        at += view.copyPath(odd, buffer, at);
        if (mask != 0) {
            buffer[at++] = (byte) (mask >>> 8);
            buffer[at++] = (byte) mask;
        }
        if (digest > 0) {
            if (digest < NodeDigest.MAX_REFERENCE_BYTES) {
                buffer[at++] = (byte) digest;
            }
            long[] slab = slabs[next >>> Arena.SLAB_SHIFT];
            Nibbles.unpack(slab, Node.digestIndex(slab, next & Arena.OFFSET_MASK), buffer, at, digest);
            at += digest;
        }
        if (view.hasValue()) {
            at = NodeRecord.putVarint(buffer, at, view.valueLength());
            at += view.copyValue(buffer, at);
        }
        used = at;
    }

    /** To the first child, or the next sibling of this node or of the nearest one above it that has one. */
    private void advance() {
        if (view.childMask() != 0) {
            way[depth] = next;
            nextChild[depth++] = 0;
        }
        next = Arena.NONE;
        while (depth > 0 && next == Arena.NONE) {
            int parent = way[depth - 1];
            long[] slab = slabs[parent >>> Arena.SLAB_SHIFT];
            int offset = parent & Arena.OFFSET_MASK;
            int index = nextChild[depth - 1]++;
            if (index < Integer.bitCount(Node.mask(slab, offset))) {
                next = Node.childAt(slab, offset, index);
            } else {
                depth--;
            }
        }
    }
}
