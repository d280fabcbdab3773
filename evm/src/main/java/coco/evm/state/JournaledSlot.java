package coco.evm.state;

import coco.evm.types.Word;

/**
 * One slot of storage: its key, its value, and the value it had when the transaction began. Words on the interpreter's
 * stack are four longs from index {@code i}, the least significant first.
 */
public final class JournaledSlot {
    final JournaledAccount owner;
    final long k3;
    final long k2;
    final long k1;
    final long k0;
    long v3;
    long v2;
    long v1;
    long v0;
    private long o3;
    private long o2;
    private long o1;
    private long o0;
    /** The transaction for which the original value and the two flags hold. */
    private long transaction;

    boolean warm;
    boolean dirty;

    JournaledSlot(JournaledAccount owner, long k3, long k2, long k1, long k0) {
        this.owner = owner;
        this.k3 = k3;
        this.k2 = k2;
        this.k1 = k1;
        this.k0 = k0;
    }

    void load(Word value) {
        v3 = value.l3();
        v2 = value.l2();
        v1 = value.l1();
        v0 = value.l0();
    }

    void stamp(long currentTransaction) {
        if (transaction != currentTransaction) {
            transaction = currentTransaction;
            o3 = v3;
            o2 = v2;
            o1 = v1;
            o0 = v0;
            warm = false;
            dirty = false;
        }
    }

    /** Puts the value on the stack. */
    public void copyTo(long[] stack, int i) {
        stack[i] = v0;
        stack[i + 1] = v1;
        stack[i + 2] = v2;
        stack[i + 3] = v3;
    }

    public boolean isZero() {
        return (v3 | v2 | v1 | v0) == 0;
    }

    /** Whether the value is the word on the stack. */
    public boolean is(long[] stack, int i) {
        return v0 == stack[i] && v1 == stack[i + 1] && v2 == stack[i + 2] && v3 == stack[i + 3];
    }

    public boolean originalIsZero() {
        return (o3 | o2 | o1 | o0) == 0;
    }

    /** Whether the value at the start of the transaction is the word on the stack. */
    public boolean originalIs(long[] stack, int i) {
        return o0 == stack[i] && o1 == stack[i + 1] && o2 == stack[i + 2] && o3 == stack[i + 3];
    }

    /** Whether the value is the one at the start of the transaction. */
    public boolean isOriginal() {
        return v0 == o0 && v1 == o1 && v2 == o2 && v3 == o3;
    }

    Word key() {
        return Word.of(k3, k2, k1, k0);
    }

    Word value() {
        return Word.of(v3, v2, v1, v0);
    }
}
