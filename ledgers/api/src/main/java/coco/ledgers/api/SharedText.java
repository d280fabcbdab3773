package coco.ledgers.api;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * UTF-8 text that is put into many queues and is in memory once, so that it counts once, too: whoever queues it says
 * so, and is told whether it was the first, or the last to be done with it. Any thread.
 */
public final class SharedText {
    private final byte[] utf8;
    private final AtomicInteger holders = new AtomicInteger();

    /** The array is kept and must not change. */
    public SharedText(byte[] utf8) {
        this.utf8 = utf8;
    }

    /** The text itself, not a copy. */
    public byte[] utf8() {
        return utf8;
    }

    /** One more queue holds it; true if none did. */
    public boolean hold() {
        return holders.getAndIncrement() == 0;
    }

    /** A queue is done with it; true if no other holds it. */
    public boolean release() {
        return holders.decrementAndGet() == 0;
    }
}
