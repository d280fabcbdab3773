package coco.ledgers.ethereum.rpc;

import coco.ledgers.api.Rejection;
import java.io.ByteArrayOutputStream;

/**
 * The answer to one exchange while it is written. Its end can be taken back; results do not grow it beyond what one
 * answer may have, nor beyond what all large ones may have together. One thread at a time; {@link #release} ends it.
 */
final class ReplyBuffer extends ByteArrayOutputStream {
    /** What no exchange has to ask for: nearly all answers are smaller. */
    private static final int FREE_BYTES = 64 << 10;

    /** By how much is asked for: rarely enough that nobody waits for the shared counter. */
    private static final int STEP_BYTES = 256 << 10;

    private final int maxBytes;
    private final ReplyMemory memory;
    private long taken;
    private boolean bounded;
    private boolean full;

    /** Thrown to whoever writes a result that finds no room; what is written afterwards goes nowhere. */
    static final class NoRoomException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final RpcException error;

        NoRoomException(RpcException error) {
            super(null, null, false, false);
            this.error = error;
        }

        /** What the client is told. */
        RpcException error() {
            return error;
        }
    }

    ReplyBuffer(int maxBytes, ReplyMemory memory) {
        super(256);
        this.maxBytes = maxBytes;
        this.memory = memory;
    }

    /** Whether the limits hold for what comes next: they do for results, not for the errors that take their place. */
    void bounded(boolean on) {
        bounded = on;
    }

    /** Whether a result has found no room since the last {@link #truncate}. */
    boolean full() {
        return full;
    }

    void truncate(int size) {
        count = size;
        full = false;
    }

    /** Gives back what was taken of the shared memory. */
    void release() {
        memory.give(taken);
        taken = 0;
    }

    @Override
    public synchronized void write(int b) {
        if (hasRoom(1)) {
            super.write(b);
        }
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        if (hasRoom(length)) {
            super.write(bytes, offset, length);
        }
    }

    private boolean hasRoom(int length) {
        if (full || !bounded) {
            return !full;
        }
        if (length > maxBytes - count) {
            full = true;
            throw new NoRoomException(RpcException.responseTooLarge());
        }
        long missing = (long) count + length - FREE_BYTES - taken;
        if (missing > 0) {
            long step = Math.max(missing, STEP_BYTES);
            if (!memory.take(step)) {
                full = true;
                throw new NoRoomException(new RpcException(Rejection.UNAVAILABLE, "busy, try again"));
            }
            taken += step;
        }
        return true;
    }
}
