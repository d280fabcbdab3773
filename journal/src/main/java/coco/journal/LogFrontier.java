package coco.journal;

/**
 * The right edge of an RFC 6962 tree: the roots of the perfect subtrees that make it up, largest first. Enough to
 * append and to give the root, in O(log n) memory. Immutable.
 */
public final class LogFrontier {
    /** The empty tree. */
    public static final LogFrontier EMPTY = new LogFrontier(0, new byte[0][]);

    private final long size;
    private final byte[][] peaks;

    private LogFrontier(long size, byte[][] peaks) {
        this.size = size;
        this.peaks = peaks;
    }

    /** Number of leaves. */
    public long size() {
        return size;
    }

    /** The tree with one more leaf. */
    public LogFrontier append(byte[] leafData) {
        byte[] node = Merkle.leaf(leafData);
        int merged = Long.numberOfTrailingZeros(~size);
        int kept = peaks.length - merged;
        for (int i = peaks.length - 1; i >= kept; i--) {
            node = Merkle.node(peaks[i], node);
        }
        byte[][] next = new byte[kept + 1][];
        System.arraycopy(peaks, 0, next, 0, kept);
        next[kept] = node;
        return new LogFrontier(size + 1, next);
    }

    /** Size (8 bytes) and the roots, 32 bytes each: as many as the size has bits that are 1. */
    public byte[] encode() {
        byte[] out = new byte[Long.BYTES + peaks.length * Digests.LENGTH];
        Bytes.putLong(out, 0, size);
        for (int i = 0; i < peaks.length; i++) {
            System.arraycopy(peaks[i], 0, out, Long.BYTES + i * Digests.LENGTH, Digests.LENGTH);
        }
        return out;
    }

    /** The tree that was encoded so. */
    public static LogFrontier decode(byte[] in) throws MalformedException {
        long size = in.length < Long.BYTES ? -1 : Bytes.getLong(in, 0);
        if (size < 0 || in.length != Long.BYTES + Long.bitCount(size) * Digests.LENGTH) {
            throw new MalformedException("the edge of the log is malformed");
        }
        byte[][] peaks = new byte[Long.bitCount(size)][];
        for (int i = 0; i < peaks.length; i++) {
            peaks[i] = Bytes.slice(in, Long.BYTES + i * Digests.LENGTH, Digests.LENGTH);
        }
        return new LogFrontier(size, peaks);
    }

    /** The root; of the empty tree, SHA-256 of nothing. */
    public byte[] root() {
        if (peaks.length == 0) {
            return Digests.hash();
        }
        byte[] root = peaks[peaks.length - 1];
        for (int i = peaks.length - 2; i >= 0; i--) {
            root = Merkle.node(peaks[i], root);
        }
        return root.clone();
    }
}
