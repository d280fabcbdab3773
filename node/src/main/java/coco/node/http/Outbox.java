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
 * What waits for one client of a WebSocket or of a stream of events to read it: messages in order, bounded in number
 * and bytes, the newest pong, and the close frame. Many threads put in, one writer takes out. A message counts from
 * when its sender brings it, room or not, until it is written.
 */
final class Outbox {
    /** RFC 6455, 11.8. */
    static final int TEXT = 1;

    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    private static final byte[] NOTHING = new byte[0];

    private final Framing framing;
    private final SocketLimits limits;
    private final QueuedBytes total;
    private final long pingNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final Condition emptied = lock.newCondition();
    private final ArrayDeque<Message> messages = new ArrayDeque<>();
    /** Taken out and not written yet. */
    private final List<Message> inWriting = new ArrayList<>();

    private long bytes;
    private long writingBytes;
    /** What senders hold that wait for room. */
    private long sendingBytes;

    private byte @Nullable [] pong;
    private byte @Nullable [] last;
    private long nextPing;
    private boolean held;
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

    /** How a message looks on the wire. */
    @FunctionalInterface
    interface Framing {
        /**
         * What stands before a message.
         *
         * @param opcode as in RFC 6455
         * @param length of the message, in bytes
         */
        byte[] header(int opcode, long length);
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
    Outbox(Framing framing, SocketLimits limits, QueuedBytes total, long pingNanos) {
        this.framing = framing;
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

    /** Counts a message that will be {@link #send sent} next, whatever becomes of it; false if nothing more is. */
    boolean announce(byte[] text) {
        lock.lock();
        try {
            if (!closing) {
                sendingBytes += text.length;
                total.add(text.length);
            }
            return !closing;
        } finally {
            lock.unlock();
        }
    }

    /** Puts an announced message in as soon as there is room; full if there is none in time. */
    Offered send(byte[] text, long nanos) throws InterruptedException {
        Message message = new Message(text, null, NOTHING);
        // Not interruptibly: what was announced has to be taken back.
        lock.lock();
        try {
            long left = nanos;
            while (!closing && !hasRoom(message) && left > 0) {
                left = emptied.awaitNanos(left);
            }
            if (closing) {
                return Offered.CLOSED;
            }
            if (!hasRoom(message)) {
                return Offered.FULL;
            }
            add(message);
            return Offered.QUEUED;
        } finally {
            if (!dropped) {
                sendingBytes -= text.length;
                total.give(text.length);
            }
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

    private void forget(Message message) {
        SharedText shared = message.shared();
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
     * Ends the connection with a close frame after what is queued, or instead of it. What is held back then is not
     * told: nobody would let it go in time, and the client shall hear at least that this is the end. The first end
     * counts.
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
            if (atOnce || held) {
                clear();
            }
            filled.signal();
            emptied.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Forgets everything; the writer finds nothing any more. What it is writing, and what senders hold, counts no more
     * either: it goes as soon as they notice, and until then nobody else shall be cut for it.
     */
    void drop() {
        lock.lock();
        try {
            closing = true;
            dropped = true;
            clear();
            written();
            total.give(sendingBytes);
            sendingBytes = 0;
            filled.signal();
            emptied.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void clear() {
        messages.forEach(this::forget);
        messages.clear();
        bytes = 0;
    }

    /** What was taken last is written, or never will be. */
    void written() {
        lock.lock();
        try {
            inWriting.forEach(this::forget);
            inWriting.clear();
            writingBytes = 0;
        } finally {
            lock.unlock();
        }
    }

    /** Keeps messages back until they are let go; pings, pongs and an end without messages go on. */
    void hold(boolean holding) {
        lock.lock();
        try {
            held = holding;
            filled.signal();
        } finally {
            lock.unlock();
        }
    }

    /** How many bytes wait, those that others hold too included. */
    long waitingBytes() {
        lock.lock();
        try {
            return bytes + writingBytes + sendingBytes;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for something to write, which is {@link #written} before the next; null after {@link #drop}. */
    @Nullable
    Batch take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!dropped) {
                long untilPing = nextPing - System.nanoTime();
                boolean message = !held && !messages.isEmpty();
                boolean end = last != null && messages.isEmpty();
                if (message || end || pong != null || untilPing <= 0) {
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
        while (!held && !messages.isEmpty() && small.size() < SocketLimits.WRITE_BYTES && pieces.isEmpty()) {
            Message message = messages.remove();
            bytes -= message.length();
            writingBytes += message.length();
            inWriting.add(message);
            append(small, pieces, message);
        }
        boolean end = messages.isEmpty() && last != null;
        if (end && last != null) {
            if (!pieces.isEmpty()) {
                pieces.add(framing.header(CLOSE, last.length));
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

    private void append(ByteArrayOutputStream small, List<byte[]> pieces, Message message) {
        byte[] shared = message.shared() == null ? NOTHING : message.shared().utf8();
        small.writeBytes(framing.header(TEXT, message.length()));
        for (byte[] part : List.of(message.before(), shared, message.after())) {
            // Copying what is large would hold it twice.
            if (part.length > SocketLimits.WRITE_BYTES || !pieces.isEmpty()) {
                pieces.add(part);
            } else {
                small.writeBytes(part);
            }
        }
    }

    private void frame(ByteArrayOutputStream out, int opcode, byte[] payload) {
        out.writeBytes(framing.header(opcode, payload.length));
        out.writeBytes(payload);
    }
}
