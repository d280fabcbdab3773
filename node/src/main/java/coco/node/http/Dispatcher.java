package coco.node.http;

import coco.ledgers.api.BusyException;
import coco.ledgers.api.Endpoint.Reply;
import coco.ledgers.api.EventEndpoint;
import coco.ledgers.api.Quota;
import coco.ledgers.api.UnavailableException;
import coco.node.http.Deadlines.Deadline;
import io.helidon.common.socket.PeerInfo;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The one Helidon handler of a listener: rules of size, host and origin, then the route, then the answer. What a
 * handler throws is told to the observer and answered with a bare status.
 */
final class Dispatcher implements Handler {
    private static final HeaderName LAST_EVENT_ID = HeaderNames.create("Last-Event-ID");
    private static final HeaderName CONSISTENCY = HeaderNames.create("Coco-Consistency");
    /** https://wicg.github.io/private-network-access/ */
    private static final Header PRIVATE_NETWORK_ASKED =
            HeaderValues.create("Access-Control-Request-Private-Network", "true");

    /** Headers by which a handler says that an answer may be kept. */
    private static final String CACHE_CONTROL = "Cache-Control";

    private static final String ETAG = "ETag";
    private static final String LINEARIZABLE = "linearizable";
    private static final String NO_ROUTE = "none";
    private static final String PREFLIGHT_SECONDS = "600";

    private final String listener;
    private final HttpLimits limits;
    private final RouteTable routes;
    private final BrowserRules browsers;
    private final Deadlines deadlines;
    private final ByteBudget budget;
    private final BodyReader bodies;
    private final WebSockets sockets;
    private final EventStreams streams;
    private final RateLimiter rates;
    private final Consumer<SocketAddress> abort;
    private final boolean gzip;
    private final HttpObserver observer;
    private final Object lock = new Object();
    private int inWork;
    private boolean stopping;

    Dispatcher(
            ListenerSettings settings,
            HttpLimits limits,
            Deadlines deadlines,
            ByteBudget budget,
            WebSockets sockets,
            EventStreams streams,
            RateLimiter rates,
            Consumer<SocketAddress> abort,
            HttpObserver observer) {
        this.listener = settings.name();
        this.limits = limits;
        List<Route> all = new ArrayList<>(settings.routes());
        settings.events().forEach(events -> all.add(events.route()));
        this.routes = new RouteTable(all);
        this.browsers = settings.browsers();
        this.gzip = settings.gzip();
        this.deadlines = deadlines;
        this.budget = budget;
        this.sockets = sockets;
        this.streams = streams;
        this.rates = rates;
        this.abort = abort;
        this.bodies = new BodyReader(limits, budget);
        this.observer = observer;
    }

    /** An answer on its way out, with what the observer is told. */
    private record Answer(
            String route,
            int requestBytes,
            Reply reply,
            Body body,
            @Nullable EventStream stream) {
        Answer(String route, int requestBytes, Reply reply) {
            this(route, requestBytes, reply, Body.READ, null);
        }

        /** The beginning of an answer that goes on for as long as both sides like. */
        static Answer streaming(Route route, EventStream stream) {
            return new Answer(route.path(), 0, EventStream.HEAD, Body.READ, stream);
        }

        static Answer unread(Route route, Reply reply) {
            return new Answer(route.path(), 0, reply, Body.BEGUN, null);
        }

        static Answer untouched(Route route, Reply reply) {
            return new Answer(route.path(), 0, reply, Body.UNTOUCHED, null);
        }
    }

    /** How far a request's body was read. */
    private enum Body {
        READ,
        BEGUN,
        UNTOUCHED
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) {
        boolean late;
        synchronized (lock) {
            inWork++;
            late = stopping;
        }
        Deadline deadline = deadlines.unset(Thread.currentThread()::interrupt);
        try {
            serve(request, response, deadline, late);
        } finally {
            deadline.lift();
            synchronized (lock) {
                inWork--;
                lock.notifyAll();
            }
        }
    }

    /**
     * Refuses requests from now on, and waits for those in work. Helidon's own grace ends HTTP/2 connections whose last
     * answer is still on its way.
     */
    void drain(Duration grace) throws InterruptedException {
        long deadline = System.nanoTime() + grace.toNanos();
        synchronized (lock) {
            stopping = true;
            for (long left = grace.toNanos(); inWork > 0 && left > 0; left = deadline - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(lock, left);
            }
        }
    }

    /** Bytes of bodies and answers that are in memory now. */
    long heldBytes() {
        return budget.held();
    }

    private void serve(ServerRequest request, ServerResponse response, Deadline deadline, boolean late) {
        long start = System.nanoTime();
        Answer answer = late
                ? new Answer(NO_ROUTE, 0, plain(503, "stopping", Map.of("Retry-After", "1")), Body.BEGUN, null)
                : answer(request, deadline);
        EventStream stream = answer.stream();
        if (stream != null) {
            head(request, response, answer.reply());
            response.header(HeaderNames.CONNECTION, "close");
            streams.serve(stream, response);
            throw new CloseConnectionException("the stream is over");
        }
        Reply reply = held(unlessKnown(request.headers(), answer.reply()));
        boolean closing = request.prologue().protocolVersion().startsWith("1")
                && (answer.body() != Body.READ || request.headers().contains(HeaderValues.CONNECTION_CLOSE));
        if (closing) {
            response.header(HeaderNames.CONNECTION, "close");
        }
        try {
            sendInTime(request, response, reply);
        } finally {
            budget.give(reply.body().length);
            observer.answered(
                    listener,
                    answer.route(),
                    reply.status(),
                    System.nanoTime() - start,
                    answer.requestBytes(),
                    reply.body().length);
        }
        if (closing) {
            if (answer.body() == Body.UNTOUCHED) {
                bodies.skip(request, deadline);
            }
            // What is left of a body would be taken for the next request, or waited for; and Helidon 4.3.1 answers
            // "Connection: close" without closing.
            throw new CloseConnectionException("answered");
        }
    }

    /** The answer, without its body if the client holds it already (RFC 9110, 13.1.2). */
    private static Reply unlessKnown(Headers headers, Reply reply) {
        String tag = reply.headers().get(ETAG);
        boolean isKnown = tag != null
                && headers.all(HeaderNames.IF_NONE_MATCH, List::of).stream()
                        .flatMap(value -> Arrays.stream(value.split(",", -1)))
                        .map(value -> value.strip().replaceFirst("^W/", ""))
                        .anyMatch(tag::equals);
        return isKnown ? new Reply(304, null, new byte[0], reply.headers()) : reply;
    }

    /** The answer, whose bytes are now counted; another one if it is large and there is no room for it. */
    private Reply held(Reply reply) {
        int bytes = reply.body().length;
        if (bytes <= ByteBudget.SMALL_BYTES) {
            budget.add(bytes);
            return reply;
        }
        return budget.take(bytes, bytes) ? reply : held(busy());
    }

    private Answer answer(ServerRequest request, Deadline deadline) {
        @Nullable Reply refused = refusal(request);
        if (refused != null) {
            return new Answer(NO_ROUTE, 0, refused);
        }
        HttpPrologue prologue = request.prologue();
        @Nullable Reply notUpgraded = WebSockets.isAskedFor(request.headers()) ? notUpgraded(request) : null;
        if (notUpgraded != null) {
            return new Answer(NO_ROUTE, 0, notUpgraded);
        }
        String method = prologue.method().text();
        RouteTable.Match match = routes.find(method, prologue.uriPath().path());
        return switch (match) {
            case RouteTable.Match.Found(Route route, String rest) -> routed(request, route, rest, deadline);
            case RouteTable.Match.Missing() -> new Answer(NO_ROUTE, 0, plain(404, "not found"));
            case RouteTable.Match.WrongMethod(String allowed) ->
                method.equals("OPTIONS")
                        ? new Answer(NO_ROUTE, 0, preflight(request, allowed))
                        : new Answer(NO_ROUTE, 0, plain(405, "method not allowed", Map.of("Allow", allowed)));
        };
    }

    /** The answer to a request that no route may see; null if there is nothing against it. */
    private @Nullable Reply refusal(ServerRequest request) {
        HttpPrologue prologue = request.prologue();
        int targetLength = prologue.uriPath().rawPath().length()
                + prologue.query().rawValue().length();
        if (targetLength > HttpLimits.TARGET_BYTES_MAX) {
            return plain(414, "request target too long");
        }
        long headerBytes = 0;
        for (Header header : request.headers()) {
            for (String value : header.allValues()) {
                headerBytes += header.name().length() + value.length();
            }
        }
        if (headerBytes > limits.maxHeaderBytes()) {
            return plain(431, "headers too large");
        }
        if (!browsers.allowsHost(authority(request))) {
            return plain(403, "this host name is not served here; see http.hosts");
        }
        Optional<String> origin = request.headers().first(HeaderNames.ORIGIN);
        if (origin.isPresent() && !browsers.allowsOrigin(origin.get(), authority(request))) {
            return plain(403, "this origin is not listed; see http.origins");
        }
        if (isCompressed(request.headers())) {
            return plain(415, "bodies are taken uncompressed");
        }
        if (!Percents.areValid(prologue.uriPath().rawPath())
                || !Percents.areValid(prologue.query().rawValue())) {
            return plain(400, "malformed request target");
        }
        return null;
    }

    /** Why a request did not become a WebSocket connection; null if there is no such thing at its path. */
    private @Nullable Reply notUpgraded(ServerRequest request) {
        WebSockets.Refusal refusal =
                sockets.refusal(request.prologue().uriPath().path(), authority(request), request.headers());
        if (refusal == WebSockets.Refusal.NOT_ALLOWED || refusal == WebSockets.Refusal.NO_SUCH_PATH) {
            return null;
        }
        if (!rates.of(request.remotePeer().address()).take(1)) {
            observer.closed(listener, "rate");
            return plain(429, "limit exceeded", Map.of("Retry-After", "1"));
        }
        return switch (refusal) {
            case NOT_ALLOWED, NO_SUCH_PATH -> null;
            case VERSION -> plain(426, "only version 13 is spoken", Map.of("Sec-WebSocket-Version", "13"));
            case CONNECTION -> plain(400, "the Connection header does not name Upgrade");
            case KEY -> plain(400, "malformed Sec-WebSocket-Key");
            case FULL -> plain(503, "too many WebSocket connections", Map.of("Retry-After", "1"));
            // Upgraded were it asked for as RFC 6455, 4.1 has it: by GET, on HTTP/1.1, without a body.
            case null -> plain(400, "malformed upgrade");
        };
    }

    /** Whether a body was announced in another form than its own. */
    static boolean isCompressed(Headers headers) {
        Optional<String> encoding = headers.first(HeaderNames.CONTENT_ENCODING);
        return encoding.isPresent() && !encoding.get().equalsIgnoreCase("identity");
    }

    private Answer routed(ServerRequest request, Route route, String rest, Deadline deadline) {
        Quota quota = rates.of(request.remotePeer().address());
        if (!quota.take(1)) {
            observer.closed(listener, "rate");
            return Answer.untouched(route, plain(429, "limit exceeded", Map.of("Retry-After", "1")));
        }
        if (!route.access().admits(peer(request))) {
            return Answer.untouched(route, plain(403, "this needs a certificate that the network admits"));
        }
        return switch (bodies.read(request, deadline)) {
            case BodyReader.Result.Whole(byte[] body) -> {
                try {
                    EventStream stream = route.handler() instanceof EventRoute events ? open(request, events) : null;
                    yield stream != null
                            ? Answer.streaming(route, stream)
                            : new Answer(route.path(), body.length, call(request, route, rest, body, quota));
                } finally {
                    budget.give(body.length);
                }
            }
            case BodyReader.Result.NoRoom() -> {
                observer.closed(listener, "memory");
                yield Answer.unread(route, busy());
            }
            case BodyReader.Result.TooLarge() -> Answer.unread(route, plain(413, "body too large"));
            case BodyReader.Result.TooSlow() -> {
                observer.closed(listener, "body");
                yield Answer.unread(route, plain(408, "body too slow"));
            }
            case BodyReader.Result.Broken() -> Answer.unread(route, plain(400, "body incomplete"));
        };
    }

    private @Nullable EventStream open(ServerRequest request, EventRoute events) {
        @Nullable String lastEventId = request.headers().first(LAST_EVENT_ID).orElse(null);
        EventEndpoint.Opening opening =
                new EventEndpoint.Opening(events.callers().apply(peer(request)), query(request), lastEventId);
        return streams.open(events, opening, request.remotePeer());
    }

    private Reply call(ServerRequest request, Route route, String rest, byte[] body, Quota quota) {
        try {
            return route.handler()
                    .handle(new HttpRequest(
                            rest,
                            query(request),
                            body,
                            isForReading(request.headers()),
                            linearizable(request),
                            peer(request),
                            quota,
                            credentials(request, rest)));
        } catch (BusyException busy) {
            return busy();
        } catch (UnavailableException unavailable) {
            return plain(503, "unavailable", Map.of("Retry-After", "1"));
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return plain(503, "stopping");
        } catch (Exception | StackOverflowError failure) {
            observer.failed(listener, route.path(), failure);
            return plain(500, "internal error");
        }
    }

    /**
     * Writes the answer; a client that does not read it in time is cut off, and the thread is free again. Not by an
     * interrupt: see {@link ConnectionGuard#abort}.
     */
    private void sendInTime(ServerRequest request, ServerResponse response, Reply reply) {
        SocketAddress remote = request.remotePeer().address();
        Deadline deadline = deadlines.in(
                limits.writeTimeout().toNanos(), () -> Thread.startVirtualThread(() -> abort.accept(remote)));
        try {
            send(request, response, reply);
        } catch (RuntimeException broken) {
            if (deadline.pause()) {
                observer.closed(listener, "write");
                throw new CloseConnectionException("not read in time");
            }
            throw broken;
        } finally {
            deadline.lift();
        }
    }

    private void head(ServerRequest request, ServerResponse response, Reply reply) {
        response.status(Status.create(reply.status()));
        reply.headers().forEach((name, value) -> response.header(HeaderNames.create(name), value));
        String contentType = reply.contentType();
        if (contentType != null) {
            response.header(HeaderNames.CONTENT_TYPE, contentType);
        }
        if (!reply.headers().containsKey(CACHE_CONTROL)) {
            // Answers may hold what only this caller may see.
            response.header(HeaderNames.CACHE_CONTROL, "no-store");
        }
        response.header("X-Content-Type-Options", "nosniff");
        Optional<String> origin = request.headers().first(HeaderNames.ORIGIN);
        if (origin.isPresent() && browsers.allowsOrigin(origin.get(), authority(request))) {
            response.header(HeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin.get());
            response.header(HeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS, "Coco-Transaction-Status");
            response.header(HeaderNames.VARY, "Origin");
        }
    }

    private void send(ServerRequest request, ServerResponse response, Reply reply) {
        head(request, response, reply);
        byte[] body = reply.body();
        if (gzip && body.length >= HttpLimits.GZIP_BYTES_MIN && wantsGzip(request)) {
            body = gzipped(body);
            response.header(HeaderNames.CONTENT_ENCODING, "gzip");
            response.headers().add(HeaderNames.VARY, "Accept-Encoding");
        }
        response.send(body);
    }

    private static Reply preflight(ServerRequest request, String allowed) {
        Map<String, String> headers = new HashMap<>();
        headers.put("Access-Control-Allow-Methods", allowed);
        headers.put(
                "Access-Control-Allow-Headers",
                request.headers()
                        .first(HeaderNames.ACCESS_CONTROL_REQUEST_HEADERS)
                        .orElse("content-type"));
        headers.put("Access-Control-Max-Age", PREFLIGHT_SECONDS);
        // A page of the wide net may reach a node on this machine if its origin is listed: that is the operator's word.
        if (request.headers().contains(PRIVATE_NETWORK_ASKED)) {
            headers.put("Access-Control-Allow-Private-Network", "true");
        }
        return new Reply(204, null, new byte[0], headers);
    }

    private static String authority(ServerRequest request) {
        return Optional.ofNullable(request.authority()).orElse("");
    }

    private static boolean isForReading(Headers headers) {
        return headers.first(HeaderNames.ACCEPT)
                .filter(accepted -> accepted.contains("text/html"))
                .isPresent();
    }

    private static boolean linearizable(ServerRequest request) {
        return request.headers()
                .first(CONSISTENCY)
                .filter(LINEARIZABLE::equalsIgnoreCase)
                .isPresent();
    }

    private static Map<String, String> query(ServerRequest request) {
        Map<String, String> query = new HashMap<>();
        for (String name : request.query().names()) {
            query.put(
                    name,
                    request.query().all(name, List::of).stream().findFirst().orElse(""));
        }
        return query;
    }

    private static Credentials credentials(ServerRequest request, String rest) {
        return new Credentials(
                authorization(request.headers()), rest, request.remotePeer().address());
    }

    /** The values of the header that says who asks. */
    static List<String> authorization(Headers headers) {
        return headers.all(HeaderNames.AUTHORIZATION, List::of);
    }

    private static @Nullable X509Certificate peer(ServerRequest request) {
        return peer(request.remotePeer());
    }

    /** The certificate that the other end has shown, and proven to hold the key of; null if there is none. */
    static @Nullable X509Certificate peer(PeerInfo end) {
        Certificate[] chain = end.tlsCertificates().orElse(new Certificate[0]);
        return chain.length > 0 && chain[0] instanceof X509Certificate certificate ? certificate : null;
    }

    private static boolean wantsGzip(ServerRequest request) {
        return request.headers()
                .first(HeaderNames.ACCEPT_ENCODING)
                .filter(accepted -> accepted.contains("gzip") && !accepted.contains("gzip;q=0"))
                .isPresent();
    }

    private static byte[] gzipped(byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.length / 2);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out, 4096)) {
            gzip.write(body);
        } catch (IOException impossible) {
            throw new UncheckedIOException("writing to memory", impossible);
        }
        return out.toByteArray();
    }

    private static Reply busy() {
        return plain(503, "busy", Map.of("Retry-After", "1"));
    }

    private static Reply plain(int status, String text) {
        return plain(status, text, Map.of());
    }

    private static Reply plain(int status, String text, Map<String, String> headers) {
        return new Reply(status, "text/plain; charset=utf-8", (text + "\n").getBytes(StandardCharsets.UTF_8), headers);
    }
}
