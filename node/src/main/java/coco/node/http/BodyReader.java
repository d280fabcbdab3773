package coco.node.http;

import coco.node.http.Deadlines.Deadline;
import io.helidon.webserver.http.ServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Reads a body within a size and a time. The one way bodies are read: Helidon's own size limit does not hold on HTTP/2, and
 * nothing of its own limits the time.
 */
final class BodyReader {
    private static final int BUFFER_BYTES = 16 * 1024;

    /** What Go's server, and so geth, reads on after a body that is too large. */
    private static final int DISCARD_BYTES = 256 * 1024;

    private final HttpLimits limits;
    private final Deadlines deadlines;

    BodyReader(HttpLimits limits, Deadlines deadlines) {
        this.limits = limits;
        this.deadlines = deadlines;
    }

    /** How reading ended. */
    sealed interface Result {
        /** The whole body. */
        @SuppressWarnings("ArrayRecordComponent") // never compared
        record Whole(byte[] bytes) implements Result {}

        /** Larger than allowed; the rest was not read. */
        record TooLarge() implements Result {}

        /** Not whole within the time. */
        record TooSlow() implements Result {}

        /** The client broke off, or sent what is not a body. */
        record Broken() implements Result {}
    }

    Result read(ServerRequest request) {
        OptionalLong announced = request.headers().contentLength();
        if (!request.content().hasEntity()) {
            return new Result.Whole(new byte[0]);
        }
        Thread reader = Thread.currentThread();
        AtomicBoolean late = new AtomicBoolean();
        Deadline deadline = deadlines.in(limits.bodyTimeout().toNanos(), () -> {
            late.set(true);
            reader.interrupt();
        });
        try {
            InputStream in = request.content().inputStream();
            Result result = announced.orElse(0) > limits.maxBodyBytes() ? discard(in) : copy(in);
            // Helidon ends the stream of an interrupted HTTP/2 reader as if the body were whole.
            return late.get() ? new Result.TooSlow() : result;
        } catch (IOException | RuntimeException broken) {
            return late.get() ? new Result.TooSlow() : new Result.Broken();
        } finally {
            deadline.lift();
            // An interrupt that came between the last byte and the lifting is for nobody.
            if (late.get()) {
                Thread.interrupted();
            }
        }
    }

    private Result copy(InputStream in) throws IOException {
        // The announced length is the client's word: grow towards it instead of allocating it.
        ByteArrayOutputStream out = new ByteArrayOutputStream(BUFFER_BYTES);
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            if (out.size() + n > limits.maxBodyBytes()) {
                return discard(in);
            }
            out.write(buffer, 0, n);
        }
        return new Result.Whole(out.toByteArray());
    }

    /** Reads a little further, so that a client that is still sending gets to read the answer and not a reset. */
    private static Result discard(InputStream in) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        int left = DISCARD_BYTES;
        for (int n = in.read(buffer); n >= 0 && left > 0; n = in.read(buffer)) {
            left -= n;
        }
        return new Result.TooLarge();
    }
}
