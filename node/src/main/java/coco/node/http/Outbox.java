package coco.node.http;

import coco.ledgers.api.SharedText;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one WebSocket client to read it: messages in order, bounded in number and bytes, the newest pong, and
 * the close frame. Many threads put in, one writer takes out.
 */
final class Outbox {
    private static final int TEXT = 1;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final byte[] NOTHING = new byte[0];

    private final SocketLimits limits;
    private final QueuedBytes total;
    private final long pingNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final Condition emptied = lock.newCondition();
    private final ArrayDeque<Message> messages = new ArrayDeque<>();
    private long bytes;
    private byte @Nullable [] pong;
    private byte @Nullable [] last;
    private long nextPing;
    private boolean closing;
    private boolean dropped;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Message(byte[] before, @Nullable SharedText shared, byte[] after) {
        int length() {
            return before.length + (shared == null ? 0 : shared.utf8().length) + after.length;
        }

        /** What it takes of memory even if others hold the shared part. */
        long own() {
            return (long) before.length + SocketLimits.ENTRY_BYTES;
        }
    }

    /** What became of a message. */
    enum Offered {
        QUEUED,
        /** The client reads too slowly. */
        FULL,
        CLOSED
    }

    /**
     * What to write next.
     *
     * @param pieces to be written one after the other
     * @param last whether the connection ends with it
     */
    record Batch(List<byte[]> pieces, boolean last) {}

    /**
     * An empty queue.
     *
     * @param total what is in memory for the clients of a listener together
     * @param pingNanos time between two pings
     */
    Outbox(SocketLimits limits, QueuedBytes total, long pingNanos) {
        this.limits = limits;
        this.total = total;
        this.pingNanos = pingNanos;
        this.nextPing = System.nanoTime() + pingNanos;
    }

    /** Puts a message in without waiting. */
    Offered offer(byte[] before, SharedText text, byte[] after) {
        Message message = new Message(before, text, after);
        lock.lock();
        try {
            if (closing) {
                return Offered.CLOSED;
            }
            if (!hasRoom(message)) {
                return Offered.FULL;
            }
            add(message);
            return Offered.QUEUED;
        } finally {
            lock.unlock();
        }
    }

    /** Puts a message in as soon as there is room; false if the connection is closed. */
    boolean send(byte[] text) throws InterruptedException {
        Message message = new Message(text, null, NOTHING);
        lock.lockInterruptibly();
        try {
            while (!closing && !hasRoom(message)) {
                emptied.await();
            }
            if (!closing) {
                add(message);
            }
            return !closing;
        } finally {
            lock.unlock();
        }
    }

    private boolean hasRoom(Message message) {
        return messages.isEmpty()
                || (messages.size() < limits.queueMessages() && bytes + message.length() <= limits.queueBytes());
    }

    private void add(Message message) {
        SharedText shared = message.shared();
        messages.add(message);
        bytes += message.length();
        total.add(message.own());
        if (shared != null) {
            total.hold(shared);
        }
        filled.signal();
    }

    private void remove(Message message) {
        SharedText shared = message.shared();
        bytes -= message.length();
        total.give(message.own());
        if (shared != null) {
            total.release(shared);
        }
    }

    /** The answer to a ping; an earlier one that is not sent yet is forgotten, as RFC 6455, 5.5.3 allows. */
    void pong(byte[] payload) {
        lock.lock();
        try {
            pong = payload;
            filled.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends the connection with a close frame after what is queued, or instead of it. The first end counts.
     *
     * @param payload code and reason
     */
    void close(byte[] payload, boolean atOnce) {
        lock.lock();
        try {
            if (last == null) {
                last = payload;
            }
            closing = true;
            if (atOnce) {
                clear();
            }
            filled.signal();
            emptied.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Forgets everything; the writer finds nothing any more. */
    void drop() {
        lock.lock();
        try {
            closing = true;
            dropped = true;
            clear();
            filled.signal();
            emptied.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void clear() {
        messages.forEach(this::remove);
        messages.clear();
    }

    /** How many bytes wait, those that others hold too included. */
    long waitingBytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for something to write; null after {@link #drop}. */
    @Nullable
    Batch take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!dropped) {
                long untilPing = nextPing - System.nanoTime();
                if (!messages.isEmpty() || pong != null || last != null || untilPing <= 0) {
                    return batch(untilPing <= 0);
                }
                var _ = filled.awaitNanos(untilPing);
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private Batch batch(boolean ping) {
        List<byte[]> pieces = new ArrayList<>();
        ByteArrayOutputStream small = new ByteArrayOutputStream();
        if (ping) {
            nextPing = System.nanoTime() + pingNanos;
            frame(small, PING, NOTHING);
        }
        if (pong != null) {
            frame(small, PONG, pong);
            pong = null;
        }
        while (!messages.isEmpty() && small.size() < SocketLimits.WRITE_BYTES && pieces.isEmpty()) {
            Message message = messages.remove();
            remove(message);
            append(small, pieces, message);
        }
        boolean end = messages.isEmpty() && last != null;
        if (end && last != null) {
            if (!pieces.isEmpty()) {
                pieces.add(FrameReader.header(CLOSE, last.length));
                pieces.add(last);
            } else {
                frame(small, CLOSE, last);
            }
        }
        if (small.size() > 0) {
            pieces.addFirst(small.toByteArray());
        }
        emptied.signalAll();
        return new Batch(pieces, end);
    }

    private static void append(ByteArrayOutputStream small, List<byte[]> pieces, Message message) {
        byte[] shared = message.shared() == null ? NOTHING : message.shared().utf8();
        small.writeBytes(FrameReader.header(TEXT, message.length()));
        for (byte[] part : List.of(message.before(), shared, message.after())) {
            // Copying what is large would hold it twice.
            if (part.length > SocketLimits.WRITE_BYTES || !pieces.isEmpty()) {
                pieces.add(part);
            } else {
                small.writeBytes(part);
            }
        }
    }

    private static void frame(ByteArrayOutputStream out, int opcode, byte[] payload) {
        out.writeBytes(FrameReader.header(opcode, payload.length));
        out.writeBytes(payload);
    }
}
