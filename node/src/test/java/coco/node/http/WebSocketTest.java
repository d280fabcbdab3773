package coco.node.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.ledgers.api.Caller;
import coco.ledgers.api.Endpoint;
import coco.ledgers.api.Quota;
import coco.ledgers.api.SharedText;
import coco.ledgers.api.SocketEndpoint;
import coco.node.http.ListenerSettings.ClientCertificates;
import coco.node.http.RawWebSocket.Frame;
import coco.node.http.SocketRoute.Standing;
import coco.node.tls.TestIdentity;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.socket.PeerInfo;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpPrologue;
import io.helidon.http.Method;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.ConnectionContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSocket connections with clients that behave, and many that do not. */
@Timeout(60)
final class WebSocketTest {
    private static final int MESSAGE_BYTES_MAX = 64 << 10;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final BrowserRules RULES = BrowserRules.of(List.of("localhost"), List.of("https://app.example"));

    private final TestIdentity server = TestIdentity.of("server");
    private final TestIdentity client = TestIdentity.of("client");
    private final LinkedBlockingQueue<String> closed = new LinkedBlockingQueue<>();
    private final AtomicReference<Standing> standing = new AtomicReference<>(Standing.IN_FORCE);
    private final Set<SocketEndpoint.Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger sessionsClosed = new AtomicInteger();
    private final AtomicInteger atOnce = new AtomicInteger();
    private final AtomicInteger mostAtOnce = new AtomicInteger();
    private final CountDownLatch release = new CountDownLatch(1);
    private volatile boolean failingAtEnd;
    private final List<HttpListener> started = new ArrayList<>();

    @AfterEach
    void stop() {
        release.countDown();
        started.forEach(HttpListener::stop);
    }

    /** Echoes; "wait" waits for the test, "fail" fails. */
    private final class Echo implements SocketEndpoint.Session {
        private final SocketEndpoint.Socket socket;

        Echo(SocketEndpoint.Socket socket) {
            this.socket = socket;
            open.add(socket);
        }

        @Override
        public void message(byte[] text) throws Exception {
            String words = new String(text, StandardCharsets.UTF_8);
            if (words.equals("fail")) {
                throw new IllegalStateException("planted-secret");
            }
            if (words.equals("wait")) {
                mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                release.await();
                atOnce.decrementAndGet();
            }
            socket.send(
                    words.equals("quota")
                            ? Boolean.toString(socket.quota().take(1)).getBytes(StandardCharsets.UTF_8)
                            : text);
        }

        @Override
        public void closed() {
            open.remove(socket);
            sessionsClosed.incrementAndGet();
            if (failingAtEnd) {
                throw new IllegalStateException("planted-secret");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldAnswerOnThePathOfRequestsPlainAndEncrypted(boolean encrypted) throws Exception {
        HttpListener listener = start(encrypted ? server.server() : null, limits(PATIENCE, SocketLimits.defaults()));
        LinkedBlockingQueue<String> got = new LinkedBlockingQueue<>();
        try (HttpClient http = HttpClient.newBuilder()
                .sslContext(client.clientOf(server.certificate()))
                .build()) {
            WebSocket socket = http.newWebSocketBuilder()
                    .buildAsync(
                            URI.create((encrypted ? "wss" : "ws") + "://localhost:" + listener.port() + "/"),
                            new WebSocket.Listener() {
                                @Override
                                public @Nullable CompletionStage<?> onText(
                                        WebSocket from, CharSequence text, boolean last) {
                                    got.add(text.toString());
                                    from.request(1);
                                    return null;
                                }
                            })
                    .get(20, TimeUnit.SECONDS);
            socket.sendText("grüße", true).get(20, TimeUnit.SECONDS);

            assertThat(got.poll(20, TimeUnit.SECONDS)).isEqualTo("grüße");
            assertThat(listener.sockets()).isEqualTo(1);
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "done").get(20, TimeUnit.SECONDS);
            await(() -> listener.sockets() == 0 && sessionsClosed.get() == 1);
        }
        assertThat(closed).isEmpty();
    }

    @Test
    void shouldPutPiecesTogetherAndAnswerPingsBetweenThem() throws Exception {
        HttpListener listener = start(null, limits(PATIENCE, SocketLimits.defaults()));
        byte[] text = "€uro".getBytes(StandardCharsets.UTF_8);
        try (RawWebSocket raw = connect(listener)) {
            raw.frame(RawWebSocket.TEXT, new byte[] {text[0]});
            raw.frame(0x80 | RawWebSocket.PING, new byte[] {'p'});
            raw.frame(RawWebSocket.CONTINUATION, new byte[] {text[1]});
            raw.frame(RawWebSocket.CONTINUATION, new byte[0]);
            raw.frame(0x80 | RawWebSocket.CONTINUATION, new byte[] {text[2], 'u', 'r', 'o'});

            assertThat(raw.next()).isEqualTo(new Frame(RawWebSocket.PONG, "p", 0));
            assertThat(raw.next()).isEqualTo(new Frame(RawWebSocket.TEXT, "€uro", 0));
            String large = "x".repeat(MESSAGE_BYTES_MAX);
            raw.text(large);
            assertThat(raw.next().text()).isEqualTo(large);
            raw.frame(0x80 | RawWebSocket.CLOSE, new byte[] {(byte) (4000 >> 8), (byte) 4000});
            assertThat(raw.next()).isEqualTo(new Frame(RawWebSocket.CLOSE, "", 4000));
            assertThat(raw.next().opcode()).isEqualTo(-1);
        }
        await(() -> listener.heldBytes() == 0 && listener.queuedBytes() == 0);
    }

    @ParameterizedTest
    @CsvSource({
        "unmasked, 1002",
        "reserved bits, 1002",
        "unknown opcode, 1002",
        "continuation of nothing, 1002",
        "text within a message, 1002",
        "ping in pieces, 1002",
        "long ping, 1002",
        "half a close code, 1002",
        "close code of nobody, 1002",
        "binary, 1003",
        "no UTF-8, 1007",
        "a surrogate, 1007",
        "close reason without UTF-8, 1007",
        "huge length, 1009",
        "negative length, 1009",
        "too large in pieces, 1009",
        "pings without end, 1008",
        "empty pieces without end, 1009"
    })
    void shouldEndConnectionsThatBreakTheRules(String how, int code) throws Exception {
        HttpListener listener = start(null, limits(PATIENCE, SocketLimits.defaults()));
        try (RawWebSocket raw = connect(listener)) {
            send(raw, how);
            Frame frame = raw.next();
            while (frame.opcode() == RawWebSocket.PONG) {
                frame = raw.next();
            }
            assertThat(frame.opcode()).isEqualTo(RawWebSocket.CLOSE);
            assertThat(frame.code()).as(frame.text()).isEqualTo(code);
        }
        await(() -> listener.sockets() == 0 && sessionsClosed.get() == 1);
        await(() -> listener.heldBytes() == 0);
        assertThat(closed.poll()).isIn("message", "pings");
    }

    private static void send(RawWebSocket raw, String how) throws IOException {
        switch (how) {
            case "unmasked" -> raw.raw((byte) 0x81, (byte) 1, (byte) 'x');
            case "reserved bits" -> raw.frame(0xc1, new byte[1]);
            case "unknown opcode" -> raw.frame(0x83, new byte[1]);
            case "continuation of nothing" -> raw.frame(0x80, new byte[1]);
            case "text within a message" -> {
                raw.frame(RawWebSocket.TEXT, new byte[1]);
                raw.frame(0x80 | RawWebSocket.TEXT, new byte[1]);
            }
            case "ping in pieces" -> raw.frame(RawWebSocket.PING, new byte[1]);
            case "long ping" -> raw.frame(0x80 | RawWebSocket.PING, new byte[126]);
            case "half a close code" -> raw.frame(0x88, new byte[] {3});
            case "close code of nobody" -> raw.frame(0x88, new byte[] {(byte) (1005 >> 8), (byte) 1005});
            case "binary" -> raw.frame(0x80 | RawWebSocket.BINARY, new byte[1]);
            case "no UTF-8" -> raw.frame(0x81, new byte[] {'a', (byte) 0xff});
            case "a surrogate" -> raw.frame(0x81, new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80});
            case "close reason without UTF-8" -> raw.frame(0x88, new byte[] {3, (byte) 0xe8, (byte) 0xff});
            case "huge length" ->
                raw.raw(
                        (byte) 0x81,
                        (byte) 0xff,
                        (byte) 0x3f,
                        (byte) 0,
                        (byte) 0,
                        (byte) 0,
                        (byte) 0,
                        (byte) 0,
                        (byte) 0,
                        (byte) 0);
            case "negative length" ->
                raw.raw(
                        (byte) 0x81,
                        (byte) 0xff,
                        (byte) 0x80,
                        (byte) 0,
                        (byte) 0,
                        (byte) 0,
                        (byte) 0,
                        (byte) 0,
                        (byte) 0,
                        (byte) 0);
            case "too large in pieces" -> {
                raw.frame(RawWebSocket.TEXT, new byte[MESSAGE_BYTES_MAX]);
                raw.frame(0x80 | RawWebSocket.CONTINUATION, new byte[1]);
            }
            case "pings without end" -> {
                for (int i = 0; i < 3 * SocketLimits.PINGS_PER_SECOND_MAX; i++) {
                    raw.frame(0x80 | RawWebSocket.PING, new byte[125]);
                }
            }
            case "empty pieces without end" -> {
                raw.frame(RawWebSocket.TEXT, new byte[0]);
                for (int i = 0; i < SocketLimits.FRAGMENTS_MAX; i++) {
                    raw.frame(RawWebSocket.CONTINUATION, new byte[0]);
                }
            }
            default -> throw new IllegalArgumentException(how);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/, Origin: https://app.example, 101",
        "/, X-Nothing: x, 101",
        "/, Origin: https://evil.example, 403",
        "/, Origin: null, 403",
        "/, Host: evil.example, 403",
        "/elsewhere, X-Nothing: x, 404",
        "/, Connection: keep-alive, 400",
        "/, Connection: keep-alive;Upgrade, 400",
        "/, 'Connection: keep-alive, upgrade', 101",
        "/, Sec-WebSocket-Version: 8, 426",
        "/, Sec-WebSocket-Key: c2hvcnQ=, 400",
        "/, Sec-WebSocket-Key: %%%, 400",
        "/, Content-Length: 3, 400"
    })
    void shouldJudgeUpgradesAsRequests(String path, String header, int status) throws Exception {
        HttpListener listener = start(null, limits(PATIENCE, SocketLimits.defaults()));
        List<String> headers = RawWebSocket.headers();
        String name = header.substring(0, header.indexOf(':') + 1);
        headers.removeIf(each -> each.startsWith(name));
        headers.add(header);
        try (RawWebSocket raw = new RawWebSocket(socket(listener))) {
            assertThat(raw.upgrade(path, headers)).startsWith("HTTP/1.1 " + status);
        }
    }

    @Test
    void shouldRefuseMoreConnectionsThanAllowedAndTakeThemLater() throws Exception {
        HttpListener listener = start(null, limits(PATIENCE, new SocketLimits(2, 100, 1 << 20, 1 << 20)));
        try (RawWebSocket one = connect(listener)) {
            try (RawWebSocket two = connect(listener);
                    RawWebSocket three = new RawWebSocket(socket(listener))) {
                assertThat(three.upgrade("/", RawWebSocket.headers())).startsWith("HTTP/1.1 503");
                two.text("still here");
                assertThat(two.next().text()).isEqualTo("still here");
            }
            await(() -> listener.sockets() == 1);
            try (RawWebSocket four = connect(listener)) {
                four.text("now");
                assertThat(four.next().text()).isEqualTo("now");
            }
            one.text("first");
            assertThat(one.next().text()).isEqualTo("first");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldCutSlowReadersAndNobodyElse(boolean encrypted) throws Exception {
        HttpListener listener = start(
                encrypted ? server.server() : null, limits(PATIENCE, new SocketLimits(10, 100, 4 << 20, 64 << 20)));
        SharedText shared = new SharedText("x".repeat(64 << 10).getBytes(StandardCharsets.US_ASCII));
        try (RawWebSocket deaf = connect(listener, encrypted)) {
            await(() -> open.size() == 1);
            SocketEndpoint.Socket slow = open.iterator().next();
            try (RawWebSocket good = connect(listener, encrypted)) {
                await(() -> open.size() == 2);
                SocketEndpoint.Socket quick = open.stream()
                        .filter(each -> !each.equals(slow))
                        .findAny()
                        .orElseThrow();
                long longest = 0;
                for (int i = 0; open.contains(slow); i++) {
                    long begun = System.nanoTime();
                    slow.offer(new byte[0], shared, new byte[0]);
                    assertThat(quick.offer(
                                    Integer.toString(i).getBytes(StandardCharsets.US_ASCII), shared, new byte[0]))
                            .isTrue();
                    longest = Math.max(longest, System.nanoTime() - begun);
                    assertThat(good.next().text()).startsWith(i + "x");
                }
                assertThat(closed.poll(20, TimeUnit.SECONDS)).isEqualTo("slow");
                assertThat(TimeUnit.NANOSECONDS.toMillis(longest)).isLessThan(1_000);
                await(() -> listener.sockets() == 1);
            }
            Frame frame = deaf.next();
            while (frame.opcode() == RawWebSocket.TEXT) {
                frame = deaf.next();
            }
            assertThat(frame.opcode())
                    .as("no close frame: it would not be read")
                    .isEqualTo(-1);
        }
        await(() -> listener.queuedBytes() == 0 && listener.connections() == 0);
    }

    @Test
    void shouldCutTheOneWithMostWaitingIfAllTogetherHoldTooMuch() throws Exception {
        HttpListener listener = start(null, limits(PATIENCE, new SocketLimits(10, 1_000_000, 64 << 20, 8 << 20)));
        byte[] nothing = new byte[0];
        try (RawWebSocket one = connect(listener)) {
            await(() -> open.size() == 1);
            SocketEndpoint.Socket hoarder = open.iterator().next();
            try (RawWebSocket two = connect(listener)) {
                await(() -> open.size() == 2);
                SocketEndpoint.Socket modest = open.stream()
                        .filter(each -> !each.equals(hoarder))
                        .findAny()
                        .orElseThrow();
                assertThat(modest.offer(nothing, new SharedText(new byte[1 << 20]), nothing))
                        .isTrue();
                while (hoarder.offer(nothing, new SharedText(new byte[1 << 20]), nothing)) {
                    assertThat(listener.queuedBytes()).isLessThanOrEqualTo(10 << 20);
                }
                assertThat(closed.poll(20, TimeUnit.SECONDS)).isEqualTo("memory");
                assertThat(two.next().text()).hasSize(1 << 20);
            }
            assertThat(one.socket.isClosed()).isFalse();
        }
    }

    @Test
    void shouldCutTheOneWhoseAnswersWaitForRoomAndHoldTooMuch() throws Exception {
        HttpListener listener = start(null, limits(PATIENCE, new SocketLimits(10, 1, 64 << 20, 64 << 20)));
        try (RawWebSocket deaf = connect(listener)) {
            await(() -> open.size() == 1);
            SocketEndpoint.Socket socket = open.iterator().next();
            for (int i = 0; i < 10; i++) {
                Thread.startVirtualThread(() -> sendQuietly(socket, new byte[10 << 20]));
            }

            assertThat(closed.poll(20, TimeUnit.SECONDS)).isEqualTo("memory");
            assertThat(deaf.socket.isClosed()).isFalse();
        }
        await(() -> listener.sockets() == 0 && listener.queuedBytes() == 0);
    }

    private static void sendQuietly(SocketEndpoint.Socket socket, byte[] text) {
        try {
            socket.send(text);
        } catch (InterruptedException never) {
            throw new AssertionError(never);
        }
    }

    @Test
    void shouldGiveUpAnswersThatFindNoRoomInTime() throws Exception {
        SocketLimits sockets = new SocketLimits(10, 1, 64 << 20, 64 << 20);
        Outbox outbox = new Outbox(FrameReader::header, sockets, new QueuedBytes(), PATIENCE.toNanos());
        byte[] text = new byte[100];
        for (Outbox.Offered each : List.of(Outbox.Offered.QUEUED, Outbox.Offered.FULL)) {
            assertThat(outbox.announce(text)).isTrue();
            assertThat(outbox.send(text, TimeUnit.MILLISECONDS.toNanos(50))).isEqualTo(each);
        }
        assertThat(outbox.waitingBytes()).isEqualTo(100);
    }

    @Test
    void shouldCountSharedTextOnce() throws Exception {
        HttpListener listener = start(null, limits(PATIENCE, new SocketLimits(10, 100, 64 << 20, 64 << 20)));
        List<RawWebSocket> deaf = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            deaf.add(connect(listener));
        }
        await(() -> open.size() == 3);
        byte[] nothing = new byte[0];
        SharedText blocking = new SharedText(new byte[20 << 20]);
        open.forEach(each -> assertThat(each.offer(nothing, blocking, nothing)).isTrue());
        SharedText shared = new SharedText(new byte[1 << 20]);
        open.forEach(each -> assertThat(each.offer(nothing, shared, nothing)).isTrue());

        assertThat(listener.queuedBytes())
                .as("what the writers have begun with included")
                .isBetween(21L << 20, (21L << 20) + 6 * SocketLimits.ENTRY_BYTES);
        for (RawWebSocket each : deaf) {
            each.close();
        }
        await(() -> listener.queuedBytes() == 0);
    }

    @Test
    void shouldCountSharedTextForEachListenerWhenTwoHaveIt() throws Exception {
        SocketLimits sockets = new SocketLimits(10, 100, 64 << 20, 64 << 20);
        HttpListener one = start(null, limits(PATIENCE, sockets));
        HttpListener two = start(server.server(), limits(PATIENCE, sockets));
        byte[] nothing = new byte[0];
        SharedText shared = new SharedText(new byte[20 << 20]);
        try (RawWebSocket later = connect(two, true)) {
            try (RawWebSocket first = connect(one)) {
                await(() -> open.size() == 2);
                open.forEach(each -> {
                    assertThat(each.offer(nothing, new SharedText(new byte[20 << 20]), nothing))
                            .isTrue();
                    assertThat(each.offer(nothing, shared, nothing)).isTrue();
                });
                assertThat(one.queuedBytes()).isGreaterThan(20 << 20);
                assertThat(two.queuedBytes()).isGreaterThan(20 << 20);
                assertThat(first.socket.isClosed()).isFalse();
            }
            await(() -> one.queuedBytes() == 0);
            assertThat(two.queuedBytes()).isGreaterThan(20 << 20);
            assertThat(later.socket.isClosed()).isFalse();
        }
        await(() -> two.queuedBytes() == 0);
    }

    @Test
    void shouldCutClientsThatDoNotReadInTime() throws Exception {
        HttpListener listener =
                start(null, limits(Duration.ofMillis(300), PATIENCE, new SocketLimits(10, 100, 64 << 20, 64 << 20)));
        try (RawWebSocket raw = connect(listener)) {
            await(() -> open.size() == 1);
            SocketEndpoint.Socket socket = open.iterator().next();
            assertThat(socket.send(new byte[24 << 20])).isTrue();

            assertThat(closed.poll(20, TimeUnit.SECONDS)).isEqualTo("write");
            await(() -> listener.sockets() == 0);
            assertThat(raw.socket.isConnected()).isTrue();
        }
    }

    @Test
    void shouldPingAndEndConnectionsThatAreSilent() throws Exception {
        HttpListener listener = start(null, limits(PATIENCE, Duration.ofMillis(600), SocketLimits.defaults()));
        try (RawWebSocket silent = connect(listener);
                RawWebSocket alive = connect(listener)) {
            int pings = 0;
            for (Frame frame = alive.read(); pings < 8; frame = alive.read()) {
                assertThat(frame.opcode()).isEqualTo(RawWebSocket.PING);
                alive.frame(0x80 | RawWebSocket.PONG, new byte[0]);
                pings++;
            }
            assertThat(silent.next().opcode()).isEqualTo(-1);
            assertThat(listener.sockets()).isEqualTo(1);
        }
    }

    @Test
    void shouldEndConnectionsWhoseMessageNeverEnds() throws Exception {
        HttpListener listener = start(null, limits(Duration.ofMillis(300), PATIENCE, SocketLimits.defaults()));
        try (RawWebSocket raw = connect(listener)) {
            raw.frame(RawWebSocket.TEXT, new byte[1000]);

            assertThat(closed.poll(20, TimeUnit.SECONDS)).isEqualTo("body");
            assertThat(raw.next().opcode()).isEqualTo(-1);
        }
        await(() -> listener.heldBytes() == 0);
    }

    @Test
    void shouldAnswerMessagesBesideOneThatWaitsUpToABound() throws Exception {
        HttpListener listener = start(null, limits(PATIENCE, SocketLimits.defaults()));
        try (RawWebSocket raw = connect(listener)) {
            raw.text("wait");
            raw.text("quick");
            assertThat(raw.next().text()).isEqualTo("quick");
            for (int i = 0; i < 3 * SocketLimits.IN_WORK_MAX; i++) {
                raw.text("wait");
            }
            await(() -> atOnce.get() == SocketLimits.IN_WORK_MAX);
            release.countDown();
            for (int i = 0; i < 3 * SocketLimits.IN_WORK_MAX + 1; i++) {
                assertThat(raw.next().text()).isEqualTo("wait");
            }
        }
        assertThat(mostAtOnce.get()).isEqualTo(SocketLimits.IN_WORK_MAX);
    }

    @Test
    void shouldCloseWithoutDetailsWhenASessionFails() throws Exception {
        HttpListener listener = start(null, limits(PATIENCE, SocketLimits.defaults()));
        try (RawWebSocket raw = connect(listener)) {
            raw.text("fail");
            assertThat(raw.next()).isEqualTo(new Frame(RawWebSocket.CLOSE, "internal error", 1011));
            assertThat(closed.poll(20, TimeUnit.SECONDS)).isEqualTo("failed IllegalStateException");
        }
        await(() -> listener.sockets() == 0);
    }

    @Test
    void shouldForgetConnectionsWhoseSessionFailsAtItsEnd() throws Exception {
        HttpListener listener = start(null, limits(PATIENCE, SocketLimits.defaults()));
        failingAtEnd = true;
        try (RawWebSocket raw = connect(listener)) {
            raw.text("x");
            assertThat(raw.next().text()).isEqualTo("x");
        }
        await(() -> listener.sockets() == 0 && sessionsClosed.get() == 1);
    }

    @Test
    void shouldForgetConnectionsWhoseUpgradeCannotBeWritten() {
        HttpLimits limits = limits(PATIENCE, SocketLimits.defaults());
        try (Deadlines deadlines = new Deadlines(System::nanoTime)) {
            WebSockets sockets = new WebSockets(
                    settings(null),
                    limits,
                    deadlines,
                    new ByteBudget(1 << 20),
                    new QueuedBytes(),
                    new RateLimiter(RateLimit.NONE, System::nanoTime),
                    address -> {},
                    HttpObserver.NONE);
            WritableHeaders<?> headers = WritableHeaders.create();
            RawWebSocket.headers().forEach(line -> {
                int colon = line.indexOf(':');
                headers.add(HeaderNames.create(line.substring(0, colon)), line.substring(colon + 2));
            });
            HttpPrologue prologue = HttpPrologue.create("HTTP/1.1", "HTTP", "1.1", Method.GET, "/", false);

            assertThatThrownBy(() -> sockets.upgrade(broken(), prologue, headers))
                    .isInstanceOf(UncheckedIOException.class);
            assertThat(sockets.open()).isZero();
        }
    }

    /** A connection to a client that has gone. */
    private static ConnectionContext broken() {
        PeerInfo peer = fake(PeerInfo.class, name -> switch (name) {
            case "tlsCertificates" -> Optional.empty();
            default -> new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        });
        return fake(ConnectionContext.class, name -> switch (name) {
            case "remotePeer" -> peer;
            case "dataReader" -> new DataReader(() -> new byte[0]);
            default -> throw new UncheckedIOException(new IOException("gone"));
        });
    }

    private static <T> T fake(Class<T> type, Function<String, Object> answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answers.apply(method.getName())));
    }

    @Test
    void shouldTakeACallForEachMessageAndUpgrade() throws Exception {
        HttpListener listener = start(null, limits(PATIENCE, PATIENCE, SocketLimits.defaults(), new RateLimit(1, 50)));
        try (RawWebSocket raw = connect(listener)) {
            raw.text("quota");
            assertThat(raw.next().text()).isEqualTo("true");
            for (int i = 0; i < 200; i++) {
                raw.text("not a call");
                assertThat(raw.next().text()).isEqualTo("not a call");
            }
            int refused = 0;
            for (int i = 0; i < 20; i++) {
                raw.text("quota");
                refused += raw.next().text().equals("false") ? 1 : 0;
            }
            assertThat(refused).as("a call comes back each second").isPositive();
        }
        int tooMany = 0;
        for (int i = 0; i < 20; i++) {
            try (RawWebSocket raw = new RawWebSocket(socket(listener))) {
                tooMany += raw.upgrade("/", RawWebSocket.headers()).startsWith("HTTP/1.1 429") ? 1 : 0;
            }
        }
        assertThat(tooMany).isPositive();
        assertThat(((Quota) calls -> calls >= 0).afterOne().take(0))
                .as("takes nothing back")
                .isTrue();
    }

    private SocketRoute.Result ofWallet(Credentials credentials) {
        return credentials.token().equals("secret")
                        && credentials.authorization().isEmpty()
                ? new SocketRoute.Admitted(Caller.ANONYMOUS, standing::get)
                : new SocketRoute.Refused(new Endpoint.Reply(
                        401, "text/plain", "no such token".getBytes(StandardCharsets.UTF_8), Map.of()));
    }

    @Test
    void shouldLetInWhoseTokenIsInForceAndEndItWhenItIsNot() throws Exception {
        HttpListener listener = start(null, limits(PATIENCE, SocketLimits.defaults()));
        try (RawWebSocket wrong = new RawWebSocket(socket(listener))) {
            assertThat(wrong.upgrade("/wallet/other", RawWebSocket.headers())).startsWith("HTTP/1.1 401");
        }
        List<String> crossSite = RawWebSocket.headers();
        crossSite.add("Origin: https://evil.example");
        try (RawWebSocket page = new RawWebSocket(socket(listener))) {
            assertThat(page.upgrade("/wallet/secret", crossSite))
                    .as("a page of another site")
                    .startsWith("HTTP/1.1 403");
        }
        List<String> rebound = RawWebSocket.headers();
        rebound.set(0, "Host: evil.example");
        try (RawWebSocket page = new RawWebSocket(socket(listener))) {
            assertThat(page.upgrade("/wallet/secret", rebound))
                    .as("DNS rebinding")
                    .startsWith("HTTP/1.1 403");
        }
        try (RawWebSocket raw = new RawWebSocket(socket(listener))) {
            assertThat(raw.upgrade("/wallet/secret", RawWebSocket.headers())).startsWith("HTTP/1.1 101");
            raw.text("hello");
            assertThat(raw.next().text()).isEqualTo("hello");
            listener.judgeSocketCallers(PATIENCE);
            raw.text("still");
            assertThat(raw.next().text()).isEqualTo("still");

            standing.set(Standing.OVER);
            listener.judgeSocketCallers(PATIENCE);
            assertThat(raw.next()).isEqualTo(new Frame(RawWebSocket.CLOSE, "the session is over", 1008));
            assertThat(closed).contains("session").noneMatch(why -> why.contains("secret"));
        }
    }

    @Test
    void shouldTellACallerNothingWhileNobodyKnowsWhetherItIsInForce() throws Exception {
        HttpListener listener = start(null, limits(PATIENCE, SocketLimits.defaults()));
        try (RawWebSocket raw = heldBack(listener, "early")) {
            raw.frame(0x80 | RawWebSocket.PING, new byte[] {7});
            assertThat(raw.next().opcode()).as("before the message").isEqualTo(RawWebSocket.PONG);

            standing.set(Standing.IN_FORCE);
            listener.judgeSocketCallers(PATIENCE);
            assertThat(raw.next().text()).as("nothing is lost").isEqualTo("early");

            standing.set(Standing.UNCONFIRMED);
            listener.judgeSocketCallers(PATIENCE);
            raw.text("never");
            await(() -> listener.queuedBytes() > 0);
            listener.judgeSocketCallers(Duration.ZERO);
            assertThat(raw.next())
                    .as("and what is held back is not told at the end")
                    .isEqualTo(new Frame(RawWebSocket.CLOSE, "no majority confirms this node's state", 1013));
            assertThat(closed).contains("unconfirmed");
        }
    }

    @Test
    void shouldSayThatTheNodeGoesAway() throws Exception {
        HttpListener listener = start(null, limits(PATIENCE, SocketLimits.defaults()));
        try (RawWebSocket raw = connect(listener)) {
            raw.text("wait");
            await(() -> atOnce.get() == 1);
            Thread stopping = Thread.startVirtualThread(listener::stop);
            release.countDown();

            assertThat(raw.next().text()).as("what is in work is finished").isEqualTo("wait");
            assertThat(raw.next()).isEqualTo(new Frame(RawWebSocket.CLOSE, "stopping", 1001));
            raw.frame(0x80 | RawWebSocket.CLOSE, new byte[] {3, (byte) 0xe9});
            assertThat(raw.next().opcode()).isEqualTo(-1);
            assertThat(stopping.join(Duration.ofSeconds(20))).isTrue();
        }
    }

    @Test
    void shouldSayThatTheNodeGoesAwayInPlaceOfWhatIsHeldBack() throws Exception {
        HttpListener listener = start(null, limits(PATIENCE, SocketLimits.defaults()));
        try (RawWebSocket raw = heldBack(listener, "never")) {
            Thread stopping = Thread.startVirtualThread(listener::stop);

            assertThat(raw.next()).isEqualTo(new Frame(RawWebSocket.CLOSE, "stopping", 1001));
            raw.frame(0x80 | RawWebSocket.CLOSE, new byte[] {3, (byte) 0xe9});
            assertThat(stopping.join(Duration.ofSeconds(20))).isTrue();
        }
    }

    /** A connection of who has signed in, with an answer that nobody can confirm now. */
    private RawWebSocket heldBack(HttpListener listener, String text) throws Exception {
        RawWebSocket raw = new RawWebSocket(socket(listener));
        assertThat(raw.upgrade("/wallet/secret", RawWebSocket.headers())).startsWith("HTTP/1.1 101");
        standing.set(Standing.UNCONFIRMED);
        listener.judgeSocketCallers(PATIENCE);
        raw.text(text);
        await(() -> listener.queuedBytes() > 0);
        return raw;
    }

    private HttpListener start(@Nullable SSLContext tls, HttpLimits limits) {
        HttpListener listener = new HttpListener(settings(tls), limits, new HttpObserver() {
            @Override
            public void closed(String name, String why) {
                closed.add(why);
            }

            @Override
            public void failed(String name, String route, Throwable failure) {
                closed.add("failed " + failure.getClass().getSimpleName());
            }
        });
        listener.start();
        started.add(listener);
        return listener;
    }

    private ListenerSettings settings(@Nullable SSLContext tls) {
        return new ListenerSettings(
                "test",
                "127.0.0.1",
                0,
                tls,
                ClientCertificates.NONE,
                List.of(),
                List.of(
                        new SocketRoute("/", SocketRoute.Callers.ANONYMOUS, Echo::new),
                        new SocketRoute("/wallet/*", this::ofWallet, Echo::new)),
                List.of(),
                RULES,
                false);
    }

    private static HttpLimits limits(Duration patience, SocketLimits sockets) {
        return limits(patience, PATIENCE, sockets);
    }

    private static HttpLimits limits(Duration patience, Duration silence, SocketLimits sockets) {
        return limits(patience, silence, sockets, RateLimit.NONE);
    }

    private static HttpLimits limits(Duration patience, Duration silence, SocketLimits sockets, RateLimit rate) {
        return new HttpLimits(
                20,
                200,
                PATIENCE,
                PATIENCE,
                patience,
                silence,
                patience,
                8192,
                MESSAGE_BYTES_MAX,
                64 << 20,
                Duration.ofSeconds(10),
                sockets,
                rate);
    }

    private static Socket socket(HttpListener listener) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private RawWebSocket connect(HttpListener listener) throws IOException {
        return connect(listener, false);
    }

    private RawWebSocket connect(HttpListener listener, boolean encrypted) throws IOException {
        Socket plain = socket(listener);
        RawWebSocket raw = new RawWebSocket(
                encrypted
                        ? client.clientOf(server.certificate())
                                .getSocketFactory()
                                .createSocket(plain, "localhost", listener.port(), true)
                        : plain);
        assertThat(raw.upgrade("/", RawWebSocket.headers())).startsWith("HTTP/1.1 101");
        return raw;
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited too long").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }
}
