package coco.node.http;

import io.helidon.common.tls.Tls;
import io.helidon.common.tls.TlsClientAuth;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.http.encoding.ContentEncodingContext;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http2.Http2Config;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLContext;

/**
 * One listening port and all that guards it. {@link #start} opens it, {@link #stop} closes it gracefully: new requests
 * are refused at once, those in work finish within the grace, what is left is interrupted.
 */
public final class HttpListener {
    /**
     * Helidon's own log quotes what clients sent and traces every broken connection; what an operator needs to know
     * comes through {@link HttpObserver}. Held here because the JDK keeps loggers, and so their levels, by weak
     * reference.
     */
    private static final Logger HELIDON_LOG = Logger.getLogger("io.helidon");

    static {
        HELIDON_LOG.setLevel(Level.OFF);
    }

    private final ListenerSettings settings;
    private final Deadlines deadlines;
    private final ConnectionGuard guard;
    private final Dispatcher dispatcher;
    private final WebSockets sockets;
    private final EventStreams streams;
    private final QueuedBytes queuedBytes = new QueuedBytes();
    private final HttpLimits limits;
    private final WebServer server;

    /**
     * Prepares a listener.
     *
     * @throws HttpException if plain HTTP is asked for on an address that is not loopback
     */
    public HttpListener(ListenerSettings settings, HttpLimits limits, HttpObserver observer) {
        this.settings = settings;
        InetAddress address = resolve(settings);
        if (settings.tls() == null && !address.isLoopbackAddress()) {
            throw new HttpException("plain HTTP is for loopback addresses only, not for " + settings.address());
        }
        this.deadlines = new Deadlines(System::nanoTime);
        this.guard = new ConnectionGuard(settings.name(), limits, deadlines, observer);
        this.limits = limits;
        ByteBudget budget = new ByteBudget(limits.maxBufferedBytes());
        RateLimiter rates = new RateLimiter(limits.rate(), System::nanoTime);
        this.sockets = new WebSockets(settings, limits, deadlines, budget, queuedBytes, rates, guard::abort, observer);
        this.streams = new EventStreams(settings, limits, deadlines, queuedBytes, guard::abort, observer);
        this.dispatcher =
                new Dispatcher(settings, limits, deadlines, budget, sockets, streams, rates, guard::abort, observer);
        this.server = server(address, observer);
    }

    /**
     * Opens the port.
     *
     * @throws HttpException if it is taken or not allowed
     */
    public void start() {
        // Helidon reports a taken port from another thread; asking first gives an answer that names the setting.
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(resolve(settings), settings.port()));
        } catch (IOException taken) {
            throw new HttpException(
                    settings.name() + ".port: cannot listen on " + settings.address() + ":" + settings.port()
                            + "; is it taken by another process?",
                    taken);
        }
        server.start();
    }

    /** The short word of its settings. */
    public String name() {
        return settings.name();
    }

    /** The port that is really open. */
    public int port() {
        return server.port();
    }

    /** Connections open now. */
    public int connections() {
        return guard.connections();
    }

    /** Bytes of bodies and answers in memory now. */
    public long heldBytes() {
        return dispatcher.heldBytes();
    }

    /** WebSocket connections open now. */
    public int sockets() {
        return sockets.open();
    }

    /**
     * Ends WebSocket connections whose callers are not any more who they were, and tells those nothing of which that is
     * not known. Never waits long.
     *
     * @param patience for how long a connection may stay unknown before it is ended, too
     */
    public void judgeSocketCallers(Duration patience) {
        sockets.judgeCallers(patience);
    }

    /** Streams of events open now. */
    public int streams() {
        return streams.open();
    }

    /** Bytes that wait for clients of WebSockets and streams to read them. */
    public long queuedBytes() {
        return queuedBytes.total();
    }

    /** Cuts every connection at once, whatever is in work on it, and closes the port. */
    public void abort() {
        guard.abortAll();
        server.stop();
        guard.abortAll();
    }

    /** Refuses new requests, waits for those in work, at most the grace, and closes the port. Idempotent. */
    public void stop() {
        if (server.isRunning()) {
            long deadline = System.nanoTime() + limits.shutdownGrace().toNanos();
            try {
                streams.stop();
                dispatcher.drain(limits.shutdownGrace());
                sockets.stop(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
            } catch (InterruptedException hurried) {
                Thread.currentThread().interrupt();
            }
            server.stop();
        }
        deadlines.close();
    }

    private WebServer server(InetAddress address, HttpObserver observer) {
        WebServerConfig.Builder builder = WebServer.builder()
                .shutdownHook(false)
                .featuresDiscoverServices(false)
                .name(settings.name())
                .address(address)
                .port(settings.port())
                .connectionOptions(guard)
                .idleConnectionTimeout(limits.readTimeout())
                .maxConcurrentRequests(limits.maxConcurrentRequests())
                .shutdownGracePeriod(HttpLimits.LAST_GRACE)
                .contentEncoding(ContentEncodingContext.builder()
                        .contentEncodingsDiscoverServices(false)
                        .build())
                .directHandlers(directHandlers())
                .protocolsDiscoverServices(false)
                .addProtocol(Http1Config.builder()
                        .maxPrologueLength(HttpLimits.TARGET_BYTES_MAX)
                        .maxHeadersSize(limits.maxHeaderBytes())
                        .receiveLog(false)
                        .sendLog(false)
                        .addReceiveListener(new HeadDeadline(settings.name(), limits, deadlines, observer))
                        .build())
                .routing(routing -> routing.any(dispatcher).error(Throwable.class, (request, response, failure) -> {
                    observer.failed(settings.name(), "none", failure);
                    response.status(500).send();
                }));
        if (!settings.sockets().isEmpty()) {
            builder.addProtocol(new WebSocketProtocol(sockets));
        }
        if (settings.http2()) {
            builder.addProtocol(Http2Config.builder()
                    .maxConcurrentStreams(HttpLimits.STREAMS_MAX)
                    .maxHeaderListSize(limits.maxHeaderBytes())
                    .sendErrorDetails(false)
                    .build());
        }
        SSLContext context = settings.tls();
        if (context != null) {
            builder.tls(tls(context, settings.clientCertificates()));
        }
        return builder.build();
    }

    private static Tls tls(SSLContext context, ListenerSettings.ClientCertificates clientCertificates) {
        TlsClientAuth auth = switch (clientCertificates) {
            case NONE -> TlsClientAuth.NONE;
            case OPTIONAL -> TlsClientAuth.OPTIONAL;
            case REQUIRED -> TlsClientAuth.REQUIRED;
        };
        return Tls.builder()
                .sslContext(context)
                .clientAuth(auth)
                .addEnabledProtocol("TLSv1.3")
                .build();
    }

    /** What Helidon answers before a handler sees the request: a status and nothing of its text. */
    private static DirectHandlers directHandlers() {
        DirectHandler bare = (request, type, status, headers, message) -> {
            Status told = meant(request, status);
            return DirectHandler.TransportResponse.builder()
                    .status(told)
                    .header(HeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                    .keepAlive(false)
                    .entity((told.reasonPhrase() + "\n").getBytes(StandardCharsets.UTF_8))
                    .build();
        };
        DirectHandlers.Builder builder = DirectHandlers.builder();
        for (DirectHandler.EventType type : DirectHandler.EventType.values()) {
            builder.addHandler(type, bare);
        }
        return builder.build();
    }

    /**
     * The status that Helidon's stands for. Our own handlers fail elsewhere, so what it calls an internal error is a
     * head that its parsers stumbled over; and it has no word of its own for a body it cannot decompress.
     */
    private static Status meant(DirectHandler.TransportRequest request, Status status) {
        if (status.equals(Status.BAD_REQUEST_400) && Dispatcher.isCompressed(request.headers())) {
            return Status.UNSUPPORTED_MEDIA_TYPE_415;
        }
        return status.equals(Status.INTERNAL_SERVER_ERROR_500) ? Status.BAD_REQUEST_400 : status;
    }

    private static InetAddress resolve(ListenerSettings settings) {
        try {
            return InetAddress.getByName(settings.address());
        } catch (UnknownHostException unknown) {
            throw new HttpException(settings.name() + ".address: unknown host " + settings.address(), unknown);
        }
    }
}
