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
import coco.node.http.HttpRequest;
import coco.node.http.ListenerSettings;
import coco.node.http.ListenerSettings.ClientCertificates;
import coco.node.http.RateLimit;
import coco.node.http.RateLimiter;
import coco.node.http.Route;
import coco.node.http.SocketLimits;
import coco.node.http.SocketRoute;
import coco.node.identity.Gate;
import coco.node.identity.SignInDesk;
import coco.node.tls.ClientTrust;
import coco.node.tls.NodeIdentity;
import coco.node.tls.TlsContexts;
import coco.node.ui.Dashboards;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/** Makes the node's listeners out of its configuration: which routes on which port, under which rules. */
final class Listeners {
    /** What is posted there carries its sender's signature. */
    private static final Set<String> SIGNED = Set.of("/gov/proposals", "/gov/ballots", "/gov/withdrawals");

    /** Where wallets reach a ledger; what a wallet URL is made of. */
    private static final String ROOT = "/";

    private static final String WALLET = "/wallet/*";

    /**
     * Messages of one address to governance: a member signs some by hand, and a signature costs a processor. What is
     * forged costs the same, so it is counted before it is looked at.
     */
    private static final RateLimit GOVERNANCE = new RateLimit(10, 100);

    private final Configuration configuration;
    private final Entrance entrance;
    private final HttpObserver observer;
    private final BrowserRules browsers;
    private final SSLContext tls;
    private final Dashboards dashboards;

    /**
     * How clients sign in.
     *
     * @param gate knows who has
     * @param desk lets them
     */
    record Entrance(Gate gate, SignInDesk desk) {}

    Listeners(
            Configuration configuration,
            Entrance entrance,
            NodeEntry self,
            NodeIdentity identity,
            InstantSource clock,
            HttpObserver observer) {
        this.configuration = configuration;
        this.entrance = entrance;
        this.observer = observer;
        this.browsers = BrowserRules.of(NodeStart.hosts(configuration, self), configuration.get(Keys.HTTP_ORIGINS));
        this.dashboards = Dashboards.ofClassPath();
        this.tls = TlsContexts.of(identity, new ClientTrust(clock));
    }

    /**
     * Plain HTTP on loopback, where it is enabled: for who has the host, and so with metrics and governance.
     *
     * @param operating what operators see elsewhere
     * @param events streams of governance
     */
    Optional<HttpListener> plain(
            List<Endpoint> endpoints,
            List<SocketEndpoint> sockets,
            List<Route> operating,
            List<EventRoute> events,
            NodePages pages,
            Supplier<String> scrape) {
        if (!configuration.get(Keys.HTTP_ENABLED)) {
            return Optional.empty();
        }
        List<Route> routes = applicationRoutes(endpoints, pages);
        routes.addAll(operating);
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
                events,
                withPages(browsers, "http"),
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
                withPages(browsers, "https"),
                configuration.get(Keys.HTTP_GZIP));
        return new HttpListener(settings, applicationLimits(), observer);
    }

    /**
     * The node channel, governance, metrics and the node's pages. Of browsers it takes its own dashboards, whose user
     * shows a certificate.
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
        routes.addAll(dashboardRoutes(routes, operators));
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
                withPages(BrowserRules.NO_BROWSERS, "https"),
                configuration.get(Keys.HTTP_GZIP));
        return new HttpListener(settings, limits(ChannelLimits.DEFAULT.messageBytesMax(), RateLimit.NONE), observer);
    }

    /**
     * A ledger's endpoints as routes for operators. What they show is for them; what they take is signed, and so for
     * whoever brings it.
     */
    static List<Route> administrativeRoutes(List<Endpoint> endpoints, Route.Access operators) {
        RateLimiter rates = new RateLimiter(GOVERNANCE, System::nanoTime);
        return endpoints.stream()
                .map(endpoint -> isSigned(endpoint)
                        ? limited(route(endpoint, Route.Access.ANYBODY), rates)
                        : route(endpoint, operators))
                .toList();
    }

    private static Route limited(Route route, RateLimiter rates) {
        return new Route(
                route.method(),
                route.path(),
                route.access(),
                request -> rates.of(request.credentials().from()).take(1)
                        ? route.handler().handle(request)
                        : new Endpoint.Reply(429, null, new byte[0], Map.of("Retry-After", "1")));
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

    private static Endpoint.Reply answer(Endpoint endpoint, HttpRequest request, Caller caller, String rest)
            throws Exception {
        return endpoint.handler()
                .handle(new Endpoint.Request(
                        caller,
                        rest,
                        request.query(),
                        request.body(),
                        request.linearizable(),
                        request.quota().afterOne()));
    }

    private static Route route(Endpoint endpoint, Route.Access access) {
        return new Route(
                endpoint.method(),
                endpoint.path(),
                access,
                request -> answer(endpoint, request, Caller.ANONYMOUS, request.rest()));
    }

    /** A ledger's endpoint for whoever signed in, and for who did not. */
    private static Route route(Endpoint endpoint, String path, SocketRoute.Callers callers) {
        return new Route(endpoint.method(), path, request -> switch (callers.of(request.credentials())) {
            case SocketRoute.Refused(Endpoint.Reply reply) -> reply;
            case SocketRoute.Admitted admitted ->
                answer(endpoint, request, admitted.caller(), path.equals(WALLET) ? "" : request.rest());
        });
    }

    private List<Route> applicationRoutes(List<Endpoint> endpoints, NodePages pages) {
        List<Route> routes = new ArrayList<>(pages.routes(Route.Access.ANYBODY));
        for (Endpoint endpoint : endpoints) {
            routes.add(route(endpoint, endpoint.path(), entrance.gate()::ofHeader));
            if (endpoint.path().equals(ROOT)) {
                routes.add(route(endpoint, WALLET, entrance.gate()::ofWallet));
            }
        }
        routes.addAll(entrance.desk().routes());
        routes.addAll(dashboardRoutes(routes, Route.Access.ANYBODY));
        return routes;
    }

    private List<Route> dashboardRoutes(List<Route> others, Route.Access access) {
        if (!configuration.get(Keys.UI_ENABLED)) {
            return List.of();
        }
        return dashboards.routes(access, others);
    }

    /** The rules where the dashboards may call the listener they came from. */
    private BrowserRules withPages(BrowserRules rules, String scheme) {
        return configuration.get(Keys.UI_ENABLED)
                ? rules.serving(new BrowserRules.OwnPages(scheme, browsers.hosts()))
                : rules;
    }

    private List<SocketRoute> socketRoutes(List<SocketEndpoint> sockets) {
        List<SocketRoute> routes = new ArrayList<>();
        for (SocketEndpoint socket : sockets) {
            routes.add(new SocketRoute(socket.path(), entrance.gate()::ofHeader, socket.acceptor()));
            if (socket.path().equals(ROOT)) {
                routes.add(new SocketRoute(WALLET, entrance.gate()::ofWallet, socket.acceptor()));
            }
        }
        return routes;
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
