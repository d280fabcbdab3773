package coco.journal;

import java.util.Arrays;

/**
 * The entries that are not in a run yet, in order of arrival. A hash table gives the newest entry of a fingerprint,
 * which leads to the one before it, and by a second, longer step (E. W. Myers, An applicative random-access stack,
 * 1983) to any earlier one in logarithmic time: a key that every block has is looked up as fast as another. Guarded by
 * the lock of the index.
 */
final class IndexMemory {
    private static final int RADIX_BITS = 16;
    private static final long[] NOTHING = {};

    private long[] fingerprints = new long[64];
    private long[] positions = new long[64];
    /** The entry before of the same fingerprint, or -1. */
    private int[] previous = new int[64];
    /** An earlier entry of the same fingerprint; the first one's is itself. */
    private int[] jumps = new int[64];
    /** How many entries of the same fingerprint came before. */
    private int[] depths = new int[64];
    /** Newest entry of a fingerprint, plus one, at the first free slot from where it belongs. */
    private int[] heads = new int[128];

    private int size;

    int size() {
        return size;
    }

    void add(long fingerprint, long position) {
        if (size == fingerprints.length) {
            grow();
        }
        fingerprints[size] = fingerprint;
        positions[size] = position;
        int slot = slot(fingerprint);
        int before = heads[slot] - 1;
        previous[size] = before;
        depths[size] = before < 0 ? 0 : depths[before] + 1;
        jumps[size] = before < 0 ? size : jumpFrom(before);
        heads[slot] = ++size;
    }

    /** Two jumps of like length are followed by one over both, so that lengths are those of skew binary numbers. */
    private int jumpFrom(int before) {
        int once = jumps[before];
        int twice = jumps[once];
        return depths[before] - depths[once] == depths[once] - depths[twice] ? twice : before;
    }

    private int slot(long fingerprint) {
        int slot = (int) fingerprint & (heads.length - 1);
        while (heads[slot] != 0 && fingerprints[heads[slot] - 1] != fingerprint) {
            slot = (slot + 1) & (heads.length - 1);
        }
        return slot;
    }

    private void grow() {
        fingerprints = Arrays.copyOf(fingerprints, 2 * size);
        positions = Arrays.copyOf(positions, 2 * size);
        previous = Arrays.copyOf(previous, 2 * size);
        jumps = Arrays.copyOf(jumps, 2 * size);
        depths = Arrays.copyOf(depths, 2 * size);
        heads = new int[4 * size];
        for (int i = 0; i < size; i++) {
            heads[slot(fingerprints[i])] = i + 1;
        }
    }

    /**
     * The positions of this fingerprint between two, both inclusive, in order.
     *
     * @param limit how many are wanted, at least 1: there follow all others of the last one's height, and one more, if
     *     there is one, which tells so
     */
    long[] find(long fingerprint, long from, long to, int limit) {
        int last = newest(heads[slot(fingerprint)] - 1, to);
        int before = newest(last, from - 1);
        int first = before < 0 ? 0 : depths[before] + 1;
        if (last < 0 || depths[last] < first) {
            return NOTHING;
        }
        if (depths[last] - first >= limit) {
            long endOfHeight = positions[atDepth(last, first + limit - 1)] | HistoryIndex.ORDINAL_MASK;
            int wanted = newest(last, endOfHeight);
            last = wanted == last ? last : atDepth(last, depths[wanted] + 1);
        }
        long[] found = new long[depths[last] - first + 1];
        for (int i = found.length - 1; i >= 0; i--) {
            found[i] = positions[last];
            last = previous[last];
        }
        return found;
    }

    /** The newest entry at or before {@code entry} whose position is at most {@code to}; -1 if there is none. */
    private int newest(int entry, long to) {
        int at = entry;
        while (at >= 0 && positions[at] > to) {
            int jump = jumps[at];
            at = jump != at && positions[jump] > to ? jump : previous[at];
        }
        return at;
    }

    private int atDepth(int entry, int depth) {
        int at = entry;
        while (depths[at] > depth) {
            at = depths[jumps[at]] >= depth ? jumps[at] : previous[at];
        }
        return at;
    }

    /**
     * All entries as pairs of fingerprint and position, ordered by unsigned fingerprint and, as they arrived in that
     * order, by position. A radix sort: four passes, no comparison.
     */
    long[][] sorted() {
        long[] keys = Arrays.copyOf(fingerprints, size);
        long[] values = Arrays.copyOf(positions, size);
        long[] keysTo = new long[size];
        long[] valuesTo = new long[size];
        int[] starts = new int[(1 << RADIX_BITS) + 1];
        for (int shift = 0; shift < Long.SIZE; shift += RADIX_BITS) {
            Arrays.fill(starts, 0);
            for (int i = 0; i < size; i++) {
                starts[digit(keys[i], shift) + 1]++;
            }
            for (int i = 0; i < 1 << RADIX_BITS; i++) {
                starts[i + 1] += starts[i];
            }
            for (int i = 0; i < size; i++) {
                int to = starts[digit(keys[i], shift)]++;
                keysTo[to] = keys[i];
                valuesTo[to] = values[i];
            }
            long[] swap = keys;
            keys = keysTo;
            keysTo = swap;
            swap = values;
            values = valuesTo;
            valuesTo = swap;
        }
        return new long[][] {keys, values};
    }

    private static int digit(long key, int shift) {
        return (int) (key >>> shift) & ((1 << RADIX_BITS) - 1);
    }
}
