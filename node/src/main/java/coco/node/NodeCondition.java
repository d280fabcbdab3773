package coco.node;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a node is in its life, and whether it serves. Ready means: a majority has lately confirmed a read here, and so
 * everything that was acknowledged before it is applied. A node that is cut off, or too far behind to get there in
 * time, becomes unavailable, and ready again by itself. Any thread; {@link #check} by one.
 */
final class NodeCondition {
    private static final Logger LOG = LoggerFactory.getLogger(NodeCondition.class);

    /** The word is what {@code /node/health} shows. */
    enum Word {
        STARTING,
        READY,
        UNAVAILABLE,
        STOPPING,
        FAILED
    }

    /** Asks a majority whether this node's state is the newest. */
    @FunctionalInterface
    interface Majority {
        /** Waits for the answer; false if there is none in time. */
        boolean confirms() throws InterruptedException;
    }

    private final Majority majority;
    private final LongSupplier nanoTime;
    private Word word = Word.STARTING;
    private long confirmedNanos;

    NodeCondition(Majority majority, LongSupplier nanoTime) {
        this.majority = majority;
        this.nanoTime = nanoTime;
    }

    synchronized Word word() {
        return word;
    }

    boolean isReady() {
        return word() == Word.READY;
    }

    /** Whether the node's end is decided. */
    boolean isOver() {
        Word now = word();
        return now == Word.STOPPING || now == Word.FAILED;
    }

    /** The node is told to stop. */
    synchronized void stop() {
        if (word != Word.FAILED) {
            become(Word.STOPPING);
        }
    }

    /** The node has found itself wrong. */
    synchronized void fail() {
        become(Word.FAILED);
    }

    /**
     * Asks once.
     *
     * @return how long to wait before asking again
     */
    Duration check() throws InterruptedException {
        boolean confirmed = majority.confirms();
        synchronized (this) {
            long now = nanoTime.getAsLong();
            if (isOver()) {
                return NodeLimits.READY_CHECK;
            }
            if (confirmed) {
                confirmedNanos = now;
                if (word != Word.READY) {
                    become(Word.READY);
                    LOG.info("ready");
                }
                return NodeLimits.READY_CHECK;
            }
            if (word == Word.READY && now - confirmedNanos > NodeLimits.READY_PATIENCE.toNanos()) {
                become(Word.UNAVAILABLE);
                LOG.warn(
                        "unavailable: no majority has confirmed a read for {} s",
                        NodeLimits.READY_PATIENCE.toSeconds());
            }
            return NodeLimits.READY_RETRY;
        }
    }

    /** Waits until the node is no longer starting, at most so long. */
    synchronized void awaitStarted(long timeoutMillis) throws InterruptedException {
        long deadline = System.nanoTime() + timeoutMillis * 1_000_000;
        for (long left = timeoutMillis; word == Word.STARTING && left > 0; ) {
            wait(left);
            left = (deadline - System.nanoTime()) / 1_000_000;
        }
    }

    private synchronized void become(Word next) {
        word = next;
        notifyAll();
    }
}
