package coco.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.attestation.AttestationException;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a service of our own that answers as Azure's documentation says; it was not run against Azure. */
final class AzureMetadataTest {
    @Test
    void shouldHaveAQuoteMadeOfAReport() throws IOException {
        String[] asked = new String[1];
        byte[] quote = ask(200, "{\"quote\": \"_-8\"}", asked);
        assertThat(quote).containsExactly(0xff, 0xef);
        assertThat(asked[0]).isEqualTo("POST /acc/tdquote {\"report\":\"-_8\"}");
    }

    @Test
    void shouldFailByTypeWhenTheAnswerIsNone() {
        for (String answer : List.of("", "{", "[]", "{\"quote\": 1}", "{\"quote\": \"!\"}", "{\"other\": \"AA\"}")) {
            assertThatThrownBy(() -> ask(200, answer, new String[1]))
                    .as(answer)
                    .isInstanceOf(AttestationException.class)
                    .hasMessageContaining("gave no quote");
        }
        assertThatThrownBy(() -> ask(404, "{}", new String[1])).hasMessageContaining("status 404");
        String endless = "{\"quote\": \"" + "A".repeat(300_000) + "\"}";
        assertThatThrownBy(() -> ask(200, endless, new String[1])).isInstanceOf(AttestationException.class);
    }

    @Test
    @Timeout(30)
    void shouldNotWaitForAnAnswerThatNeverEnds() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
        });
        server.start();
        try {
            URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
            assertThatThrownBy(() -> new AzureMetadata(uri, Duration.ofMillis(300)).quote(new byte[1]))
                    .isInstanceOf(AttestationException.class)
                    .hasMessageContaining("HttpTimeoutException");
        } finally {
            server.stop(0);
        }
    }

    private static byte[] ask(int status, String answer, String[] asked) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            asked[0] = exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + new String(body, StandardCharsets.UTF_8);
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        try {
            URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
            return new AzureMetadata(uri, AzureMetadata.PATIENCE).quote(new byte[] {(byte) 0xfb, (byte) 0xff});
        } finally {
            server.stop(0);
        }
    }
}
