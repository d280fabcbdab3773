package coco.node.http;

import coco.ledgers.api.Endpoint.Reply;
import coco.ledgers.api.EventEndpoint;
import coco.node.http.Deadlines.Deadline;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One client that listens to a stream of events. The thread of its request writes; publishers only meet the queue.
 * Nothing is ever read: that a client is gone shows when a comment cannot be written to it.
 */
final class EventStream implements EventEndpoint.Stream, QueuedBytes.Reader {
    /** Proxies are told not to collect events. */
    static final Reply HEAD = new Reply(200, "text/event-stream", new byte[0], Map.of("X-Accel-Buffering", "no"));

    private static final byte[] NOTHING = new byte[0];
    private static final byte[] COMMENT = ascii(":\n\n");
    private static final byte[] END = ascii("\n\n");

    private final EventStreams all;
    private final EventRoute route;
    private final EventEndpoint.Opening opening;
    private final @Nullable X509Certificate peer;
    private final SocketAddress client;
    private final Outbox outbox;
    private final Deadline writeDeadline;

    EventStream(
            EventStreams all,
            EventRoute route,
            EventEndpoint.Opening opening,
            @Nullable X509Certificate peer,
            SocketAddress client,
            Outbox outbox) {
        this.all = all;
        this.route = route;
        this.opening = opening;
        this.peer = peer;
        this.client = client;
        this.outbox = outbox;
        this.writeDeadline = all.deadlines().unset(() -> drop("write"));
    }

    /** What a queue puts before a message: events bring their own, and only pings mean something here. */
    static byte[] header(int opcode, long length) {
        return opcode == Outbox.PING ? COMMENT : NOTHING;
    }

    EventRoute route() {
        return route;
    }

    @Override
    public boolean offer(EventEndpoint.Event event) {
        byte[] before =
                ("id: " + event.id() + "\nevent: " + event.type() + "\ndata: ").getBytes(StandardCharsets.UTF_8);
        return switch (outbox.offer(before, event.data(), END)) {
            case QUEUED -> {
                all.keepWithinMemory();
                yield true;
            }
            case FULL -> {
                drop("slow");
                yield false;
            }
            case CLOSED -> false;
        };
    }

    @Override
    public void close() {
        outbox.close(NOTHING, false);
    }

    @Override
    public long waitingBytes() {
        return outbox.waitingBytes();
    }

    /** Cuts the connection. Never waits. */
    @Override
    public void drop(String why) {
        all.closedBecause(why);
        outbox.drop();
        Thread.startVirtualThread(() -> all.abort(client));
    }

    /** Writes events until the stream is over; the output is closed then. */
    void converse(OutputStream out) {
        Runnable over;
        try {
            over = route.acceptor().open(opening, this);
        } catch (RuntimeException refused) {
            all.failed(route, refused);
            drop("failed");
            return;
        }
        try (out) {
            // So that the client knows at once that it is heard.
            write(out, COMMENT);
            for (Outbox.Batch batch = outbox.take(); batch != null; batch = outbox.take()) {
                if (!route.access().admits(peer)) {
                    // Whoever was let in may have been removed since.
                    return;
                }
                for (byte[] piece : batch.pieces()) {
                    write(out, piece);
                }
                outbox.written();
                if (batch.last()) {
                    return;
                }
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException gone) {
            // However it broke: the client is not there any more.
            return;
        } finally {
            writeDeadline.lift();
            outbox.drop();
            over.run();
        }
    }

    private void write(OutputStream out, byte[] piece) throws IOException {
        writeDeadline.set(all.writeNanos());
        out.write(piece);
        out.flush();
        writeDeadline.pause();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
