package coco.node.http;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of bodies and answers one listener holds in memory at a time. What is large may use half of it only,
 * so that a few clients with large bodies leave room for everybody else's. Any thread; nobody waits.
 */
final class ByteBudget {
    /** Up to here an amount is small: a batch of some hundred transactions. */
    static final int SMALL_BYTES = 256 << 10;

    private final long bytes;
    private final AtomicLong held = new AtomicLong();

    ByteBudget(long bytes) {
        this.bytes = bytes;
    }

    /**
     * Takes so many bytes if there is room for them.
     *
     * @param whole what they are part of, which may be more
     */
    boolean take(long amount, long whole) {
        long most = whole > SMALL_BYTES ? bytes / 2 : bytes;
        if (held.addAndGet(amount) <= most) {
            return true;
        }
        held.addAndGet(-amount);
        return false;
    }

    /** Takes a small amount whether or not there is room: for answers, which exist already. */
    void add(long amount) {
        held.addAndGet(amount);
    }

    void give(long amount) {
        held.addAndGet(-amount);
    }

    /** What is held now. */
    long held() {
        return held.get();
    }
}
