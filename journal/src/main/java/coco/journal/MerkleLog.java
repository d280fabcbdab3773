package coco.journal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The log over header hashes, with proofs (RFC 6962, section 2.1). Keeps one node for each run of leaves instead of all
 * of them, and reads the leaves of a run again when a proof needs what is below: 32 bytes for 256 blocks (and as much
 * again for the levels above), and at most two runs of reads for a proof. One thread appends; proofs are for the same
 * thread, or under the owner's lock.
 */
public final class MerkleLog {
    /** Where header hashes are read from: the journal, or an index of it. */
    @FunctionalInterface
    public interface HeaderHashes {
        /** Hash of the header at this height, which was appended before. */
        byte[] at(long height);
    }

    private static final int RUN_LEVEL = 8;

    private final HeaderHashes hashes;
    private final int runLevel;
    /** {@code levels.get(i)} holds the roots of the whole perfect subtrees of 2^(runLevel + i) leaves, in order. */
    private final List<NodeList> levels = new ArrayList<>();

    private LogFrontier frontier = LogFrontier.EMPTY;
    private LogFrontier run = LogFrontier.EMPTY;

    /** @param hashes to read again what is not kept */
    public MerkleLog(HeaderHashes hashes) {
        this(hashes, RUN_LEVEL);
    }

    MerkleLog(HeaderHashes hashes, int runLevel) {
        this.hashes = hashes;
        this.runLevel = runLevel;
    }

    /** Number of leaves. */
    public long size() {
        return frontier.size();
    }

    /** The root over all leaves. */
    public byte[] root() {
        return frontier.root();
    }

    /** Appends the hash of the next header. */
    public void append(byte[] headerHash) {
        frontier = frontier.append(headerHash);
        run = run.append(headerHash);
        if (run.size() == 1L << runLevel) {
            addNode(0, run.root());
            run = LogFrontier.EMPTY;
        }
    }

    private void addNode(int level, byte[] node) {
        byte[] carried = node;
        for (int i = level; ; i++) {
            if (i == levels.size()) {
                levels.add(new NodeList());
            }
            NodeList nodes = levels.get(i);
            nodes.add(carried);
            if (nodes.size() % 2 == 1) {
                return;
            }
            carried = Merkle.node(nodes.get(nodes.size() - 2), nodes.get(nodes.size() - 1));
        }
    }

    /**
     * The path from this leaf to the root of the log's first {@code size} leaves.
     *
     * @throws IndexOutOfBoundsException if there is no such leaf, or the log is not that long yet
     */
    public MerkleProof inclusionProof(long index, long size) {
        if (index < 0 || index >= size || size > size()) {
            throw new IndexOutOfBoundsException("leaf " + index + " of " + size + " in a log of " + size());
        }
        List<byte[]> path = new ArrayList<>();
        long from = 0;
        long to = size;
        while (to - from > 1) {
            long middle = from + Long.highestOneBit(to - from - 1);
            if (index < middle) {
                path.addFirst(root(middle, to));
                to = middle;
            } else {
                path.addFirst(root(from, middle));
                from = middle;
            }
        }
        return new MerkleProof(index, size, path);
    }

    /**
     * The path that shows that the first {@code oldSize} leaves are the beginning of the first {@code newSize} (section
     * 2.1.2), for {@link Merkle#consistent}.
     *
     * @throws IndexOutOfBoundsException if the log is not that long yet
     */
    public List<byte[]> consistencyProof(long oldSize, long newSize) {
        if (oldSize < 0 || oldSize > newSize || newSize > size()) {
            throw new IndexOutOfBoundsException(oldSize + " in " + newSize + " in a log of " + size());
        }
        List<byte[]> path = new ArrayList<>();
        if (oldSize == 0 || oldSize == newSize) {
            return path;
        }
        long from = 0;
        long to = newSize;
        while (to != oldSize) {
            long middle = from + Long.highestOneBit(to - from - 1);
            if (oldSize <= middle) {
                path.addFirst(root(middle, to));
                to = middle;
            } else {
                path.addFirst(root(from, middle));
                from = middle;
            }
        }
        if (from > 0) {
            path.addFirst(root(from, to));
        }
        return path;
    }

    /** Root over the leaves from (inclusive) to (exclusive), a range that RFC 6962 makes a subtree. */
    private byte[] root(long from, long to) {
        long length = to - from;
        int level = Long.numberOfTrailingZeros(length) - runLevel;
        if (Long.bitCount(length) == 1 && level >= 0) {
            return levels.get(level).get((int) (from >>> (level + runLevel)));
        }
        if (length <= 1L << runLevel) {
            LogFrontier log = LogFrontier.EMPTY;
            for (long height = from; height < to; height++) {
                log = log.append(hashes.at(height));
            }
            return log.root();
        }
        // No deeper than the levels of the tree: the left part is a whole subtree, answered above.
        long middle = from + Long.highestOneBit(length - 1);
        return Merkle.node(root(from, middle), root(middle, to));
    }

    /** Hashes one after the other in one array. */
    private static final class NodeList {
        private byte[] bytes = new byte[16 * Digests.LENGTH];
        private int size;

        void add(byte[] node) {
            if ((size + 1) * Digests.LENGTH > bytes.length) {
                bytes = Arrays.copyOf(bytes, 2 * bytes.length);
            }
            System.arraycopy(node, 0, bytes, size++ * Digests.LENGTH, Digests.LENGTH);
        }

        byte[] get(int index) {
            return Bytes.slice(bytes, index * Digests.LENGTH, Digests.LENGTH);
        }

        int size() {
            return size;
        }
    }
}
