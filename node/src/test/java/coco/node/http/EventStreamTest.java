package coco.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import coco.ledgers.api.Caller;
import coco.ledgers.api.EventEndpoint;
import coco.ledgers.api.EventEndpoint.Event;
import coco.ledgers.api.SharedText;
import coco.node.http.ListenerSettings.ClientCertificates;
import coco.node.tls.TestIdentity;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams of server-sent events with clients that listen, and some that do not. */
@Timeout(60)
final class EventStreamTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TestIdentity server = TestIdentity.of("server");
    private final TestIdentity client = TestIdentity.of("client");
    private final Set<EventEndpoint.Stream> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger over = new AtomicInteger();
    private final LinkedBlockingQueue<String> closed = new LinkedBlockingQueue<>();
    private final List<HttpListener> started = new ArrayList<>();
    private volatile boolean admitting = true;

    @AfterEach
    void stop() {
        started.forEach(HttpListener::stop);
    }

    @Test
    void shouldSendEventsAsTheyHappenAndWhatWasMissedFirst() throws Exception {
        HttpListener listener = start(PATIENCE, SocketLimits.defaults(), 100, server.server());
        try (HttpClient http = HttpClient.newBuilder()
                .sslContext(client.clientOf(server.certificate()))
                .build()) {
            HttpResponse<InputStream> reply = http.send(
                    HttpRequest.newBuilder(URI.create("https://localhost:" + listener.port() + "/events?of=all"))
                            .header("Last-Event-ID", "6")
                            .build(),
                    BodyHandlers.ofInputStream());
            assertThat(reply.statusCode()).isEqualTo(200);
            assertThat(reply.headers().firstValue("content-type")).hasValue("text/event-stream");
            assertThat(reply.headers().firstValue("cache-control")).hasValue("no-store");
            await(() -> open.size() == 1);
            open.forEach(stream ->
                    assertThat(stream.offer(event("8", "{\"grüße\":1}"))).isTrue());

            BufferedReader in = new BufferedReader(new InputStreamReader(reply.body(), StandardCharsets.UTF_8));
            assertThat(lines(in, 8))
                    .containsExactly(
                            ":",
                            "",
                            "id: 7",
                            "event: opened",
                            "data: \"after 6 of all for CN=client\"",
                            "",
                            "id: 8",
                            "event: news");
            assertThat(lines(in, 2)).containsExactly("data: {\"grüße\":1}", "");
            assertThat(listener.streams()).isEqualTo(1);
            open.forEach(EventEndpoint.Stream::close);
            assertThat(in.readLine()).isNull();
        }
        await(() -> over.get() == 1 && listener.streams() == 0 && listener.queuedBytes() == 0);
        assertThat(closed).isEmpty();
    }

    @Test
    void shouldOutliveTheReadTimeoutByComments() throws Exception {
        HttpListener listener = start(Duration.ofMillis(900), SocketLimits.defaults(), 100);
        try (Socket socket = connect(listener)) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            long start = System.nanoTime();
            int comments = 0;
            while (comments < 7) {
                String line = in.readLine();
                assertThat(line).isNotNull();
                comments += line.equals(":") ? 1 : 0;
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(1500));
        }
        await(() -> over.get() == 1 && listener.streams() == 0);
    }

    @Test
    void shouldCutClientsThatDoNotRead() throws Exception {
        HttpListener listener = start(PATIENCE, new SocketLimits(10, 50, 1 << 20, 64 << 20), 100);
        try (Socket deaf = connect(listener)) {
            deaf.setReceiveBufferSize(4096);
            await(() -> open.size() == 1);
            Event large = event("1", "\"" + "x".repeat(200_000) + "\"");
            EventEndpoint.Stream stream = open.iterator().next();
            int taken = 0;
            while (stream.offer(large)) {
                assertThat(++taken).isLessThan(10_000);
            }
            assertThat(closed.poll(20, TimeUnit.SECONDS)).isEqualTo("slow");
            await(() -> over.get() == 1 && listener.streams() == 0 && listener.queuedBytes() == 0);
            assertThat(stream.offer(large)).isFalse();
        }
    }

    @Test
    void shouldRefuseOneStreamTooManyAndNotCountThoseThatEnded() throws Exception {
        HttpListener listener = start(PATIENCE, SocketLimits.defaults(), 8);
        try (Socket one = connect(listener);
                Socket two = connect(listener)) {
            await(() -> open.size() == 2);
            try (Socket three = connect(listener)) {
                assertThat(status(three)).isEqualTo("HTTP/1.1 503 Service Unavailable");
            }
            assertThat(one.isConnected() && two.isConnected()).isTrue();
            open.forEach(EventEndpoint.Stream::close);
            await(() -> listener.streams() == 0);
            try (Socket four = connect(listener)) {
                assertThat(status(four)).isEqualTo("HTTP/1.1 200 OK");
            }
        }
    }

    @Test
    void shouldSendNothingMoreToWhomIsNoLongerAdmitted() throws Exception {
        HttpListener listener = start(PATIENCE, SocketLimits.defaults(), 100);
        try (Socket socket = connect(listener)) {
            await(() -> open.size() == 1);
            admitting = false;
            open.forEach(stream -> stream.offer(event("9", "\"secret\"")));
            String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(all).contains("text/event-stream").doesNotContain("secret");
        }
        try (Socket socket = connect(listener)) {
            assertThat(status(socket)).isEqualTo("HTTP/1.1 403 Forbidden");
        }
    }

    @Test
    void shouldEndStreamsAtAStop() throws Exception {
        HttpListener listener = start(PATIENCE, SocketLimits.defaults(), 100);
        try (Socket socket = connect(listener)) {
            await(() -> open.size() == 1);
            long begun = System.nanoTime();
            listener.stop();
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(4));
            assertThat(over).hasValue(1);
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .endsWith("0\r\n\r\n");
        }
    }

    @Test
    void shouldResetTheConnectionWhenAStreamCannotBegin() throws Exception {
        HttpListener listener = start(PATIENCE, SocketLimits.defaults(), 100);
        try (Socket socket = connect(listener, "/broken")) {
            assertThat(socket.isConnected()).isTrue();
            assertThat(closed.poll(20, TimeUnit.SECONDS)).isEqualTo("failed");
            await(() -> listener.streams() == 0);
        }
    }

    private Runnable listen(EventEndpoint.Opening opening, EventEndpoint.Stream stream) {
        String who = opening.caller() instanceof Caller.User user
                ? new String(user.address(), StandardCharsets.UTF_8)
                : "nobody";
        if (opening.lastEventId() != null) {
            String words = "\"after " + opening.lastEventId() + " of "
                    + opening.query().get("of") + " for " + who + "\"";
            stream.offer(new Event("7", "opened", text(words)));
        }
        open.add(stream);
        return () -> {
            open.remove(stream);
            over.incrementAndGet();
        };
    }

    private HttpListener start(Duration readTimeout, SocketLimits sockets, int requests) {
        return start(readTimeout, sockets, requests, null);
    }

    private HttpListener start(Duration readTimeout, SocketLimits sockets, int requests, @Nullable SSLContext tls) {
        HttpLimits standard = HttpLimits.defaults();
        HttpLimits limits = new HttpLimits(
                100,
                requests,
                standard.handshakeTimeout(),
                standard.headTimeout(),
                standard.bodyTimeout(),
                readTimeout,
                standard.writeTimeout(),
                standard.maxHeaderBytes(),
                64 << 10,
                standard.maxBufferedBytes(),
                standard.shutdownGrace(),
                sockets,
                RateLimit.NONE);
        ListenerSettings settings = new ListenerSettings(
                "test",
                "127.0.0.1",
                0,
                tls,
                tls == null ? ClientCertificates.NONE : ClientCertificates.OPTIONAL,
                List.of(),
                List.of(),
                List.of(route("/events", this::listen), route("/broken", (opening, stream) -> {
                    throw new IllegalStateException("planted-secret");
                })),
                BrowserRules.NO_BROWSERS,
                true);
        HttpObserver observer = new HttpObserver() {
            @Override
            public void closed(String name, String why) {
                closed.add(why);
            }
        };
        HttpListener listener = new HttpListener(settings, limits, observer);
        listener.start();
        started.add(listener);
        return listener;
    }

    private EventRoute route(String path, EventEndpoint.Acceptor acceptor) {
        return new EventRoute(
                path,
                peer -> admitting,
                peer -> peer == null
                        ? Caller.ANONYMOUS
                        : new Caller.User(
                                "x", peer.getSubjectX500Principal().getName().getBytes(StandardCharsets.UTF_8)),
                acceptor);
    }

    private static Socket connect(HttpListener listener) throws IOException {
        return connect(listener, "/events");
    }

    private static Socket connect(HttpListener listener, String path) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.port());
        socket.setSoTimeout(20_000);
        String head = String.join("\r\n", "GET " + path + " HTTP/1.1", "Host: x", "", "");
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String status(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8)).readLine();
    }

    private static List<String> lines(BufferedReader in, int count) throws IOException {
        List<String> lines = new ArrayList<>();
        while (lines.size() < count) {
            lines.add(in.readLine());
        }
        return lines;
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            Thread.sleep(5);
        }
    }

    private static Event event(String id, String data) {
        return new Event(id, "news", text(data));
    }

    private static SharedText text(String data) {
        return new SharedText(data.getBytes(StandardCharsets.UTF_8));
    }
}
