package coco.evm.state;

import org.jspecify.annotations.Nullable;

/** Slots of one account by key: open addressing, at most half full, keys compared as four longs. */
final class SlotMap {
    private static final int INITIAL_BITS = 3;

    private final Seeds seeds;
    private @Nullable JournaledSlot[] table = new JournaledSlot[1 << INITIAL_BITS];
    private int shift = 64 - INITIAL_BITS;
    private int size;

    SlotMap(Seeds seeds) {
        this.seeds = seeds;
    }

    @Nullable
    JournaledSlot find(long k3, long k2, long k1, long k0) {
        int mask = table.length - 1;
        int i = (int) (seeds.hash(k3, k2, k1, k0) >>> shift);
        while (true) {
            JournaledSlot slot = table[i];
            if (slot == null || (slot.k0 == k0 && slot.k1 == k1 && slot.k2 == k2 && slot.k3 == k3)) {
                return slot;
            }
            i = (i + 1) & mask;
        }
    }

    /** Adds a slot whose key is not there yet. */
    void add(JournaledSlot slot) {
        if (++size * 2 > table.length) {
            grow();
        }
        insert(slot);
    }

    private void insert(JournaledSlot slot) {
        int mask = table.length - 1;
        int i = (int) (seeds.hash(slot.k3, slot.k2, slot.k1, slot.k0) >>> shift);
        while (table[i] != null) {
            i = (i + 1) & mask;
        }
        table[i] = slot;
    }

    private void grow() {
        @Nullable JournaledSlot[] previous = table;
        table = new JournaledSlot[previous.length * 2];
        shift--;
        for (JournaledSlot slot : previous) {
            if (slot != null) {
                insert(slot);
            }
        }
    }
}
