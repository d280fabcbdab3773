package coco.node.http;

import coco.ledgers.api.Caller;
import coco.ledgers.api.Quota;
import coco.ledgers.api.SharedText;
import coco.ledgers.api.SocketEndpoint;
import coco.node.http.Deadlines.Deadline;
import coco.node.http.FrameReader.Incoming;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * One WebSocket connection. Helidon's thread reads, one more writes, and each message is answered by a third; the
 * session and its publishers only meet the queue.
 */
final class WebSocketConnection implements ServerConnection, SocketEndpoint.Socket, QueuedBytes.Reader {
    private static final int FAILED = 1011;
    private static final int TOO_MANY_PINGS = 1008;
    private static final int NOT_ALLOWED = 1008;
    /** Of the registry of RFC 6455, 11.7. */
    private static final int TRY_AGAIN_LATER = 1013;

    /** What is left for the message that this thread answers. */
    private static final ScopedValue<Quota> OF_MESSAGE = ScopedValue.newInstance();

    private final WebSockets all;
    private final ConnectionContext connection;
    private final SocketRoute route;
    private final SocketRoute.Admitted admitted;
    private final Outbox outbox;
    private final Deadline messageDeadline;
    private final Deadline writeDeadline;
    private final Deadline closeDeadline;
    private final FrameReader frames;
    private final Semaphore inWork = new Semaphore(SocketLimits.IN_WORK_MAX, true);
    private final Thread writer;
    private volatile boolean over;
    private volatile long confirmedNanos = System.nanoTime();
    private long pingSecond;
    private int pings;

    WebSocketConnection(
            WebSockets all, ConnectionContext connection, SocketRoute route, SocketRoute.Admitted admitted) {
        this.all = all;
        this.connection = connection;
        this.route = route;
        this.admitted = admitted;
        this.outbox = all.newOutbox();
        this.messageDeadline = all.deadlines().unset(() -> drop("body"));
        this.writeDeadline = all.deadlines().unset(() -> drop("write"));
        this.closeDeadline = all.deadlines().unset(this::cut);
        this.frames = all.newReader(connection.dataReader(), this::messageBegun);
        this.writer = Thread.ofVirtual().unstarted(this::write);
    }

    @Override
    public Caller caller() {
        return admitted.caller();
    }

    @Override
    public Quota quota() {
        return OF_MESSAGE.orElse(rate());
    }

    private Quota rate() {
        return all.quota(connection.remotePeer().address());
    }

    @Override
    public boolean send(byte[] text) throws InterruptedException {
        if (!outbox.announce(text)) {
            return false;
        }
        all.keepWithinMemory();
        return switch (outbox.send(text, all.writeNanos())) {
            case QUEUED -> true;
            case FULL -> {
                // A message in work has one of the places that all clients share.
                drop("slow");
                yield false;
            }
            case CLOSED -> false;
        };
    }

    @Override
    public boolean offer(byte[] before, SharedText text, byte[] after) {
        switch (outbox.offer(before, text, after)) {
            case QUEUED -> all.keepWithinMemory();
            case FULL -> {
                drop("slow");
                return false;
            }
            case CLOSED -> {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close(int code, String reason) {
        end(code, reason, false);
    }

    private void end(int code, String reason, boolean atOnce) {
        byte[] words = reason.getBytes(StandardCharsets.UTF_8);
        byte[] payload = new byte[2 + words.length];
        payload[0] = (byte) (code >>> 8);
        payload[1] = (byte) code;
        System.arraycopy(words, 0, payload, 2, words.length);
        outbox.close(payload, atOnce);
    }

    /**
     * Ends the connection, without what is queued, if its caller is not any more who it was; holds back what is queued
     * as long as nobody can tell.
     *
     * @param patience for how long it is held back before the client had better go to another node
     */
    void judgeCaller(Duration patience) {
        if (over) {
            return;
        }
        SocketRoute.Standing standing = admitted.standing().get();
        outbox.hold(standing != SocketRoute.Standing.IN_FORCE);
        if (standing == SocketRoute.Standing.IN_FORCE) {
            confirmedNanos = System.nanoTime();
        } else if (standing == SocketRoute.Standing.OVER) {
            refuse("session", NOT_ALLOWED, "the session is over");
        } else if (System.nanoTime() - confirmedNanos > patience.toNanos()) {
            refuse("unconfirmed", TRY_AGAIN_LATER, "no majority confirms this node's state");
        }
    }

    private void refuse(String why, int code, String reason) {
        over = true;
        all.closedBecause(why);
        end(code, reason, true);
    }

    /** Cuts the connection, without a word to a client that would not read it. Never waits. */
    @Override
    public void drop(String why) {
        all.closedBecause(why);
        cut();
    }

    /** The same, with nothing to tell. */
    void cut() {
        outbox.drop();
        Thread.startVirtualThread(() -> all.abort(connection.remotePeer().address()));
    }

    @Override
    public long waitingBytes() {
        return outbox.waitingBytes();
    }

    @Override
    public void handle(Limit limit) throws InterruptedException {
        try {
            writer.start();
            converse();
        } finally {
            finish();
        }
    }

    private void converse() throws InterruptedException {
        SocketEndpoint.Session session;
        try {
            session = route.acceptor().open(this);
        } catch (RuntimeException refused) {
            all.failed(route, refused);
            end(FAILED, "internal error", true);
            return;
        }
        try {
            if (!read(session)) {
                readOn();
            }
        } catch (RuntimeException gone) {
            // However it broke: the client is not there any more, and says nothing of interest.
            cut();
        } finally {
            session.closed();
        }
    }

    /** Takes in messages until either side ends the connection; true if the client did. */
    private boolean read(SocketEndpoint.Session session) throws InterruptedException {
        while (true) {
            switch (frames.next()) {
                case Incoming.Text(byte[] text) -> {
                    messageDeadline.pause();
                    start(session, text);
                }
                case Incoming.Ping(byte[] payload) -> {
                    if (isFlood()) {
                        all.closedBecause("pings");
                        end(TOO_MANY_PINGS, "too many pings", true);
                        return false;
                    }
                    outbox.pong(payload);
                }
                case Incoming.Pong() -> {}
                case Incoming.Close(int code) -> {
                    end(code, "", true);
                    return true;
                }
                case Incoming.Fault(int code, String reason) -> {
                    all.closedBecause(code == FrameReader.NO_ROOM ? "memory" : "message");
                    end(code, reason, true);
                    return false;
                }
            }
        }
    }

    private void messageBegun() {
        messageDeadline.set(all.messageNanos());
    }

    private boolean isFlood() {
        long second = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
        if (second != pingSecond) {
            pingSecond = second;
            pings = 0;
        }
        return ++pings > SocketLimits.PINGS_PER_SECOND_MAX;
    }

    /** Has a message answered; waits while too many are in work, so that the client's own sending stops. */
    private void start(SocketEndpoint.Session session, byte[] text) throws InterruptedException {
        boolean begun = false;
        try {
            inWork.acquire();
            all.begin();
            Thread.startVirtualThread(() -> answer(session, text));
            begun = true;
        } finally {
            if (!begun) {
                all.give(text.length);
            }
        }
    }

    private void answer(SocketEndpoint.Session session, byte[] text) {
        long start = System.nanoTime();
        try {
            Quota rate = rate();
            Quota left = rate.take(1) ? rate.afterOne() : calls -> false;
            ScopedValue.where(OF_MESSAGE, left).call(() -> {
                session.message(text);
                return left;
            });
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } catch (Exception | StackOverflowError failure) {
            all.failed(route, failure);
            end(FAILED, "internal error", true);
        } finally {
            inWork.release();
            all.end(route, text.length, System.nanoTime() - start);
        }
    }

    private void write() {
        try {
            for (Outbox.Batch batch = outbox.take(); batch != null; batch = outbox.take()) {
                writeDeadline.set(all.writeNanos());
                for (byte[] piece : batch.pieces()) {
                    connection.dataWriter().writeNow(BufferData.create(piece));
                }
                writeDeadline.pause();
                outbox.written();
                if (batch.last()) {
                    closeDeadline.set(TimeUnit.MILLISECONDS.toNanos(SocketLimits.CLOSE_MILLIS));
                    return;
                }
            }
        } catch (InterruptedException | RuntimeException gone) {
            cut();
        } finally {
            writeDeadline.lift();
        }
    }

    /** Lets the close frame go out before the socket is closed. */
    private void finish() throws InterruptedException {
        boolean ended = false;
        try {
            messageDeadline.lift();
            frames.end();
            ended = writer.join(Duration.ofMillis(SocketLimits.CLOSE_MILLIS));
        } finally {
            try {
                closeDeadline.lift();
                if (!ended) {
                    cut();
                }
                outbox.drop();
            } finally {
                all.gone(this);
            }
        }
    }

    /** Closing with something unread would be a reset, which takes the close frame with it. */
    private void readOn() {
        DataReader in = connection.dataReader();
        for (int left = SocketLimits.LINGER_BYTES; left > 0; ) {
            in.ensureAvailable();
            int piece = Math.min(left, in.available());
            in.skip(piece);
            left -= piece;
        }
    }

    @Override
    public Duration idleTime() {
        // The socket's own read timeout ends silence; Helidon's clock knows nothing of messages in work.
        return Duration.ZERO;
    }

    @Override
    public void close(boolean interrupt) {
        cut();
    }
}
