package coco.node.http;

import coco.node.http.Deadlines.Deadline;
import io.helidon.common.mapper.MapperException;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Reads a body within a size, a time and what all bodies of a listener may take together. The one way bodies are read:
 * Helidon's own size limit does not hold on HTTP/2, and nothing of its own limits the time.
 */
final class BodyReader {
    private static final int BUFFER_BYTES = 16 * 1024;

    /** What Go's server, and so geth, reads on after a body that is too large. */
    private static final int DISCARD_BYTES = 256 * 1024;

    private final HttpLimits limits;
    private final ByteBudget budget;

    BodyReader(HttpLimits limits, ByteBudget budget) {
        this.limits = limits;
        this.budget = budget;
    }

    /** How reading ended. */
    sealed interface Result {
        /** The whole body. So many bytes are taken from the budget; whoever gets them gives them back. */
        @SuppressWarnings("ArrayRecordComponent") // never compared
        record Whole(byte[] bytes) implements Result {}

        /** Larger than allowed; the rest was not read. */
        record TooLarge() implements Result {}

        /** There is no memory for it now; the rest was not read. */
        record NoRoom() implements Result {}

        /** Not whole within the time. */
        record TooSlow() implements Result {}

        /** The client broke off, or sent what is not a body. */
        record Broken() implements Result {}
    }

    private enum Ended {
        WHOLE,
        TOO_LARGE,
        NO_ROOM
    }

    /** Reads the whole body. The deadline interrupts the calling thread. */
    Result read(ServerRequest request, Deadline deadline) {
        if (!request.content().hasEntity()) {
            return new Result.Whole(new byte[0]);
        }
        long announced;
        try {
            announced = request.headers().contentLength().orElse(0);
        } catch (MapperException malformed) {
            // Beside a transfer coding Helidon does not look at the length, and so lets through what is no number.
            return new Result.Broken();
        }
        Collector body = new Collector(announced);
        Ended ended = Ended.TOO_LARGE;
        boolean broken = false;
        deadline.set(limits.bodyTimeout().toNanos());
        try {
            InputStream in = request.content().inputStream();
            if (announced <= limits.maxBodyBytes()) {
                ended = body.readFrom(in);
            }
            if (ended != Ended.WHOLE) {
                discard(in);
            }
        } catch (IOException | RuntimeException failure) {
            broken = true;
        }
        boolean late = isOver(deadline);
        // Helidon ends the stream of an interrupted HTTP/2 reader as if the body were whole.
        if (late || broken || ended != Ended.WHOLE) {
            body.giveUp();
        }
        if (late) {
            return new Result.TooSlow();
        }
        if (broken) {
            return new Result.Broken();
        }
        return switch (ended) {
            case WHOLE -> new Result.Whole(body.whole());
            case TOO_LARGE -> new Result.TooLarge();
            case NO_ROOM -> new Result.NoRoom();
        };
    }

    /**
     * Reads a little of a body that nobody wants, after the answer was sent, so that a client that is still sending
     * gets to read it and not a reset.
     */
    void skip(ServerRequest request, Deadline deadline) {
        // Whoever waits to be told to go on has sent nothing.
        if (!request.content().hasEntity() || request.headers().contains(HeaderNames.EXPECT)) {
            return;
        }
        deadline.set(limits.bodyTimeout().toNanos());
        try {
            discard(request.content().inputStream());
        } catch (IOException | RuntimeException gone) {
            // The answer is sent, and the connection is closed either way.
            return;
        } finally {
            isOver(deadline);
        }
    }

    /** Ends the time for reading; an interrupt that came between the last byte and this is for nobody. */
    private static boolean isOver(Deadline deadline) {
        boolean late = deadline.pause();
        if (late) {
            Thread.interrupted();
        }
        return late;
    }

    private static void discard(InputStream in) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        int left = DISCARD_BYTES;
        for (int n = in.read(buffer); n >= 0 && left > 0; n = in.read(buffer)) {
            left -= n;
        }
    }

    /** The bytes so far, in an array that grows towards the announced length; all of it is taken from the budget. */
    private final class Collector {
        private final long announced;
        private byte[] bytes = new byte[0];
        private int count;

        Collector(long announced) {
            this.announced = announced;
        }

        Ended readFrom(InputStream in) throws IOException {
            while (true) {
                if (count == bytes.length) {
                    int next = in.read();
                    if (next < 0) {
                        return Ended.WHOLE;
                    }
                    if (count == limits.maxBodyBytes()) {
                        return Ended.TOO_LARGE;
                    }
                    if (!grow()) {
                        return Ended.NO_ROOM;
                    }
                    bytes[count++] = (byte) next;
                }
                int n = in.read(bytes, count, bytes.length - count);
                if (n < 0) {
                    return Ended.WHOLE;
                }
                count += n;
            }
        }

        private boolean grow() {
            // The announced length is the client's word: it is grown towards, not allocated at once.
            long next = Math.min(limits.maxBodyBytes(), Math.max(BUFFER_BYTES, 2L * bytes.length));
            if (announced > count && announced <= next) {
                next = announced;
            }
            // While it is copied there is a second array, for a moment.
            if (!budget.take(next - bytes.length, next)) {
                return false;
            }
            bytes = Arrays.copyOf(bytes, (int) next);
            return true;
        }

        byte[] whole() {
            budget.give(bytes.length - count);
            return count == bytes.length ? bytes : Arrays.copyOf(bytes, count);
        }

        void giveUp() {
            budget.give(bytes.length);
            bytes = new byte[0];
            count = 0;
        }
    }
}
