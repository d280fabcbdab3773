package coco.node.http;

import coco.ledgers.api.EventEndpoint;
import io.helidon.common.socket.PeerInfo;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http.ServerResponse;
import java.net.SocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The streams of events of one listener: how many there are, what they hold together, and their end at a stop. */
final class EventStreams {
    private final String listener;
    private final HttpLimits limits;
    private final Deadlines deadlines;
    private final QueuedBytes queuedBytes;
    private final Consumer<SocketAddress> abort;
    private final HttpObserver observer;
    private final Semaphore places;
    private final Set<EventStream> open = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;

    EventStreams(
            ListenerSettings settings,
            HttpLimits limits,
            Deadlines deadlines,
            QueuedBytes queuedBytes,
            Consumer<SocketAddress> abort,
            HttpObserver observer) {
        this.listener = settings.name();
        this.limits = limits;
        this.deadlines = deadlines;
        this.queuedBytes = queuedBytes;
        this.abort = abort;
        this.observer = observer;
        this.places = new Semaphore(limits.eventStreamsMax());
    }

    /** A stream that is {@link #serve served} next; null if there are too many. */
    @Nullable
    EventStream open(EventRoute route, EventEndpoint.Opening opening, PeerInfo end) {
        if (!places.tryAcquire()) {
            return null;
        }
        Outbox outbox = new Outbox(
                EventStream::header,
                limits.sockets(),
                queuedBytes,
                limits.readTimeout().toNanos() / SocketLimits.PINGS_WITHIN_TIMEOUT);
        return new EventStream(this, route, opening, Dispatcher.peer(end), end.address(), outbox);
    }

    /** Writes to a client until either side ends the stream. */
    void serve(EventStream stream, ServerResponse response) {
        open.add(stream);
        queuedBytes.join(stream);
        observer.streamOpened(listener, stream.route().path());
        try {
            if (stopping) {
                stream.close();
            }
            stream.converse(response.outputStream());
            // Helidon ends the body when a handler returns, not when its stream is closed; and ours throws.
            if (response instanceof RoutingResponse routing) {
                routing.commit();
            }
        } catch (RuntimeException gone) {
            // Cut, or not there any more: nothing can be ended properly.
            return;
        } finally {
            queuedBytes.leave(stream);
            open.remove(stream);
            places.release();
        }
    }

    /** Begins no stream any more that lasts, and ends those there are. */
    void stop() {
        stopping = true;
        open.forEach(EventStream::close);
    }

    int open() {
        return open.size();
    }

    // ---- for streams ----

    Deadlines deadlines() {
        return deadlines;
    }

    long writeNanos() {
        return limits.writeTimeout().toNanos();
    }

    void keepWithinMemory() {
        queuedBytes.keepWithin(limits.sockets().totalQueueBytes());
    }

    /** Closes a connection at once; may wait a little. */
    void abort(SocketAddress client) {
        abort.accept(client);
    }

    void closedBecause(String why) {
        observer.closed(listener, why);
    }

    void failed(EventRoute route, Throwable failure) {
        observer.failed(listener, route.path(), failure);
    }
}
