package coco.kv;

import java.util.Arrays;

/**
 * The memory of a store: blocks of longs in big arrays (slabs) that the garbage collector need not look into. A block
 * is named by a handle, the slab's index in the high 16 bits and the offset in the low 16; handle 0 is no block. Slabs
 * are added and never moved, so a handle stays good until its block is freed.
 *
 * <p>Free blocks are kept in one list per size class and used again for the same class only: sizes in a radix are few
 * and their mix is steady, so joining neighbours would cost more than it wins. Classes are exact up to 128 longs, then
 * eight per doubling. A block above {@link #MAX_SHARED_LONGS} has a slab of its own, given back when it is freed.
 *
 * <p>Word 0 of a block: birth (the number of the draft that made it) in the high 40 bits, size class in the next 8; the
 * low 16 belong to the user. One thread allocates and frees. Other threads read blocks that were published to them; the
 * directory is volatile so that whoever learns of a handle finds its slab.
 */
final class Arena {
    static final int NONE = 0;
    static final int SLAB_SHIFT = 16;
    static final int OFFSET_MASK = (1 << SLAB_SHIFT) - 1;
    static final int MAX_SHARED_LONGS = 8192;
    static final long MAX_BIRTH = (1L << 40) - 2;

    private static final int SLAB_LONGS = 1 << SLAB_SHIFT;
    private static final int MAX_SLABS = 1 << 16;
    private static final int EXACT_CLASSES = 128;
    private static final int DEDICATED = 255;
    private static final int CLASSES = 177;
    private static final long FREE_BIRTH = MAX_BIRTH + 1;
    private static final long[] NO_SLAB = {};

    private final long maxLongs;
    private final int[] freeHeads = new int[CLASSES];
    private final HandleList vacantSlots = new HandleList();
    private volatile long[][] slabs = new long[4][];
    /** Slot 0 stays empty, since handle 0 means none. */
    private int slabCount = 1;

    private int current;
    private int top = SLAB_LONGS;
    private long slabLongs;
    private long liveBlocks;
    private long liveLongs;

    Arena(long maxBytes) {
        this.maxLongs = maxBytes >>> 3;
        Arrays.fill(slabs, NO_SLAB);
    }

    /** The directory: read it once per operation, after learning of the handles to follow. */
    long[][] slabs() {
        return slabs;
    }

    static long birth(long[] slab, int offset) {
        return slab[offset] >>> 24;
    }

    static int sizeClass(int longs) {
        if (longs <= EXACT_CLASSES) {
            return longs;
        }
        if (longs > MAX_SHARED_LONGS) {
            return DEDICATED;
        }
        int last = longs - 1;
        int shift = 28 - Integer.numberOfLeadingZeros(last);
        return EXACT_CLASSES + ((shift - 4) << 3) + (last >>> shift) - 7;
    }

    static int sizeClass(long[] slab, int offset) {
        return (int) (slab[offset] >>> 16) & 0xff;
    }

    static int classLongs(int sizeClass) {
        if (sizeClass <= EXACT_CLASSES) {
            return sizeClass;
        }
        int above = sizeClass - EXACT_CLASSES - 1;
        return (9 + (above & 7)) << (4 + (above >>> 3));
    }

    /** Longs that the block takes. */
    static int longs(long[][] slabs, int handle) {
        long[] slab = slabs[handle >>> SLAB_SHIFT];
        int sizeClass = sizeClass(slab, handle & OFFSET_MASK);
        return sizeClass == DEDICATED ? slab.length : classLongs(sizeClass);
    }

    /**
     * Makes sure that one change of a radix, and a value of {@code valueLongs} in a block of its own, find room: so
     * that nothing is ever half changed. A change takes less than half a slab: at most 513 nodes of at most 47 longs,
     * since the paths of one way add up to one key, and a value in a shared slab.
     *
     * @throws StoreFullException if there is no room
     */
    void ensureRoom(int valueLongs) {
        boolean dedicated = valueLongs > MAX_SHARED_LONGS;
        boolean shared = top > SLAB_LONGS / 2;
        if (!dedicated && !shared) {
            return;
        }
        long needed = (shared ? SLAB_LONGS : 0) + (dedicated ? valueLongs : 0L);
        if (slabLongs + needed > maxLongs) {
            throw new StoreFullException("the store may take " + (maxLongs << 3) + " bytes and has them");
        }
        if (vacantSlots.size() + MAX_SLABS - slabCount < 2) {
            throw new StoreFullException("the store may have " + MAX_SLABS + " slabs and has them");
        }
    }

    /** A block of at least {@code longs} longs (at least 2), word 0 set and the rest arbitrary. */
    int allocate(int longs, long birth) {
        int sizeClass = sizeClass(longs);
        int handle;
        int taken;
        if (sizeClass == DEDICATED) {
            handle = addSlab(longs) << SLAB_SHIFT;
            taken = longs;
        } else {
            taken = classLongs(sizeClass);
            handle = freeHeads[sizeClass];
            if (handle == NONE) {
                handle = carve(taken);
            } else {
                freeHeads[sizeClass] = (int) slabs[handle >>> SLAB_SHIFT][(handle & OFFSET_MASK) + 1];
            }
        }
        slabs[handle >>> SLAB_SHIFT][handle & OFFSET_MASK] = (birth << 24) | ((long) sizeClass << 16);
        liveBlocks++;
        liveLongs += taken;
        return handle;
    }

    void free(int handle) {
        int slot = handle >>> SLAB_SHIFT;
        int offset = handle & OFFSET_MASK;
        long[] slab = slabs[slot];
        Invariant.check(slab.length > 0 && birth(slab, offset) != FREE_BIRTH, "a block is freed twice");
        int sizeClass = sizeClass(slab, offset);
        liveBlocks--;
        if (sizeClass == DEDICATED) {
            liveLongs -= slab.length;
            slabLongs -= slab.length;
            slabs[slot] = NO_SLAB;
            vacantSlots.add(slot, 0);
        } else {
            liveLongs -= classLongs(sizeClass);
            pushFree(slab, handle, sizeClass);
        }
    }

    private void pushFree(long[] slab, int handle, int sizeClass) {
        int offset = handle & OFFSET_MASK;
        slab[offset] = (FREE_BIRTH << 24) | ((long) sizeClass << 16);
        slab[offset + 1] = Integer.toUnsignedLong(freeHeads[sizeClass]);
        freeHeads[sizeClass] = handle;
    }

    private int carve(int longs) {
        if (top + longs > SLAB_LONGS) {
            int next = addSlab(SLAB_LONGS);
            giveRemainderToFreeLists();
            current = next;
            top = 0;
        }
        int handle = (current << SLAB_SHIFT) | top;
        top += longs;
        return handle;
    }

    private void giveRemainderToFreeLists() {
        int left = SLAB_LONGS - top;
        while (left >= 2) {
            int size = left;
            if (left > EXACT_CLASSES) {
                int shift = 28 - Integer.numberOfLeadingZeros(left);
                size = Math.min(MAX_SHARED_LONGS, (left >>> shift) << shift);
            }
            pushFree(slabs[current], (current << SLAB_SHIFT) | top, sizeClass(size));
            top += size;
            left -= size;
        }
    }

    private int addSlab(int longs) {
        int slot;
        if (vacantSlots.size() > 0) {
            slot = vacantSlots.last();
            vacantSlots.removeLast(0);
        } else {
            Invariant.check(slabCount < MAX_SLABS, "a slab is added without room for it");
            slot = slabCount++;
        }
        long[][] directory = slabs;
        if (slot >= directory.length) {
            directory = Arrays.copyOf(directory, Math.min(MAX_SLABS, slot * 2));
            Arrays.fill(directory, slot, directory.length, NO_SLAB);
        }
        directory[slot] = new long[longs];
        slabLongs += longs;
        slabs = directory;
        return slot;
    }

    long liveBlocks() {
        return liveBlocks;
    }

    long liveBytes() {
        return liveLongs << 3;
    }

    long slabBytes() {
        return slabLongs << 3;
    }
}
