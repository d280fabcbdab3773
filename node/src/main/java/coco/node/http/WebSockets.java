package coco.node.http;

import coco.ledgers.api.Endpoint;
import coco.ledgers.api.Quota;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.http.Method;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.spi.Http1Upgrader;
import io.helidon.webserver.spi.ServerConnection;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The WebSocket connections of one listener: which are let in, what they hold together, and their end at a stop. */
final class WebSockets implements Http1Upgrader {
    /** What stands in the Upgrade header; Helidon compares it as it is. */
    static final String PROTOCOL = "websocket";

    private static final HeaderName KEY = HeaderNames.create("Sec-WebSocket-Key");
    private static final HeaderName VERSION = HeaderNames.create("Sec-WebSocket-Version");
    private static final String SUPPORTED_VERSION = "13";
    private static final int KEY_BYTES = 16;
    private static final int GOING_AWAY = 1001;
    /** RFC 6455, 1.3. */
    private static final String ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private final String listener;
    private final HttpLimits limits;
    private final SocketLimits socketLimits;
    private final List<SocketRoute> routes;
    private final BrowserRules browsers;
    private final Deadlines deadlines;
    private final ByteBudget budget;
    private final RateLimiter rates;
    private final Consumer<SocketAddress> abort;
    private final HttpObserver observer;
    private final Set<WebSocketConnection> open = ConcurrentHashMap.newKeySet();
    private final QueuedBytes queuedBytes;
    private final Semaphore inWork;
    private volatile boolean stopping;

    /** What there is against an upgrade. */
    enum Refusal {
        NOT_ALLOWED,
        NO_SUCH_PATH,
        CONNECTION,
        VERSION,
        KEY,
        FULL
    }

    WebSockets(
            ListenerSettings settings,
            HttpLimits limits,
            Deadlines deadlines,
            ByteBudget budget,
            QueuedBytes queuedBytes,
            RateLimiter rates,
            Consumer<SocketAddress> abort,
            HttpObserver observer) {
        this.listener = settings.name();
        this.limits = limits;
        this.socketLimits = limits.sockets();
        this.routes = settings.sockets();
        this.browsers = settings.browsers();
        this.deadlines = deadlines;
        this.budget = budget;
        this.queuedBytes = queuedBytes;
        this.rates = rates;
        this.abort = abort;
        this.observer = observer;
        this.inWork = new Semaphore(limits.maxConcurrentRequests(), true);
    }

    @Override
    public String supportedProtocol() {
        return PROTOCOL;
    }

    /** What there is against upgrading a request for this path; null if nothing. */
    @Nullable
    Refusal refusal(String path, String authority, Headers headers) {
        String origin = headers.first(HeaderNames.ORIGIN).orElse(null);
        if (!browsers.allowsHost(authority) || (origin != null && !browsers.allowsOrigin(origin, authority))) {
            return Refusal.NOT_ALLOWED;
        }
        if (route(path) == null) {
            return Refusal.NO_SUCH_PATH;
        }
        if (!isUpgradeOfConnection(headers)) {
            return Refusal.CONNECTION;
        }
        if (!headers.first(VERSION).orElse("").equals(SUPPORTED_VERSION)) {
            return Refusal.VERSION;
        }
        if (!isKey(headers.first(KEY).orElse(""))) {
            return Refusal.KEY;
        }
        return stopping || open.size() >= socketLimits.maxSockets() ? Refusal.FULL : null;
    }

    private @Nullable SocketRoute route(String path) {
        for (SocketRoute route : routes) {
            if (route.rest(path) != null) {
                return route;
            }
        }
        return null;
    }

    /** Whether Upgrade was meant for this connection (RFC 9110, 7.8): a proxy may have passed it on. */
    private static boolean isUpgradeOfConnection(Headers headers) {
        return headers.all(HeaderNames.CONNECTION, List::of).stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .anyMatch(token -> token.strip().equalsIgnoreCase("upgrade"));
    }

    private static boolean isKey(String key) {
        try {
            return Base64.getDecoder().decode(key).length == KEY_BYTES;
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    /** Whether a request asks for an upgrade that it did not get. */
    static boolean isAskedFor(Headers headers) {
        return headers.first(HeaderNames.UPGRADE)
                .filter(PROTOCOL::equalsIgnoreCase)
                .isPresent();
    }

    /** Null leaves the request to the {@link Dispatcher}, which says why. */
    @Override
    public @Nullable ServerConnection upgrade(
            ConnectionContext connection, HttpPrologue prologue, WritableHeaders<?> headers) {
        String path = prologue.uriPath().path();
        SocketRoute route = route(path);
        boolean refused = !prologue.method().equals(Method.GET)
                || refusal(path, headers.first(HeaderNames.HOST).orElse(""), headers) != null;
        if (route == null
                || refused
                || !rates.of(connection.remotePeer().address()).take(1)) {
            return null;
        }
        SocketRoute.Admitted admitted = admitted(connection, route, path, headers);
        String head = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Accept: " + accept(headers.first(KEY).orElse("")) + "\r\n\r\n";
        WebSocketConnection accepted = new WebSocketConnection(this, connection, route, admitted);
        open.add(accepted);
        queuedBytes.join(accepted);
        boolean written = false;
        try {
            connection.dataWriter().writeNow(BufferData.create(head.getBytes(StandardCharsets.US_ASCII)));
            written = true;
        } finally {
            if (!written) {
                gone(accepted);
            }
        }
        observer.socketOpened(listener, route.path());
        return accepted;
    }

    /** Who opens it; an answer and the end of the connection if that is nobody who may. */
    private static SocketRoute.Admitted admitted(
            ConnectionContext connection, SocketRoute route, String path, Headers headers) {
        String token = Objects.requireNonNull(route.rest(path));
        Credentials credentials = new Credentials(
                Dispatcher.authorization(headers),
                token,
                connection.remotePeer().address());
        SocketRoute.Result result;
        try {
            result = route.callers().of(credentials);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new CloseConnectionException("stopping");
        }
        return switch (result) {
            case SocketRoute.Admitted admitted -> admitted;
            case SocketRoute.Refused(Endpoint.Reply reply) -> {
                connection.dataWriter().writeNow(BufferData.create(refusal(reply)));
                throw new CloseConnectionException("refused");
            }
        };
    }

    private static byte[] refusal(Endpoint.Reply reply) {
        StringBuilder head = new StringBuilder("HTTP/1.1 ")
                .append(reply.status())
                .append(" Refused\r\nConnection: close\r\nCache-Control: no-store\r\nContent-Length: ")
                .append(reply.body().length)
                .append("\r\n");
        reply.headers()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
        byte[] whole = Arrays.copyOf(start, start.length + reply.body().length);
        System.arraycopy(reply.body(), 0, whole, start.length, reply.body().length);
        return whole;
    }

    private static String accept(String key) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            return Base64.getEncoder()
                    .encodeToString(sha1.digest((key + ACCEPT_SUFFIX).getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-1", impossible);
        }
    }

    // ---- for connections ----

    Deadlines deadlines() {
        return deadlines;
    }

    Quota quota(SocketAddress from) {
        return rates.of(from);
    }

    long messageNanos() {
        return limits.bodyTimeout().toNanos();
    }

    long writeNanos() {
        return limits.writeTimeout().toNanos();
    }

    Outbox newOutbox() {
        return new Outbox(
                FrameReader::header,
                socketLimits,
                queuedBytes,
                limits.readTimeout().toNanos() / SocketLimits.PINGS_WITHIN_TIMEOUT);
    }

    FrameReader newReader(DataReader in, Runnable begun) {
        return new FrameReader(in, limits.maxBodyBytes(), budget, begun);
    }

    /** Closes a connection at once; may wait a little. */
    void abort(SocketAddress remote) {
        abort.accept(remote);
    }

    void closedBecause(String why) {
        observer.closed(listener, why);
    }

    void failed(SocketRoute route, Throwable failure) {
        observer.failed(listener, route.path(), failure);
    }

    void gone(WebSocketConnection connection) {
        open.remove(connection);
        queuedBytes.leave(connection);
    }

    /** Waits until one more message may be in work. */
    void begin() throws InterruptedException {
        inWork.acquire();
    }

    /** A message that was begun is answered. */
    void end(SocketRoute route, int bytes, long nanos) {
        give(bytes);
        inWork.release();
        observer.socketMessage(listener, route.path(), nanos, bytes);
    }

    /** Gives back what a message took of the memory for bodies. */
    void give(int bytes) {
        budget.give(bytes);
    }

    void keepWithinMemory() {
        queuedBytes.keepWithin(socketLimits.totalQueueBytes());
    }

    // ---- for the listener ----

    int open() {
        return open.size();
    }

    /** Looks whether callers are still who they were. */
    void judgeCallers(Duration patience) {
        open.forEach(connection -> connection.judgeCaller(patience));
    }

    /** Lets nobody in any more, waits for messages in work, and tells every client that the node goes away. */
    void stop(Duration grace) throws InterruptedException {
        stopping = true;
        int all = limits.maxConcurrentRequests();
        if (inWork.tryAcquire(all, grace.toNanos(), TimeUnit.NANOSECONDS)) {
            inWork.release(all);
        }
        open.forEach(connection -> connection.close(GOING_AWAY, "stopping"));
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SocketLimits.CLOSE_MILLIS);
        while (!open.isEmpty() && System.nanoTime() < deadline) {
            Thread.sleep(10);
        }
        open.forEach(WebSocketConnection::cut);
    }
}
