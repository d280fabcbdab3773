package coco.systemtests.fuzzing;

import static org.assertj.core.api.Assertions.assertThat;

import coco.ledgers.api.Endpoint;
import coco.node.http.BrowserRules;
import coco.node.http.HttpLimits;
import coco.node.http.HttpListener;
import coco.node.http.HttpObserver;
import coco.node.http.HttpRequest;
import coco.node.http.ListenerSettings;
import coco.node.http.ListenerSettings.ClientCertificates;
import coco.node.http.RateLimit;
import coco.node.http.Route;
import coco.node.http.SocketLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A listener on a loopback socket, and clients that speak HTTP nearly right: spoiled requests of HTTP/1.1 and HTTP/2,
 * and requests put together out of odd parts. Each connection ends in time, no request is counted as this side's fault,
 * and no answer tells of the inside.
 */
class HttpFuzzTest {
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3})");
    private static final int PATIENCE_MILLIS = 10_000;
    private static final HttpLimits LIMITS = new HttpLimits(
            256,
            256,
            Duration.ofSeconds(2),
            Duration.ofSeconds(2),
            Duration.ofSeconds(2),
            Duration.ofSeconds(2),
            Duration.ofSeconds(2),
            4 * 1024,
            16 * 1024,
            16 << 20,
            Duration.ofSeconds(1),
            SocketLimits.defaults(),
            RateLimit.NONE);

    private final Queue<Throwable> faults = new ConcurrentLinkedQueue<>();
    private final HttpListener listener = new HttpListener(
            new ListenerSettings(
                    "fuzz",
                    "127.0.0.1",
                    0,
                    null,
                    ClientCertificates.NONE,
                    List.of(
                            new Route("POST", "/", HttpFuzzTest::echo),
                            new Route("GET", "/echo/*", HttpFuzzTest::echo),
                            new Route("PUT", "/echo/*", HttpFuzzTest::echo)),
                    new BrowserRules(Set.of("localhost"), Set.of("http://here")),
                    true),
            LIMITS,
            new HttpObserver() {
                @Override
                public void failed(String name, String route, Throwable failure) {
                    faults.add(failure);
                }
            });

    private static Endpoint.Reply echo(HttpRequest request) {
        String text = request.rest().length() + " " + request.query().size() + " " + request.body().length;
        return new Endpoint.Reply(200, "text/plain", text.getBytes(StandardCharsets.US_ASCII), Map.of());
    }

    @BeforeEach
    void start() {
        listener.start();
    }

    @AfterEach
    void stop() {
        listener.stop();
    }

    @Test
    void shouldAnswerOrCloseWhenRequestsAreSpoiled() throws Exception {
        String host = "Host: localhost";
        List<byte[]> corpus = new ArrayList<>(List.of(
                lines("GET /echo/a%20b?x=1&y=%C3%A9 HTTP/1.1", host, "Accept: */*", "", ""),
                lines("POST / HTTP/1.1", host, "Content-Length: 11", "", "{'id': 123}"),
                lines(
                        "PUT /echo/k?id=7 HTTP/1.1",
                        host,
                        "Transfer-Encoding: chunked",
                        "",
                        "5",
                        "hello",
                        "6;x=y",
                        " world",
                        "0",
                        "Trailer: z",
                        "",
                        ""),
                lines("OPTIONS / HTTP/1.1", host, "Origin: http://here", "Access-Control-Request-Method: POST", "", ""),
                lines("POST / HTTP/1.1", host, "Content-Length: 3", "Expect: 100-continue", "", "abc"),
                lines(
                        "GET /echo/ HTTP/1.1",
                        host,
                        "Upgrade: h2c",
                        "Connection: Upgrade, HTTP2-Settings",
                        "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA",
                        "",
                        ""),
                lines("GET /echo/ HTTP/1.1", host, "", "GET /echo/2 HTTP/1.1", host, "", "")));
        corpus.add(http2());
        Fuzz.run("HTTP", 400, random -> check(new Mutator(random, corpus).next()));
        assertStillServing();
    }

    @Test
    void shouldAnswerOrCloseWhenRequestsAreMadeOfOddParts() throws Exception {
        Fuzz.run("HTTP parts", 400, random -> check(oddRequest(random)));
        assertStillServing();
    }

    private void check(byte[] request) throws IOException {
        String answer = exchange(request);
        assertThat(faults).as("faults of the listener").isEmpty();
        assertThat(answer).doesNotContain("Exception", "coco.", "java.", "at io.", "helidon");
        Matcher status = STATUS.matcher(answer);
        while (status.find()) {
            assertThat(Integer.parseInt(status.group(1)))
                    .isIn(100, 101, 200, 204, 400, 403, 404, 405, 408, 413, 414, 415, 417, 431, 501, 505);
        }
    }

    private void assertStillServing() throws IOException {
        assertThat(exchange(lines("GET /echo/abc HTTP/1.1", "Host: localhost", "Connection: close", "", "")))
                .startsWith("HTTP/1.1 200")
                .endsWith("3 0 0");
        assertThat(listener.connections()).isLessThan(50);
    }

    /** Everything that comes back until the connection ends, which has to be soon. */
    private String exchange(byte[] request) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.port())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(request);
            socket.shutdownOutput();
            byte[] buffer = new byte[8192];
            for (int n = socket.getInputStream().read(buffer);
                    n >= 0;
                    n = socket.getInputStream().read(buffer)) {
                answer.write(buffer, 0, n);
            }
        } catch (SocketTimeoutException hanging) {
            throw new AssertionError("the connection stayed open", hanging);
        } catch (IOException reset) {
            // A reset is an end too.
            return answer.toString(StandardCharsets.ISO_8859_1);
        }
        return answer.toString(StandardCharsets.ISO_8859_1);
    }

    private static String oddTarget(Random random) {
        return pick(
                random,
                "/",
                "/echo/",
                "/echo/%",
                "/echo/%zz",
                "/echo/%ff",
                "/echo/%c0%af",
                "/echo/%00",
                "/echo/a?%",
                "/echo/?a=%zz",
                "/echo/?=&&=",
                "/echo/?a=%ff",
                "//",
                "/../x",
                "/echo/..%2f..",
                "*",
                "http://localhost/echo/",
                "/echo/" + "a".repeat(5_000),
                "/echo/?" + "a=b&".repeat(900),
                "/echo/a;b=c",
                "/echo/#f",
                "/écho",
                "?",
                "");
    }

    private static String oddHeader(Random random) {
        return pick(
                random,
                "Content-Length: 3",
                "Content-Length: -1",
                "Content-Length: 99999999999999999999",
                "Content-Length: 3, 4",
                "Content-Length: x",
                "Content-Length: 2147483648",
                "Content-Length: 16385",
                "Transfer-Encoding: chunked",
                "Transfer-Encoding: gzip, chunked",
                "Transfer-Encoding: x",
                "Content-Encoding: gzip",
                "Expect: 100-continue",
                "Expect: x",
                "Origin: http://here",
                "Origin: null",
                "Origin:",
                "Accept-Encoding: gzip",
                "Connection: close",
                "Connection: upgrade",
                "Upgrade: h2c",
                "Coco-Consistency: linearizable",
                "X: " + "y".repeat(5_000),
                ": nameless",
                "no colon",
                "é: ü",
                "Access-Control-Request-Headers: \u007f",
                "X-Forwarded-For: 1",
                "Cookie: a=b; c",
                " folded");
    }

    private static byte[] oddRequest(Random random) {
        String target = oddTarget(random);
        List<String> lines = new ArrayList<>();
        lines.add(pick(
                        random,
                        "GET",
                        "POST",
                        "PUT",
                        "DELETE",
                        "get",
                        "TRACE",
                        "CONNECT",
                        "OPTIONS",
                        "X".repeat(300),
                        "G\u0000T",
                        "")
                + " " + target
                + pick(random, " HTTP/1.1", " HTTP/1.1", " HTTP/1.1", " HTTP/1.0", " HTTP/9.9", "", " HTTP/1.1 x"));
        if (random.nextInt(10) > 0) {
            lines.add("Host: "
                    + pick(random, "localhost", "localhost", "localhost:80", "", "[::1", "evil", "localhost, x"));
        }
        for (int headers = random.nextInt(4); headers > 0; headers--) {
            lines.add(oddHeader(random));
        }
        lines.add("");
        lines.add(pick(
                random,
                "",
                "abc",
                "3\r\nabc\r\n0\r\n\r\n",
                "-1\r\n",
                "ffffffffffffffffff\r\nabc",
                "zz\r\n",
                "7fffffff\r\nabc",
                "3\r\nabcdef\r\n0\r\n\r\n",
                "0\r\n",
                "3;" + "x".repeat(20_000) + "\r\nabc",
                "b".repeat(20_000)));
        return String.join("\r\n", lines).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String pick(Random random, String... values) {
        return values[random.nextInt(values.length)];
    }

    /** Preface, settings, a window update, a ping, and GET /echo/ on stream 1 (RFC 9113, RFC 7541). */
    private static byte[] http2() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(lines("PRI * HTTP/2.0", "", "SM", "", ""));
        HexFormat hex = HexFormat.of();
        out.writeBytes(hex.parseHex("000006040000000000" + "000300000064"));
        out.writeBytes(hex.parseHex("000004080000000000" + "0000ffff"));
        out.writeBytes(hex.parseHex("000008060000000000" + "0102030405060708"));
        byte[] path = ascii("/echo/");
        byte[] authority = ascii("localhost");
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.writeBytes(new byte[] {(byte) 0x82, (byte) 0x86, 0x04, (byte) path.length});
        block.writeBytes(path);
        block.writeBytes(new byte[] {0x01, (byte) authority.length});
        block.writeBytes(authority);
        out.writeBytes(new byte[] {0, 0, (byte) block.size(), 1, 5, 0, 0, 0, 1});
        out.writeBytes(block.toByteArray());
        return out.toByteArray();
    }

    private static byte[] lines(String... lines) {
        return ascii(String.join("\r\n", lines));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
