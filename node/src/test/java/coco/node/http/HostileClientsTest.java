package coco.node.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.ledgers.api.Endpoint.Reply;
import coco.node.http.ListenerSettings.ClientCertificates;
import coco.node.tls.TestIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that would like a listener to hold more than it can: bodies, answers, connections. */
@Timeout(60)
final class HostileClientsTest {
    private static final int KIB = 1024;
    private static final int BODY_BYTES = 1024 * KIB;
    private static final int LARGE_BYTES = 24 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration IMPATIENCE = Duration.ofMillis(300);

    private final TestIdentity server = TestIdentity.of("server");
    private final TestIdentity admitted = TestIdentity.of("admitted");
    private final TestIdentity stranger = TestIdentity.of("stranger");
    private final byte[] large = new byte[LARGE_BYTES];
    private final LinkedBlockingQueue<String> closed = new LinkedBlockingQueue<>();
    private final List<HttpListener> started = new ArrayList<>();

    @AfterEach
    void stop() {
        started.forEach(HttpListener::stop);
    }

    @Test
    void shouldRefuseBodiesThatDoNotFitIntoMemoryAndTakeThemLater() throws Exception {
        HttpListener listener = start(null, ClientCertificates.NONE, limits(PATIENCE, 2L * BODY_BYTES));
        byte[] most = new byte[900 * KIB];
        try (Socket waiting = connect(listener);
                HttpClient http = HttpClient.newHttpClient()) {
            waiting.getOutputStream().write(head("POST /count", "Content-Length: " + most.length));
            waiting.getOutputStream().write(most, 0, most.length - 1);
            await(() -> listener.heldBytes() >= 900 * KIB);

            assertThat(post(http, listener, new byte[600 * KIB])).isEqualTo(503);
            assertThat(closed.poll(20, TimeUnit.SECONDS)).isEqualTo("memory");
            assertThat(post(http, listener, new byte[100 * KIB]))
                    .as("small ones have the other half")
                    .isEqualTo(200);

            waiting.getOutputStream().write(1);
            assertThat(firstLine(waiting)).isEqualTo("HTTP/1.1 200 OK");
            assertThat(post(http, listener, new byte[600 * KIB])).isEqualTo(200);
        }
        await(() -> listener.heldBytes() == 0);
    }

    @Test
    void shouldGiveBackTheMemoryOfBodiesThatNeverCame() throws Exception {
        HttpListener listener = start(null, ClientCertificates.NONE, limits(Duration.ofSeconds(2), 4L * BODY_BYTES));
        for (int i = 0; i < 3; i++) {
            try (Socket stalled = connect(listener)) {
                try (Socket gone = connect(listener)) {
                    for (Socket socket : List.of(stalled, gone)) {
                        socket.getOutputStream().write(head("POST /count", "Content-Length: " + 400 * KIB));
                        socket.getOutputStream().write(new byte[300 * KIB]);
                    }
                    await(() -> listener.heldBytes() >= 600 * KIB);
                }
                assertThat(firstLine(stalled)).as("cut off").isEmpty();
                assertThat(closed.poll(20, TimeUnit.SECONDS)).isEqualTo("body");
            }
            await(() -> listener.heldBytes() == 0);
        }
        try (HttpClient http = HttpClient.newHttpClient()) {
            assertThat(post(http, listener, new byte[BODY_BYTES])).isEqualTo(200);
            assertThat(post(http, listener, new byte[BODY_BYTES + 1])).isEqualTo(413);
        }
    }

    @Test
    void shouldJudgeTheCertificateBeforeAnythingOfTheBodyIsRead() throws Exception {
        HttpListener listener = start(server.server(), ClientCertificates.OPTIONAL, limits(PATIENCE, 2L * BODY_BYTES));
        byte[] head = head("POST /admitted", "Content-Length: " + 900 * KIB);
        try (Socket unknown = connect(listener, stranger.clientOf(server.certificate()));
                Socket known = connect(listener, admitted.clientOf(server.certificate()))) {
            unknown.getOutputStream().write(head);
            assertThat(firstLine(unknown)).isEqualTo("HTTP/1.1 403 Forbidden");
            // The answer itself is held until it is written, which its reader may see before the writer does.
            await(() -> listener.heldBytes() == 0);

            known.getOutputStream().write(head);
            known.getOutputStream().write(new byte[900 * KIB]);
            assertThat(firstLine(known)).isEqualTo("HTTP/1.1 200 OK");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldCutOffClientsThatDoNotReadTheirAnswer(boolean encrypted) throws Exception {
        new Random(7).nextBytes(large);
        HttpListener listener =
                start(encrypted ? server.server() : null, ClientCertificates.NONE, limits(IMPATIENCE, 100L << 20));
        try (Socket deaf = encrypted ? connect(listener, stranger.clientOf(server.certificate())) : connect(listener)) {
            deaf.getOutputStream().write(head("GET /large", "Accept: */*"));

            assertThat(closed.poll(20, TimeUnit.SECONDS)).isEqualTo("write");
            await(() -> listener.connections() == 0);
            await(() -> listener.heldBytes() == 0);
        }
    }

    @Test
    void shouldCutOffClientsThatGiveNoRoomForTheirAnswerOverHttp2() throws Exception {
        HttpListener listener = start(server.server(), ClientCertificates.NONE, limits(IMPATIENCE, 100L << 20));
        try (HttpClient http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_2)
                        .sslContext(stranger.clientOf(server.certificate()))
                        .build();
                InputStream unread = http.send(
                                java.net.http.HttpRequest.newBuilder(
                                                URI.create("https://localhost:" + listener.port() + "/large"))
                                        .build(),
                                BodyHandlers.ofInputStream())
                        .body()) {
            assertThat(closed.poll(20, TimeUnit.SECONDS)).isEqualTo("write");
            await(() -> listener.connections() == 0);
            await(() -> listener.heldBytes() == 0);
            assertThatThrownBy(unread::readAllBytes).isInstanceOf(IOException.class);
        }
    }

    @Test
    void shouldLetSlowReadersHaveTheirAnswerWithinTheTime() throws Exception {
        new Random(7).nextBytes(large);
        HttpListener listener = start(null, ClientCertificates.NONE, limits(PATIENCE, 100L << 20));
        try (Socket slow = connect(listener)) {
            slow.getOutputStream().write(head("GET /large", "Connection: close"));
            // As long as the impatient listener of the test above would have waited.
            assertThat(closed.poll(2 * IMPATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                    .isNull();

            assertThat(slow.getInputStream().readAllBytes().length).isGreaterThan(LARGE_BYTES);
        }
        assertThat(closed).isEmpty();
    }

    @Test
    void shouldAnswerBusyInsteadOfALargeAnswerThatDoesNotFit() throws Exception {
        HttpListener listener = start(null, ClientCertificates.NONE, limits(PATIENCE, 40L << 20));
        try (HttpClient http = HttpClient.newHttpClient()) {
            var reply = http.send(
                    java.net.http.HttpRequest.newBuilder(uri(listener, "/large"))
                            .build(),
                    BodyHandlers.ofByteArray());

            assertThat(reply.statusCode()).isEqualTo(503);
            assertThat(reply.headers().firstValue("retry-after")).hasValue("1");
        }
        await(() -> listener.heldBytes() == 0);
    }

    @Test
    void shouldLeaveHalfOfABudgetToWhatIsSmall() {
        ByteBudget budget = new ByteBudget(4L * ByteBudget.SMALL_BYTES);

        long small = ByteBudget.SMALL_BYTES;
        assertThat(budget.take(2 * small, 2 * small)).isTrue();
        assertThat(budget.take(1, small + 1)).isFalse();
        assertThat(budget.take(small, small)).isTrue();
        assertThat(budget.take(small, small)).isTrue();
        assertThat(budget.take(1, 1)).isFalse();
        budget.add(5);
        budget.give(5 + 4 * small);
        assertThat(budget.held()).isZero();
    }

    private HttpListener start(@Nullable SSLContext tls, ClientCertificates clients, HttpLimits limits) {
        List<Route> routes = List.of(
                new Route("POST", "/count", request -> plain(Integer.toString(request.body().length))),
                new Route("GET", "/large", request -> new Reply(200, "application/octet-stream", large, Map.of())),
                new Route("POST", "/admitted", admitted.certificate()::equals, request -> plain("welcome")));
        HttpListener listener = new HttpListener(
                new ListenerSettings("test", "127.0.0.1", 0, tls, clients, routes, BrowserRules.NO_BROWSERS, true),
                limits,
                new HttpObserver() {
                    @Override
                    public void closed(String name, String why) {
                        closed.add(why);
                    }
                });
        listener.start();
        started.add(listener);
        return listener;
    }

    private static HttpLimits limits(Duration patience, long bufferedBytes) {
        return new HttpLimits(
                20,
                50,
                PATIENCE,
                PATIENCE,
                patience,
                PATIENCE,
                patience,
                8 * KIB,
                BODY_BYTES,
                bufferedBytes,
                Duration.ofSeconds(10),
                SocketLimits.defaults(),
                RateLimit.NONE);
    }

    private static Reply plain(String text) {
        return new Reply(200, "text/plain", text.getBytes(StandardCharsets.US_ASCII), Map.of());
    }

    private static int post(HttpClient http, HttpListener listener, byte[] body)
            throws IOException, InterruptedException {
        return http.send(
                        java.net.http.HttpRequest.newBuilder(uri(listener, "/count"))
                                .POST(BodyPublishers.ofByteArray(body))
                                .build(),
                        BodyHandlers.discarding())
                .statusCode();
    }

    private static URI uri(HttpListener listener, String path) {
        return URI.create("http://127.0.0.1:" + listener.port() + path);
    }

    private static byte[] head(String request, String header) {
        return String.join("\r\n", request + " HTTP/1.1", "Host: x", header, "", "")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static Socket connect(HttpListener listener) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static Socket connect(HttpListener listener, SSLContext context) throws IOException {
        Socket socket = context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), listener.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static String firstLine(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\r'; c = in.read()) {
            line.append((char) c);
        }
        return line.toString();
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited too long").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }
}
