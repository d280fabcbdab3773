package coco.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class JsonRpcClientTest {
    private static final ClientLimits SMALL = new ClientLimits(Duration.ofSeconds(5), Duration.ofSeconds(5), 1_000);

    private final AtomicReference<String> lastRequest = new AtomicReference<>("");
    private HttpServer server;
    private @Nullable String status;
    private String reply = "";

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            lastRequest.set(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            if (status != null) {
                exchange.getResponseHeaders().add("Coco-Transaction-Status", status);
            }
            byte[] body = reply.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stopServer() {
        server.stop(0);
    }

    @Test
    void shouldGiveResultAndTransactionStatusWhenNodeAnswers() {
        reply = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x1\"}";
        status = "committed";

        RpcReply answer = client().call("eth_getBalance", "0xabc", "latest", null, List.of(1, true));

        assertThat(answer).isInstanceOfSatisfying(RpcReply.Result.class, result -> {
            assertThat(result.value().asString()).isEqualTo("0x1");
            assertThat(result.transactionStatus()).contains("committed");
        });
        assertThat(lastRequest.get())
                .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_getBalance\","
                        + "\"params\":[\"0xabc\",\"latest\",null,[1,true]]}");
    }

    @Test
    void shouldGiveFailureWhenNodeAnswersWithAnError() {
        reply =
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":3,\"message\":\"execution reverted\",\"data\":\"0x08\"}}";

        assertThat(client().call("eth_call")).isInstanceOfSatisfying(RpcReply.Failure.class, failure -> {
            assertThat(failure.code()).isEqualTo(3);
            assertThat(failure.message()).isEqualTo("execution reverted");
            assertThat(failure.data().asString()).isEqualTo("0x08");
        });
        assertThatExceptionOfType(ClientException.class)
                .isThrownBy(() -> client().result("eth_call"))
                .withMessageContaining("execution reverted");
    }

    @Test
    void shouldThrowClientExceptionWhenReplyIsNoJsonRpc() {
        for (String nonsense : List.of("", "<html>", "[]", "{}", "{\"id\":1}", "nul")) {
            reply = nonsense;
            assertThatExceptionOfType(ClientException.class).isThrownBy(() -> client().call("net_version"));
        }
    }

    @Test
    void shouldThrowClientExceptionWhenReplyExceedsTheLimit() {
        reply = "{\"result\":\"" + "x".repeat(2_000) + "\"}";

        assertThatExceptionOfType(ClientException.class).isThrownBy(() -> client().call("net_version"));
    }

    @Test
    void shouldThrowClientExceptionWhenNobodyListens() {
        URI url = url();
        server.stop(0);

        try (JsonRpcClient client = new JsonRpcClient(url)) {
            assertThatExceptionOfType(ClientException.class)
                    .isThrownBy(() -> client.call("net_version"))
                    .withMessageContaining("no connection");
        }
        server = restartable();
    }

    @Test
    void shouldThrowClientExceptionWhenBodyNeverEnds() throws IOException {
        CountDownLatch release = new CountDownLatch(1);
        HttpServer stalling = restartable();
        stalling.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        stalling.start();
        ClientLimits impatient = SMALL.withRequestTimeout(Duration.ofMillis(200));
        try (JsonRpcClient client = new JsonRpcClient(urlOf(stalling), null, impatient)) {
            assertThatExceptionOfType(ClientException.class)
                    .isThrownBy(() -> client.call("net_version"))
                    .withMessageContaining("within 200 ms");
        } finally {
            release.countDown();
            stalling.stop(0);
        }
    }

    private static HttpServer restartable() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonRpcClient client() {
        return new JsonRpcClient(url(), null, SMALL);
    }

    private URI url() {
        return urlOf(server);
    }

    private static URI urlOf(HttpServer server) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }
}
