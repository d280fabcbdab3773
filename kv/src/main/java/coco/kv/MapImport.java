package coco.kv;

import java.util.Arrays;

/**
 * Builds one map of a draft from the chunks of a {@link MapExport}, digests included, without looking for a key or
 * digesting anything. Takes no shape that the radix itself would not have, so that whatever comes from elsewhere can
 * break nothing; what is not checked is that digests are those of the nodes, which is for whoever knows a digest of the
 * whole to compare.
 *
 * <p>The writer thread's. After a {@link MalformedNodesException} the draft can only be discarded.
 */
public final class MapImport {
    private final Draft draft;
    private final Editor editor;
    private final StoreLimits limits;
    private final int map;
    private final boolean digests;
    /** Nodes whose children are still to come: handle, children to come as a mask, nibbles from the root to its end. */
    private final int[] way = new int[Editor.MAX_DEPTH];

    private final int[] missing = new int[Editor.MAX_DEPTH];
    private final int[] position = new int[Editor.MAX_DEPTH];
    private int depth;
    private boolean begun;
    private long entries;
    private byte[] chunk = {};
    private int at;

    MapImport(Draft draft, Editor editor, StoreLimits limits, int map, boolean digests) {
        this.draft = draft;
        this.editor = editor;
        this.limits = limits;
        this.map = map;
        this.digests = digests;
    }

    /**
     * Takes the next chunk.
     *
     * @throws MalformedNodesException if it holds anything but whole nodes that follow those before
     * @throws StoreFullException if there is no room
     */
    public void add(byte[] nodes) throws MalformedNodesException {
        draft.checkReadable();
        chunk = nodes;
        at = 0;
        while (at < chunk.length) {
            addNode();
        }
        chunk = new byte[0];
    }

    /**
     * Makes the map what was added, once all is there.
     *
     * @throws MalformedNodesException if nodes are missing
     */
    public void end() throws MalformedNodesException {
        require(depth == 0, "nodes are missing at the end");
        draft.imported(map, entries);
    }

    /** Entries so far. */
    public long entries() {
        return entries;
    }

    private void addNode() throws MalformedNodesException {
        require(!begun || depth > 0, "nodes follow after the last one");
        int flags = readByte();
        int pathLength = varint();
        int before = begun ? position[depth - 1] + 1 : 0;
        int end = before + pathLength;
        require(end <= limits.maxKeyBytes() << 1, "a key is too long");
        int pathStart = at;
        skip((pathLength + 1) >>> 1);
        int odd = pathLength & 1;
        require(odd == 0 || (chunk[pathStart] & 0xf0) == 0, "a path begins with something else than its first nibble");
        int pathEnd = at;
        int mask = (flags & NodeRecord.CHILDREN) == 0 ? 0 : readByte() << 8 | readByte();
        boolean hasValue = (flags & NodeRecord.VALUE) != 0;
        checkShape(flags, mask, hasValue, end);
        int digestLength = digestLength(flags);
        int digestStart = at;
        skip(digestLength);
        int valueLength = hasValue ? varint() : -1;
        require(valueLength <= limits.maxValueBytes(), "a value is too long");
        int valueStart = at;
        skip(Math.max(0, valueLength));
        draft.arena.ensureRoom(1 + Node.valueWords(Math.max(0, valueLength)));
        int node = editor.newNode(digests, chunk, pathEnd, (pathStart << 1) + odd, mask, valueStart, valueLength);
        if (digestLength > 0) {
            byte[] digest = Arrays.copyOfRange(chunk, digestStart, digestStart + digestLength);
            editor.setDigest(node, digest);
        }
        place(node, mask, end);
        entries += hasValue ? 1 : 0;
    }

    private void checkShape(int flags, int mask, boolean hasValue, int end) throws MalformedNodesException {
        require((flags & ~NodeRecord.ALL_FLAGS) == 0, "a node has unknown flags");
        require((flags & NodeRecord.CHILDREN) == 0 || mask != 0, "a node has children and names none");
        require(hasValue || Integer.bitCount(mask) >= 2, "a node has neither a value nor two children");
        require(!hasValue || ((end & 1) == 0 && end > 0), "a value belongs to half a byte, or to no key");
        require(mask == 0 || end < limits.maxKeyBytes() << 1, "a key is too long");
    }

    /** All nodes of a map with digests have one but the root; no other node has. */
    private int digestLength(int flags) throws MalformedNodesException {
        boolean expected = digests && begun;
        int kind = flags & (NodeRecord.DIGEST | NodeRecord.SHORT_DIGEST);
        if (kind == 0) {
            require(!expected, "a node lacks its digest");
            return 0;
        }
        require(expected, "a node has a digest that it should not have");
        if (kind == NodeRecord.DIGEST) {
            return NodeDigest.MAX_REFERENCE_BYTES;
        }
        require(kind == NodeRecord.SHORT_DIGEST, "a node has two digests");
        int length = readByte();
        require(length >= 1 && length < NodeDigest.MAX_REFERENCE_BYTES, "a short digest of " + length + " bytes");
        return length;
    }

    /** Hangs the node in, and makes its own children the next ones to come. */
    private void place(int node, int mask, int end) {
        if (!begun) {
            begun = true;
            draft.roots[map] = node;
        } else {
            int top = depth - 1;
            int nibble = Integer.numberOfTrailingZeros(missing[top]);
            missing[top] &= missing[top] - 1;
            editor.setChild(way[top], nibble, node);
            if (missing[top] == 0) {
                depth--;
            }
        }
        if (mask != 0) {
            way[depth] = node;
            missing[depth] = mask;
            position[depth++] = end;
        }
    }

    private int readByte() throws MalformedNodesException {
        require(at < chunk.length, "a node is cut off");
        return chunk[at++] & 0xff;
    }

    private void skip(int count) throws MalformedNodesException {
        require(count <= chunk.length - at, "a node is cut off");
        at += count;
    }

    private int varint() throws MalformedNodesException {
        int value = 0;
        for (int i = 0; i < NodeRecord.MAX_VARINT_BYTES; i++) {
            int next = readByte();
            value |= (next & 0x7f) << (7 * i);
            if (next < 0x80) {
                require(next != 0 || i == 0, "a number is longer than it need be");
                return value;
            }
        }
        throw new MalformedNodesException("a number is too long");
    }

    private static void require(boolean holds, String otherwise) throws MalformedNodesException {
        if (!holds) {
            throw new MalformedNodesException(otherwise);
        }
    }
}
