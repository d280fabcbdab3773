package coco.node.http;

import coco.ledgers.api.SharedText;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes wait for all clients of one listener that are told of things, by WebSocket or by a stream of events. A
 * text that many queues share is in memory once, and so counts once for each listener: holders are counted here and not
 * with the text, because another listener's queues would end the count of this one. Any thread.
 */
final class QueuedBytes {
    private final Set<Reader> readers = ConcurrentHashMap.newKeySet();
    private final AtomicLong total = new AtomicLong();
    /** By identity: the text has no other equality. */
    private final ConcurrentMap<SharedText, Integer> holders = new ConcurrentHashMap<>();

    /** A client as far as its queue is concerned. */
    interface Reader {
        /** How many bytes wait for it, those that others hold too included. */
        long waitingBytes();

        /** Cuts it off, for the given reason. Never waits. */
        void drop(String why);
    }

    void join(Reader reader) {
        readers.add(reader);
    }

    void leave(Reader reader) {
        readers.remove(reader);
    }

    /**
     * Cuts those that hold most, if all together hold too much: so that slow readers go, and not whoever comes next.
     */
    void keepWithin(long most) {
        while (total() > most) {
            Reader largest = readers.stream()
                    .max(Comparator.comparingLong(Reader::waitingBytes))
                    .orElse(null);
            if (largest == null || largest.waitingBytes() == 0) {
                return;
            }
            largest.drop("memory");
        }
    }

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
