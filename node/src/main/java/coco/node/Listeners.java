package coco.node;

import coco.governance.NodeEntry;
import coco.ledgers.api.Caller;
import coco.ledgers.api.Endpoint;
import coco.ledgers.api.EventEndpoint;
import coco.ledgers.api.SocketEndpoint;
import coco.node.channel.ChannelLimits;
import coco.node.config.Configuration;
import coco.node.config.Keys;
import coco.node.http.BrowserRules;
import coco.node.http.EventRoute;
import coco.node.http.HttpLimits;
import coco.node.http.HttpListener;
import coco.node.http.HttpObserver;
import coco.node.http.ListenerSettings;
import coco.node.http.ListenerSettings.ClientCertificates;
import coco.node.http.RateLimit;
import coco.node.http.Route;
import coco.node.http.SocketLimits;
import coco.node.http.SocketRoute;
import coco.node.tls.ClientTrust;
import coco.node.tls.NodeIdentity;
import coco.node.tls.TlsContexts;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/** Makes the node's listeners out of its configuration: which routes on which port, under which rules. */
final class Listeners {
    /** What is posted there carries its sender's signature. */
    private static final Set<String> SIGNED = Set.of("/gov/proposals", "/gov/ballots", "/gov/withdrawals");

    private final Configuration configuration;
    private final HttpObserver observer;
    private final BrowserRules browsers;
    private final SSLContext tls;

    Listeners(
            Configuration configuration,
            NodeEntry self,
            NodeIdentity identity,
            InstantSource clock,
            HttpObserver observer) {
        this.configuration = configuration;
        this.observer = observer;
        this.browsers = BrowserRules.of(NodeStart.hosts(configuration, self), configuration.get(Keys.HTTP_ORIGINS));
        this.tls = TlsContexts.of(identity, new ClientTrust(clock));
    }

    /** Plain HTTP on loopback, where it is enabled: for who has the host, and so with metrics. */
    Optional<HttpListener> plain(
            List<Endpoint> endpoints, List<SocketEndpoint> sockets, NodePages pages, Supplier<String> scrape) {
        if (!configuration.get(Keys.HTTP_ENABLED)) {
            return Optional.empty();
        }
        List<Route> routes = applicationRoutes(endpoints, pages);
        if (configuration.get(Keys.METRICS_ENABLED)) {
            routes.add(NodePages.metrics(Route.Access.ANYBODY, scrape));
        }
        ListenerSettings settings = new ListenerSettings(
                "http",
                configuration.get(Keys.HTTP_ADDRESS),
                configuration.get(Keys.HTTP_PORT),
                null,
                ClientCertificates.NONE,
                routes,
                socketRoutes(sockets),
                List.of(),
                browsers,
                configuration.get(Keys.HTTP_GZIP));
        return Optional.of(new HttpListener(settings, applicationLimits(), observer));
    }

    /** HTTPS for applications. */
    HttpListener application(List<Endpoint> endpoints, List<SocketEndpoint> sockets, NodePages pages) {
        ListenerSettings settings = new ListenerSettings(
                "https",
                configuration.get(Keys.HTTPS_ADDRESS),
                configuration.get(Keys.HTTPS_PORT),
                tls,
                ClientCertificates.NONE,
                applicationRoutes(endpoints, pages),
                socketRoutes(sockets),
                List.of(),
                browsers,
                configuration.get(Keys.HTTP_GZIP));
        return new HttpListener(settings, applicationLimits(), observer);
    }

    /**
     * The node channel, governance, metrics and the node's pages; browsers have no business here.
     *
     * @param own routes of the node channel, of newcomers and of governance
     * @param events streams of governance
     * @param operators who may see metrics and state
     */
    HttpListener administrative(
            List<Route> own,
            List<EventRoute> events,
            NodePages pages,
            Route.Access operators,
            Supplier<String> scrape) {
        List<Route> routes = new ArrayList<>(pages.routes(operators));
        routes.addAll(own);
        if (configuration.get(Keys.METRICS_ENABLED)) {
            routes.add(NodePages.metrics(operators, scrape));
        }
        ListenerSettings settings = new ListenerSettings(
                "administrative",
                configuration.get(Keys.ADMINISTRATIVE_ADDRESS),
                configuration.get(Keys.ADMINISTRATIVE_PORT),
                tls,
                ClientCertificates.OPTIONAL,
                routes,
                List.of(),
                events,
                BrowserRules.NO_BROWSERS,
                configuration.get(Keys.HTTP_GZIP));
        return new HttpListener(settings, limits(ChannelLimits.DEFAULT.messageBytesMax(), RateLimit.NONE), observer);
    }

    /**
     * A ledger's endpoints as routes of the administrative listener. What they show is for operators; what they take is
     * signed, and so for whoever brings it.
     */
    static List<Route> administrativeRoutes(List<Endpoint> endpoints, Route.Access operators) {
        return endpoints.stream()
                .map(endpoint -> route(endpoint, isSigned(endpoint) ? Route.Access.ANYBODY : operators))
                .toList();
    }

    private static boolean isSigned(Endpoint endpoint) {
        return endpoint.method().equals("POST") && SIGNED.contains(endpoint.path());
    }

    /** A ledger's streams of events, for operators. */
    static List<EventRoute> eventRoutes(List<EventEndpoint> events, Route.Access operators) {
        return events.stream()
                .map(event -> new EventRoute(event.path(), operators, peer -> Caller.ANONYMOUS, event.acceptor()))
                .toList();
    }

    private static Route route(Endpoint endpoint, Route.Access access) {
        return new Route(
                endpoint.method(),
                endpoint.path(),
                access,
                request -> endpoint.handler()
                        .handle(new Endpoint.Request(
                                Caller.ANONYMOUS,
                                request.rest(),
                                request.query(),
                                request.body(),
                                request.linearizable(),
                                request.quota().afterOne())));
    }

    private static List<Route> applicationRoutes(List<Endpoint> endpoints, NodePages pages) {
        List<Route> routes = new ArrayList<>(pages.routes(Route.Access.ANYBODY));
        for (Endpoint endpoint : endpoints) {
            routes.add(route(endpoint, Route.Access.ANYBODY));
        }
        return routes;
    }

    private static List<SocketRoute> socketRoutes(List<SocketEndpoint> sockets) {
        return sockets.stream()
                .map(socket -> new SocketRoute(socket.path(), peer -> Caller.ANONYMOUS, socket.acceptor()))
                .toList();
    }

    private HttpLimits applicationLimits() {
        RateLimit rate =
                new RateLimit(configuration.get(Keys.HTTP_RATE_LIMIT), configuration.get(Keys.HTTP_RATE_BURST));
        return limits(Math.toIntExact(configuration.get(Keys.RPC_MAX_BODY_BYTES)), rate);
    }

    private HttpLimits limits(int maxBodyBytes, RateLimit rate) {
        return new HttpLimits(
                configuration.get(Keys.HTTP_MAX_CONNECTIONS),
                configuration.get(Keys.HTTP_MAX_CONCURRENT_REQUESTS),
                configuration.get(Keys.HTTP_HANDSHAKE_TIMEOUT),
                configuration.get(Keys.HTTP_HEAD_TIMEOUT),
                configuration.get(Keys.HTTP_BODY_TIMEOUT),
                configuration.get(Keys.HTTP_READ_TIMEOUT),
                configuration.get(Keys.HTTP_WRITE_TIMEOUT),
                Math.toIntExact(configuration.get(Keys.HTTP_MAX_HEADER_BYTES)),
                maxBodyBytes,
                configuration.get(Keys.HTTP_MAX_BUFFERED_BYTES),
                configuration.get(Keys.HTTP_SHUTDOWN_GRACE),
                new SocketLimits(
                        configuration.get(Keys.WEBSOCKET_MAX_CONNECTIONS),
                        configuration.get(Keys.WEBSOCKET_QUEUE_MESSAGES),
                        configuration.get(Keys.WEBSOCKET_QUEUE_BYTES),
                        configuration.get(Keys.WEBSOCKET_TOTAL_QUEUE_BYTES)),
                rate);
    }
}
