package coco.node.http;

import coco.ledgers.api.SharedText;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes wait for all WebSocket clients of one listener. A text that many queues share is in memory once, and
 * so counts once for each listener: holders are counted here and not with the text, because another listener's queues
 * would end the count of this one. Any thread.
 */
final class QueuedBytes {
    private final AtomicLong total = new AtomicLong();
    /** By identity: the text has no other equality. */
    private final ConcurrentMap<SharedText, Integer> holders = new ConcurrentHashMap<>();

    void add(long bytes) {
        total.addAndGet(bytes);
    }

    void give(long bytes) {
        total.addAndGet(-bytes);
    }

    /** One more queue of this listener holds the text. */
    void hold(SharedText text) {
        holders.compute(text, (same, count) -> {
            if (count == null) {
                total.addAndGet(same.utf8().length);
                return 1;
            }
            return count + 1;
        });
    }

    /** A queue of this listener is done with the text. */
    void release(SharedText text) {
        holders.computeIfPresent(text, (same, count) -> {
            if (count == 1) {
                total.addAndGet(-same.utf8().length);
                return null;
            }
            return count - 1;
        });
    }

    long total() {
        return total.get();
    }
}
