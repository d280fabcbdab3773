package coco.node.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.ledgers.api.BusyException;
import coco.ledgers.api.Endpoint.Reply;
import coco.node.http.ListenerSettings.ClientCertificates;
import coco.node.tls.ClientTrust;
import coco.node.tls.NodeIdentity;
import coco.node.tls.TestIdentity;
import coco.node.tls.TlsContexts;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The guarded listener against clients that behave badly, on both protocols. */
@Timeout(60)
final class HttpListenerTest {
    private static final HttpLimits LIMITS = limits(Duration.ofSeconds(30));
    private static final HttpLimits IMPATIENT = limits(Duration.ofMillis(300));
    private static final String SECRET = "planted-secret";

    private final TestIdentity server = TestIdentity.of("server");
    private final TestIdentity client = TestIdentity.of("client");
    private final Events events = new Events();
    private final List<HttpListener> started = new ArrayList<>();
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void stop() {
        release.countDown();
        started.forEach(HttpListener::stop);
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void shouldAnswerOnBothProtocols(Version version) throws Exception {
        HttpListener listener = start(tls(ClientCertificates.NONE));

        HttpResponse<byte[]> reply =
                post(version, client(version), uri(listener, "https", "/echo/a%20b?x=1&x=2"), "hi");

        assertThat(reply.version()).isEqualTo(version);
        assertThat(text(reply)).isEqualTo("hi rest=a b x=1");
        assertThat(reply.headers().firstValue("cache-control")).hasValue("no-store");
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void shouldKnowTheClientWhenItShowsACertificate(Version version) throws Exception {
        HttpListener listener = start(tls(ClientCertificates.OPTIONAL));

        HttpResponse<byte[]> reply = post(version, client(version), uri(listener, "https", "/echo/"), "hi");

        assertThat(reply.version()).isEqualTo(Version.HTTP_1_1);
        assertThat(text(reply)).isEqualTo("hi peer=" + client.certificate().getSubjectX500Principal());
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void shouldRefuseLargeBodiesWhetherAnnouncedOrNot(Version version) throws Exception {
        HttpListener listener = start(tls(ClientCertificates.NONE));
        URI echo = uri(listener, "https", "/echo/");
        byte[] large = new byte[200 * 1024];
        BodyPublisher chunked = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large));

        try (HttpClient http = client(version)) {
            assertThat(send(version, http, echo, "POST", BodyPublishers.ofByteArray(large))
                            .statusCode())
                    .isEqualTo(413);
            assertThat(send(version, http, echo, "POST", chunked).statusCode()).isEqualTo(413);
            assertThat(post(version, http, echo, "ok").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void shouldGiveUpOnBodiesThatStall() throws Exception {
        HttpListener listener = start(plain(BrowserRules.NO_BROWSERS), IMPATIENT);
        try (Socket one = connect(listener);
                Socket two = connect(listener)) {
            String head = String.join("\r\n", "POST /echo/ HTTP/1.1", "Host: x", "Content-Length: 10", "", "abc");
            one.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            two.getOutputStream().write(http2RequestWithoutBody());

            assertThat(events.next()).isEqualTo("closed body");
            assertThat(events.next()).isEqualTo("closed body");
            drain(one);
        }
        try (HttpClient http = HttpClient.newHttpClient()) {
            assertThat(post(Version.HTTP_1_1, http, uri(listener, "http", "/echo/"), "x")
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void shouldRefuseLargeHeadersAndTargets(Version version) throws Exception {
        HttpListener listener = start(tls(ClientCertificates.NONE));
        try (HttpClient http = client(version)) {
            var target = http.send(
                    request(version, uri(listener, "https", "/echo/" + "z".repeat(6000)))
                            .build(),
                    BodyHandlers.ofByteArray());

            assertThat(target.statusCode()).isEqualTo(414);
            assertThat(statusOfLargeHeaders(version, http, uri(listener, "https", "/echo/")))
                    .isIn(400, 431);
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void shouldSayNothingOfFailuresWhenAHandlerThrows(Version version) throws Exception {
        HttpListener listener = start(tls(ClientCertificates.NONE));
        try (HttpClient http = client(version)) {
            HttpResponse<byte[]> failed = post(version, http, uri(listener, "https", "/fail"), "x");
            HttpResponse<byte[]> busy = post(version, http, uri(listener, "https", "/busy"), "x");

            assertThat(failed.statusCode()).isEqualTo(500);
            assertThat(text(failed)).isEqualTo("internal error\n");
            assertThat(failed.headers().toString()).doesNotContain(SECRET);
            assertThat(busy.statusCode()).isEqualTo(503);
            assertThat(busy.headers().firstValue("retry-after")).hasValue("1");
        }
        assertThat(events.next()).isEqualTo("failed IllegalStateException");
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void shouldFinishRequestsInWorkWhenStopped(Version version) throws Exception {
        HttpListener listener = start(tls(ClientCertificates.NONE));
        try (HttpClient http = client(version)) {
            var pending = http.sendAsync(
                    request(version, uri(listener, "https", "/wait")).build(), BodyHandlers.ofByteArray());
            entered.await();
            Thread stopping = Thread.ofPlatform().start(listener::stop);
            release.countDown();

            assertThat(pending.get().statusCode()).isEqualTo(200);
            stopping.join();
        }
    }

    @Test
    void shouldCompressLargeAnswersOnlyForThoseWhoAsk() throws Exception {
        HttpListener listener = start(plain(BrowserRules.NO_BROWSERS));
        String large = "abcdefgh".repeat(1000);
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<byte[]> zipped = http.send(
                    request(Version.HTTP_1_1, uri(listener, "http", "/echo/"))
                            .header("accept-encoding", "gzip, deflate")
                            .POST(BodyPublishers.ofString(large))
                            .build(),
                    BodyHandlers.ofByteArray());
            HttpResponse<byte[]> small = http.send(
                    request(Version.HTTP_1_1, uri(listener, "http", "/echo/"))
                            .header("accept-encoding", "gzip")
                            .POST(BodyPublishers.ofString("small"))
                            .build(),
                    BodyHandlers.ofByteArray());

            assertThat(zipped.headers().firstValue("content-encoding")).hasValue("gzip");
            assertThat(zipped.body().length).isLessThan(large.length() / 10);
            assertThat(new String(
                            new GZIPInputStream(new ByteArrayInputStream(zipped.body())).readAllBytes(),
                            StandardCharsets.UTF_8))
                    .startsWith(large);
            assertThat(small.headers().firstValue("content-encoding")).isEmpty();
            assertThat(post(Version.HTTP_1_1, http, uri(listener, "http", "/echo/"), large)
                            .headers()
                            .firstValue("content-encoding"))
                    .isEmpty();
        }
    }

    @Test
    void shouldRefuseCompressedBodiesSoThatNoneCanExplode() throws Exception {
        HttpListener listener = start(plain(BrowserRules.NO_BROWSERS));
        try (HttpClient http = HttpClient.newHttpClient()) {
            var reply = http.send(
                    request(Version.HTTP_1_1, uri(listener, "http", "/echo/"))
                            .header("content-encoding", "gzip")
                            .POST(BodyPublishers.ofString("x"))
                            .build(),
                    BodyHandlers.ofByteArray());

            assertThat(reply.statusCode()).isEqualTo(415);
        }
    }

    @Test
    void shouldCloseConnectionsWhoseHandshakeOrHeadStalls() throws Exception {
        HttpListener listener = start(tls(ClientCertificates.NONE), IMPATIENT);
        HttpListener plain = start(plain(BrowserRules.NO_BROWSERS), IMPATIENT);
        try (Socket silent = connect(listener);
                Socket half = connect(listener);
                Socket head = connect(plain)) {
            half.getOutputStream().write(new byte[] {0x16, 0x03, 0x01, 0x02, 0x00, 0x01});
            head.getOutputStream()
                    .write("GET /echo/ HTTP/1.1\r\nHost: x\r\nX-Slow: ".getBytes(StandardCharsets.US_ASCII));

            drain(silent);
            drain(half);
            drain(head);
        }
        assertThat(List.of(events.next(), events.next(), events.next()))
                .containsExactlyInAnyOrder("closed handshake", "closed handshake", "closed head");
    }

    @Test
    void shouldServeAgainAfterManyFailedHandshakes() throws Exception {
        HttpListener listener = start(tls(ClientCertificates.NONE));
        for (int i = 0; i < 3 * LIMITS.maxConnections(); i++) {
            try (Socket bad = connect(listener)) {
                bad.getOutputStream().write("this is no handshake, is it?".getBytes(StandardCharsets.US_ASCII));
                drain(bad);
            }
        }

        try (HttpClient http = client(Version.HTTP_2)) {
            assertThat(post(Version.HTTP_2, http, uri(listener, "https", "/echo/"), "x")
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void shouldTurnConnectionsAwayBeyondTheCapAndTakeThemAgainBelowIt() throws Exception {
        HttpListener listener = start(plain(BrowserRules.NO_BROWSERS));
        List<Socket> held = new ArrayList<>();
        for (int i = 0; i < LIMITS.maxConnections(); i++) {
            Socket socket = connect(listener);
            socket.getOutputStream()
                    .write("GET /echo/ HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().read()).isEqualTo('H');
            held.add(socket);
        }
        try (Socket extra = connect(listener)) {
            drain(extra);
        }
        assertThat(events.next()).isEqualTo("closed connections");
        for (Socket socket : held) {
            socket.close();
        }
        try (HttpClient http = HttpClient.newHttpClient()) {
            assertThat(firstSuccess(http, uri(listener, "http", "/echo/"))).isEqualTo(200);
        }
    }

    @Test
    void shouldCloseTheConnectionWhenTheClientAsksForIt() throws Exception {
        HttpListener listener = start(plain(BrowserRules.NO_BROWSERS));
        try (Socket socket = connect(listener)) {
            String request = String.join("\r\n", "GET /echo/x HTTP/1.1", "Host: x", "Connection: close", "", "");
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));

            assertThat(drain(socket)).startsWith("HTTP/1.1 200").endsWith(" rest=x");
        }
    }

    @Test
    void shouldServeOnlyItsOwnNamesAndListedOrigins() throws Exception {
        HttpListener listener =
                start(plain(BrowserRules.of(List.of("127.0.0.1", "localhost"), List.of("https://app.example"))));

        assertThat(raw(listener, "POST / HTTP/1.1", "Host: evil.example:80", "Content-Length: 0"))
                .startsWith("HTTP/1.1 403");
        assertThat(raw(listener, "POST /echo/ HTTP/1.1", "Host: LOCALHOST:80", "Content-Length: 0"))
                .startsWith("HTTP/1.1 200");
        assertThat(raw(
                        listener,
                        "POST /echo/ HTTP/1.1",
                        "Host: localhost",
                        "Origin: https://evil.example",
                        "Content-Length: 0"))
                .startsWith("HTTP/1.1 403");
        assertThat(raw(
                        listener,
                        "POST /echo/ HTTP/1.1",
                        "Host: localhost",
                        "Origin: https://app.example",
                        "Content-Length: 0"))
                .startsWith("HTTP/1.1 200")
                .containsIgnoringCase("Access-Control-Allow-Origin: https://app.example");
        assertThat(raw(
                        listener,
                        "OPTIONS /echo/ HTTP/1.1",
                        "Host: localhost",
                        "Origin: https://app.example",
                        "Access-Control-Request-Method: POST",
                        "Access-Control-Request-Headers: content-type"))
                .startsWith("HTTP/1.1 204")
                .containsIgnoringCase("Access-Control-Allow-Headers: content-type")
                .containsIgnoringCase("Access-Control-Allow-Methods: GET, POST");
    }

    @Test
    void shouldLetItsOwnPagesCallItUnderItsNamesAndNoOther() throws Exception {
        BrowserRules rules = BrowserRules.of(List.of("*"), List.of())
                .serving(new BrowserRules.OwnPages("http", Set.of("LocalHost", "127.0.0.1", "[::1]", "*")));
        HttpListener listener = start(plain(rules));
        Map<String, String> statuses = new LinkedHashMap<>();
        for (String[] pair : new String[][] {
            {"localhost:8545", "http://localhost:8545"},
            {"LOCALHOST:8545", "http://localhost:8545"},
            {"127.0.0.1:8545", "http://127.0.0.1:8545"},
            {"[::1]:8545", "http://[::1]:8545"},
            {"localhost", "http://localhost"},
            // Another port, another scheme, another name of the same machine: other programs' pages.
            {"localhost:8545", "http://localhost:3000"},
            {"localhost:8545", "https://localhost:8545"},
            {"localhost:8545", "http://127.0.0.1:8545"},
            {"localhost:8545", "null"},
            {"localhost:8545", "http://localhost:8545.evil.example"},
            // A name that somebody has pointed here: nobody listed it, though any host is served.
            {"evil.example:8545", "http://evil.example:8545"},
            {"*:8545", "http://*:8545"}
        }) {
            String answer = raw(
                    listener, "POST /echo/ HTTP/1.1", "Host: " + pair[0], "Origin: " + pair[1], "Content-Length: 0");
            statuses.put(pair[0] + " " + pair[1], answer.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
        }

        assertThat(statuses.values())
                .containsExactly("200", "200", "200", "200", "200", "403", "403", "403", "403", "403", "403", "403");
    }

    @Test
    void shouldSendAnAnswerAgainOnlyWhenTheClientHoldsAnother() throws Exception {
        HttpListener listener = start(plain(BrowserRules.NO_BROWSERS));

        assertThat(raw(listener, "GET /page HTTP/1.1", "Host: a"))
                .startsWith("HTTP/1.1 200")
                .containsIgnoringCase("Cache-Control: no-cache")
                .doesNotContainIgnoringCase("no-store")
                .endsWith("page html=false");
        for (String held : List.of("\"v1\"", "W/\"v1\"", "\"v0\", \"v1\"")) {
            assertThat(raw(listener, "GET /page HTTP/1.1", "Host: a", "If-None-Match: " + held))
                    .as(held)
                    .startsWith("HTTP/1.1 304")
                    .containsIgnoringCase("ETag: \"v1\"")
                    .doesNotContain("page html");
        }
        for (String held : List.of("\"v0\"", "v1", "")) {
            assertThat(raw(listener, "GET /page HTTP/1.1", "Host: a", "If-None-Match: " + held))
                    .as(held)
                    .startsWith("HTTP/1.1 200");
        }
        assertThat(raw(listener, "GET /echo/x HTTP/1.1", "Host: a", "If-None-Match: \"v1\""))
                .startsWith("HTTP/1.1 200")
                .containsIgnoringCase("Cache-Control: no-store");
        assertThat(raw(listener, "GET /page HTTP/1.1", "Host: a", "Accept: text/html,*/*;q=0.8"))
                .endsWith("page html=true");
    }

    @Test
    void shouldAdmitEveryExtensionOfAListedSchemeAndNoPage() throws Exception {
        HttpListener listener = start(plain(BrowserRules.of(List.of("*"), List.of("chrome-extension://*"))));
        Map<String, String> statuses = new LinkedHashMap<>();
        for (String origin : List.of(
                "chrome-extension://nkbihfbeogaeaoehlefnkodbefgpgknn",
                "moz-extension://0b6a1c2e-1111-4222-8333-944445555666",
                "https://chrome-extension://x",
                "https://app.example",
                "-extension://x",
                "null")) {
            String answer = raw(listener, "POST /echo/ HTTP/1.1", "Host: a", "Origin: " + origin, "Content-Length: 0");
            statuses.put(origin, answer.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
        }

        assertThat(statuses.values()).containsExactly("200", "403", "403", "403", "403", "403");
    }

    @Test
    void shouldTellUnknownPathsFromWrongMethods() throws Exception {
        HttpListener listener = start(plain(BrowserRules.NO_BROWSERS));

        assertThat(raw(listener, "GET /nothing HTTP/1.1", "Host: x")).startsWith("HTTP/1.1 404");
        assertThat(raw(listener, "DELETE /echo/ HTTP/1.1", "Host: x"))
                .startsWith("HTTP/1.1 405")
                .containsIgnoringCase("Allow: GET, POST");
    }

    @Test
    void shouldRefuseTargetsThatAreNotText() throws Exception {
        HttpListener listener = start(plain(BrowserRules.NO_BROWSERS));

        assertThat(raw(listener, "GET /echo/%C3%A9?a=%f0%9d%84%9e HTTP/1.1", "Host: x"))
                .startsWith("HTTP/1.1 200");
        for (String target : List.of("/echo/%", "/echo/%4", "/echo/%zz", "/echo/%ff", "/echo/%c0%af", "/echo/?a=%zz")) {
            assertThat(raw(listener, "GET " + target + " HTTP/1.1", "Host: x"))
                    .as(target)
                    .startsWith("HTTP/1.1 400");
        }
    }

    @Test
    void shouldSurviveRandomBytes() throws Exception {
        long seed = 20_261_123L;
        Random random = new Random(seed);
        HttpListener listener = start(plain(BrowserRules.NO_BROWSERS));
        String newline = "\r\n";
        String[] starts = {
            "",
            "GET ",
            String.join(newline, "POST /echo/ HTTP/1.1", "Host: x", ""),
            String.join(newline, "PRI * HTTP/2.0", "", "SM", "", "")
        };
        for (int i = 0; i < 100; i++) {
            byte[] noise = new byte[random.nextInt(300)];
            random.nextBytes(noise);
            try (Socket socket = connect(listener)) {
                socket.getOutputStream()
                        .write(starts[random.nextInt(starts.length)].getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().write(noise);
                socket.shutdownOutput();
                assertThat(drain(socket)).as("seed %d", seed).doesNotContain("Exception", "at io.helidon", "at coco");
            } catch (IOException reset) {
                assertThat(reset).as("seed %d", seed).isNotNull();
            }
        }
        try (HttpClient http = HttpClient.newHttpClient()) {
            assertThat(post(Version.HTTP_1_1, http, uri(listener, "http", "/echo/"), "x")
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void shouldShowTheNewCertificateAfterReplacement() throws Exception {
        NodeIdentity identity = server.identity();
        SSLContext context = TlsContexts.of(identity, new ClientTrust(InstantSource.system()));
        HttpListener listener = start(settings(context, ClientCertificates.NONE, BrowserRules.NO_BROWSERS));
        TestIdentity renewed = TestIdentity.of("renewed");

        assertThat(post(Version.HTTP_2, client(Version.HTTP_2), uri(listener, "https", "/echo/"), "x")
                        .statusCode())
                .isEqualTo(200);
        identity.replace(renewed.keys().getPrivate(), List.of(renewed.certificate()));

        try (HttpClient old = client(Version.HTTP_2);
                HttpClient fresh = HttpClient.newBuilder()
                        .sslContext(client.clientOf(renewed.certificate()))
                        .build()) {
            assertThatThrownBy(() -> post(Version.HTTP_2, old, uri(listener, "https", "/echo/"), "x"))
                    .isInstanceOf(IOException.class);
            assertThat(post(Version.HTTP_2, fresh, uri(listener, "https", "/echo/"), "x")
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void shouldEndHandshakesOfStrangersAndOfExpiredClients() throws Exception {
        HttpListener required = start(tls(ClientCertificates.REQUIRED));
        TestIdentity expired = TestIdentity.of(
                "expired",
                InstantSource.system().instant().minusSeconds(7200),
                InstantSource.system().instant().minusSeconds(3600));
        try (HttpClient http = HttpClient.newBuilder()
                .sslContext(expired.clientOf(server.certificate()))
                .build()) {
            assertThatThrownBy(() -> post(Version.HTTP_2, http, uri(required, "https", "/echo/"), "x"))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void shouldRefusePlainHttpBeyondLoopback() {
        ListenerSettings everywhere = new ListenerSettings(
                "http", "0.0.0.0", 0, null, ClientCertificates.NONE, List.of(), BrowserRules.NO_BROWSERS, false);

        assertThatThrownBy(() -> new HttpListener(everywhere, LIMITS, HttpObserver.NONE))
                .isInstanceOf(HttpException.class)
                .hasMessageContaining("loopback addresses only");
    }

    @Test
    void shouldNameTheSettingWhenThePortIsTaken() {
        HttpListener first = start(plain(BrowserRules.NO_BROWSERS));
        ListenerSettings same = new ListenerSettings(
                "http",
                "127.0.0.1",
                first.port(),
                null,
                ClientCertificates.NONE,
                List.of(),
                BrowserRules.NO_BROWSERS,
                false);

        assertThatThrownBy(() -> new HttpListener(same, LIMITS, HttpObserver.NONE).start())
                .hasMessageContaining("http.port: cannot listen on 127.0.0.1:" + first.port());
    }

    private static HttpLimits limits(Duration patience) {
        return new HttpLimits(
                20,
                50,
                patience,
                patience,
                patience,
                patience.multipliedBy(10),
                patience,
                8 * 1024,
                64 * 1024,
                16L << 20,
                Duration.ofSeconds(10),
                SocketLimits.defaults(),
                RateLimit.NONE);
    }

    private HttpListener start(ListenerSettings settings) {
        return start(settings, LIMITS);
    }

    private HttpListener start(ListenerSettings settings, HttpLimits limits) {
        HttpListener listener = new HttpListener(settings, limits, events);
        listener.start();
        started.add(listener);
        return listener;
    }

    private ListenerSettings tls(ClientCertificates clients) {
        return settings(server.server(), clients, BrowserRules.NO_BROWSERS);
    }

    private ListenerSettings plain(BrowserRules browsers) {
        return settings(null, ClientCertificates.NONE, browsers);
    }

    private ListenerSettings settings(@Nullable SSLContext tls, ClientCertificates clients, BrowserRules browsers) {
        return new ListenerSettings("test", "127.0.0.1", 0, tls, clients, routes(), browsers, true);
    }

    private List<Route> routes() {
        return List.of(
                new Route("POST", "/echo/*", HttpListenerTest::echo),
                new Route("GET", "/echo/*", HttpListenerTest::echo),
                new Route("GET", "/page", HttpListenerTest::page),
                new Route("POST", "/fail", request -> {
                    throw new IllegalStateException(SECRET);
                }),
                new Route("POST", "/busy", request -> {
                    throw new BusyException();
                }),
                new Route("GET", "/wait", request -> {
                    entered.countDown();
                    release.await();
                    return echo(request);
                }));
    }

    private static Reply page(HttpRequest request) {
        byte[] text = ("page html=" + request.forReading()).getBytes(StandardCharsets.UTF_8);
        return new Reply(200, "text/html", text, Map.of("ETag", "\"v1\"", "Cache-Control", "no-cache"));
    }

    private static Reply echo(HttpRequest request) {
        String who = request.peer() == null ? "" : " peer=" + request.peer().getSubjectX500Principal();
        String text = new String(request.body(), StandardCharsets.UTF_8)
                + (request.rest().isEmpty() ? "" : " rest=" + request.rest())
                + (request.query().isEmpty() ? "" : " x=" + request.query().get("x"))
                + who;
        return new Reply(200, "text/plain", text.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    private static int statusOfLargeHeaders(Version version, HttpClient http, URI uri) throws InterruptedException {
        try {
            return http.send(
                            request(version, uri)
                                    .header("x-large", "y".repeat(20_000))
                                    .build(),
                            BodyHandlers.ofByteArray())
                    .statusCode();
        } catch (IOException cut) {
            // On HTTP/2 header blocks beyond the advertised size end the connection: compression state is shared.
            return 431;
        }
    }

    private HttpClient client(Version version) {
        return HttpClient.newBuilder()
                .version(version)
                .sslContext(client.clientOf(server.certificate()))
                .build();
    }

    private static HttpResponse<byte[]> post(Version version, HttpClient http, URI uri, String body)
            throws IOException, InterruptedException {
        return send(version, http, uri, "POST", BodyPublishers.ofString(body));
    }

    private static HttpResponse<byte[]> send(
            Version version, HttpClient http, URI uri, String method, BodyPublisher body)
            throws IOException, InterruptedException {
        return http.send(request(version, uri).method(method, body).build(), BodyHandlers.ofByteArray());
    }

    private static java.net.http.HttpRequest.Builder request(Version version, URI uri) {
        return java.net.http.HttpRequest.newBuilder(uri).version(version).timeout(Duration.ofSeconds(20));
    }

    private static URI uri(HttpListener listener, String scheme, String rest) {
        return URI.create(scheme + "://127.0.0.1:" + listener.port() + rest);
    }

    private static String text(HttpResponse<byte[]> reply) {
        return new String(reply.body(), StandardCharsets.UTF_8);
    }

    private static Socket connect(HttpListener listener) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    /** Reads until the server closes. */
    private static String drain(Socket socket) {
        try {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (java.net.SocketTimeoutException open) {
            throw new AssertionError("the server left the connection open", open);
        } catch (IOException reset) {
            return "";
        }
    }

    private static String raw(HttpListener listener, String... lines) throws IOException {
        try (Socket socket = connect(listener)) {
            String request = String.join("\r\n", lines) + "\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            byte[] buffer = new byte[4096];
            int n = socket.getInputStream().read(buffer);
            return new String(buffer, 0, Math.max(0, n), StandardCharsets.ISO_8859_1);
        }
    }

    /** The server learns of closed connections in its own time: ask until it takes one. */
    private static int firstSuccess(HttpClient http, URI uri) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (System.nanoTime() < deadline) {
            try {
                return post(Version.HTTP_1_1, http, uri, "x").statusCode();
            } catch (IOException turnedAway) {
                Thread.onSpinWait();
            }
        }
        throw new AssertionError("the listener did not recover");
    }

    /**
     * Preface, empty SETTINGS and the HEADERS of a POST whose body never comes; RFC 9113 and static table of RFC 7541.
     */
    private static byte[] http2RequestWithoutBody() throws IOException {
        ByteArrayOutputStream headers = new ByteArrayOutputStream();
        headers.write(0x83); // :method POST
        headers.write(0x86); // :scheme http
        headers.write(new byte[] {0x04, 6});
        headers.write("/echo/".getBytes(StandardCharsets.US_ASCII));
        headers.write(new byte[] {0x01, 1, 'x'}); // :authority
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(String.join("\r\n", "PRI * HTTP/2.0", "", "SM", "", "").getBytes(StandardCharsets.US_ASCII));
        out.write(new byte[] {0, 0, 0, 0x04, 0, 0, 0, 0, 0}); // SETTINGS
        out.write(new byte[] {0, 0, (byte) headers.size(), 0x01, 0x04, 0, 0, 0, 1}); // HEADERS, END_HEADERS, stream 1
        headers.writeTo(out);
        return out.toByteArray();
    }

    private static final class Events implements HttpObserver {
        private final LinkedBlockingQueue<String> queue = new LinkedBlockingQueue<>();

        @Override
        public void closed(String listener, String why) {
            queue.add("closed " + why);
        }

        @Override
        public void failed(String listener, String route, Throwable failure) {
            queue.add("failed " + failure.getClass().getSimpleName());
        }

        @Nullable
        String next() throws InterruptedException {
            return queue.poll(20, TimeUnit.SECONDS);
        }
    }
}
