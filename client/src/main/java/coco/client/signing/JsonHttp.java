package coco.client.signing;

import coco.client.ClientLimits;
import coco.governance.cose.SignerException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Requests to a cloud, answered in JSON: any number of hosts, the machine's list of authorities, no redirections (they
 * would carry tokens elsewhere), bounded in time and size. Failures name the address and never what was sent.
 */
final class JsonHttp implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "[::1]", "localhost");
    private static final int WORDS_MAX = 200;

    private final ClientLimits limits;
    private final HttpClient client;

    JsonHttp(ClientLimits limits) {
        this.limits = limits;
        this.client = HttpClient.newBuilder()
                .connectTimeout(limits.connectTimeout())
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /** Whether a URL stays on this machine, where plain HTTP does no harm. */
    static boolean isLoopback(URI url) {
        return url.getHost() != null && LOOPBACK.contains(url.getHost());
    }

    /** @param headers name, value, name, value, … */
    JsonNode get(URI url, String... headers) {
        return exchange(request(url, headers).GET().build());
    }

    JsonNode post(URI url, String contentType, String body, String... headers) {
        return exchange(request(url, headers)
                .header("Content-Type", contentType)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private static HttpRequest.Builder request(URI url, String... headers) {
        try {
            HttpRequest.Builder builder = HttpRequest.newBuilder(url);
            return headers.length == 0 ? builder : builder.headers(headers);
        } catch (IllegalArgumentException e) {
            // Not the cause: it may quote a header.
            throw new SignerException("cannot send a request to " + url.getHost());
        }
    }

    private JsonNode exchange(HttpRequest request) {
        String host = String.valueOf(request.uri().getHost());
        CompletableFuture<HttpResponse<byte[]>> exchange =
                client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), limits.maxReplyBytes()));
        try {
            HttpResponse<byte[]> reply = exchange.get(limits.requestTimeout().toNanos(), TimeUnit.NANOSECONDS);
            if (reply.statusCode() != 200) {
                throw new SignerException(host + " answered " + reply.statusCode() + " " + words(reply.body()));
            }
            return JSON.readTree(reply.body());
        } catch (JacksonException e) {
            throw new SignerException(host + " answered something else than JSON", e);
        } catch (TimeoutException e) {
            exchange.cancel(true);
            throw new SignerException(
                    host + " did not answer in " + limits.requestTimeout().toMillis() + " ms", e);
        } catch (ExecutionException e) {
            throw new SignerException("no answer from " + host + ": " + e.getCause(), e);
        } catch (InterruptedException e) {
            exchange.cancel(true);
            Thread.currentThread().interrupt();
            throw new SignerException("interrupted while waiting for " + host, e);
        }
    }

    /** A vault explains under {@code error.message}, a login under {@code error_description}. */
    private static String words(byte[] body) {
        try {
            JsonNode answer = JSON.readTree(body);
            String vault = answer.path("error").path("message").stringValue("");
            String words = vault.isEmpty() ? answer.path("error_description").stringValue("") : vault;
            String printable = words.replaceAll("[^ -~]+", " ");
            return printable.substring(0, Math.min(printable.length(), WORDS_MAX));
        } catch (JacksonException _) {
            return "without a reason";
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
