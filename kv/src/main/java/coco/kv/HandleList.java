package coco.kv;

import java.util.Arrays;

/** A growing list of handles, and the sum of the longs they stand for. */
final class HandleList {
    private static final int[] EMPTY = {};

    private int[] handles = EMPTY;
    private int size;
    private long longs;

    void add(int handle, int blockLongs) {
        if (size == handles.length) {
            handles = Arrays.copyOf(handles, Math.max(16, size + (size >> 1)));
        }
        handles[size++] = handle;
        longs += blockLongs;
    }

    int get(int index) {
        return handles[index];
    }

    int last() {
        return handles[size - 1];
    }

    /** Removes the last one, which stands for {@code blockLongs}. */
    void removeLast(int blockLongs) {
        size--;
        longs -= blockLongs;
    }

    int size() {
        return size;
    }

    long longs() {
        return longs;
    }
}
