package coco.ledgers.ethereum.rpc;

import java.util.concurrent.atomic.AtomicLong;

/** What large answers that are being written may take together, over all exchanges of a node. Any thread. */
final class ReplyMemory {
    private final AtomicLong left;

    ReplyMemory(long bytes) {
        this.left = new AtomicLong(bytes);
    }

    /** Takes so many bytes, unless there are fewer left. */
    boolean take(long bytes) {
        for (long now = left.get(); now >= bytes; now = left.get()) {
            if (left.compareAndSet(now, now - bytes)) {
                return true;
            }
        }
        return false;
    }

    void give(long bytes) {
        left.addAndGet(bytes);
    }
}
