package coco.evm.state;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The undo log: kind, target and former value of every change, in parallel arrays that are kept between transactions.
 */
final class Journal {
    static final byte BALANCE = 0;
    static final byte NONCE = 1;
    static final byte CODE = 2;
    static final byte FLAGS = 3;
    static final byte SLOT = 4;
    static final byte SLOT_WARM = 5;
    static final byte REFUND = 6;
    static final byte LOG = 7;

    /** Enough for a call that only reads, for which a larger one would cost more than the call. */
    private static final int INITIAL_CAPACITY = 16;
    /** A transaction that changed more than this leaves no large arrays behind. */
    private static final int KEPT_CAPACITY = 1 << 16;

    private byte[] kinds = new byte[INITIAL_CAPACITY];
    private @Nullable Object[] targets = new Object[INITIAL_CAPACITY];
    private @Nullable Object[] formers = new Object[INITIAL_CAPACITY];
    private long[] limbs = new long[INITIAL_CAPACITY * 4];
    private int size;

    int size() {
        return size;
    }

    byte kind(int i) {
        return kinds[i];
    }

    @Nullable
    Object target(int i) {
        return targets[i];
    }

    @Nullable
    Object former(int i) {
        return formers[i];
    }

    long limb(int i, int limb) {
        return limbs[i * 4 + limb];
    }

    /** Notes a change whose former value is an object. */
    void add(byte kind, Object target, @Nullable Object former) {
        int i = next(kind, target);
        formers[i] = former;
    }

    /** Notes a change whose former value is a number. */
    void add(byte kind, @Nullable Object target, long former) {
        int i = next(kind, target);
        limbs[i * 4] = former;
    }

    /** Notes a change of a slot. */
    void addSlot(JournaledSlot slot) {
        int i = next(SLOT, slot) * 4;
        limbs[i] = slot.v0;
        limbs[i + 1] = slot.v1;
        limbs[i + 2] = slot.v2;
        limbs[i + 3] = slot.v3;
    }

    private int next(byte kind, @Nullable Object target) {
        if (size == kinds.length) {
            kinds = Arrays.copyOf(kinds, size * 2);
            targets = Arrays.copyOf(targets, size * 2);
            formers = Arrays.copyOf(formers, size * 2);
            limbs = Arrays.copyOf(limbs, size * 8);
        }
        kinds[size] = kind;
        targets[size] = target;
        return size++;
    }

    /** Forgets the entries from {@code from} on, and what they refer to. */
    void truncate(int from) {
        if (from == 0 && kinds.length > KEPT_CAPACITY) {
            kinds = new byte[INITIAL_CAPACITY];
            targets = new Object[INITIAL_CAPACITY];
            formers = new Object[INITIAL_CAPACITY];
            limbs = new long[INITIAL_CAPACITY * 4];
        } else {
            Arrays.fill(targets, from, size, null);
            Arrays.fill(formers, from, size, null);
        }
        size = from;
    }
}
