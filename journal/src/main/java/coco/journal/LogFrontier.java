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
