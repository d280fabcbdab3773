package coco.journal;

import java.util.Arrays;
import java.util.function.LongPredicate;

/**
 * The entries that are not in a run yet, in order of arrival, with a chained hash table over the fingerprints.
 * Guarded by the lock of the index.
 */
final class IndexMemory {
    private static final int RADIX_BITS = 16;

    private long[] fingerprints = new long[64];
    private long[] positions = new long[64];
    private int[] previous = new int[64];
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
        link(size++);
    }

    private void link(int index) {
        int slot = slot(fingerprints[index]);
        previous[index] = heads[slot] - 1;
        heads[slot] = index + 1;
    }

    private int slot(long fingerprint) {
        return (int) fingerprint & (heads.length - 1);
    }

    private void grow() {
        fingerprints = Arrays.copyOf(fingerprints, 2 * size);
        positions = Arrays.copyOf(positions, 2 * size);
        previous = new int[2 * size];
        heads = new int[4 * size];
        for (int i = 0; i < size; i++) {
            link(i);
        }
    }

    /** Gives the positions of this fingerprint to {@code visitor}, newest first, until it wants no more. */
    void find(long fingerprint, LongPredicate visitor) {
        for (int i = heads[slot(fingerprint)] - 1; i >= 0; i = previous[i]) {
            if (fingerprints[i] == fingerprint && !visitor.test(positions[i])) {
                return;
            }
        }
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
