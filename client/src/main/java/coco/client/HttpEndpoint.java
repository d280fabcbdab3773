package coco.client;

import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** One node's HTTP server: whole requests, whole replies, bounded in time and size. */
final class HttpEndpoint implements AutoCloseable {
    private final URI base;
    private final ClientLimits limits;
    private final HttpClient client;

    HttpEndpoint(URI base, @Nullable SSLContext tls, ClientLimits limits) {
        this.base = base;
        this.limits = limits;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .connectTimeout(limits.connectTimeout())
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER);
        if (tls != null) {
            builder.sslContext(tls);
        }
        this.client = builder.build();
    }

    URI base() {
        return base;
    }

    HttpResponse<byte[]> get(String path) {
        return exchange(request(path).GET().build());
    }

    HttpResponse<byte[]> post(String path, byte[] json) {
        return post(path, "application/json", json);
    }

    HttpResponse<byte[]> post(String path, String contentType, byte[] body) {
        return exchange(request(path)
                .header("Content-Type", contentType)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build());
    }

    HttpResponse<byte[]> send(String method, String path, Map<String, String> headers, byte[] json) {
        HttpRequest.Builder request = request(path).header("Content-Type", "application/json");
        headers.forEach(request::header);
        return exchange(request.method(method, HttpRequest.BodyPublishers.ofByteArray(json))
                .build());
    }

    /**
     * An answer that goes on: its lines, as they come. Bounded in time up to its head only; closing the stream ends it.
     */
    HttpResponse<Stream<String>> lines(String path, Map<String, String> headers) {
        HttpRequest.Builder request = request(path).GET();
        headers.forEach(request::header);
        return exchange(request.build(), BodyHandlers.ofLines());
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    private HttpRequest.Builder request(String path) {
        URI target = path.isEmpty() ? base : base.resolve(path);
        return HttpRequest.newBuilder(target);
    }

    private HttpResponse<byte[]> exchange(HttpRequest request) {
        return exchange(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), limits.maxReplyBytes()));
    }

    private <T> HttpResponse<T> exchange(HttpRequest request, BodyHandler<T> body) {
        // The future is bounded rather than the request: HttpRequest's own
        // timeout ends when the reply's headers are in.
        CompletableFuture<HttpResponse<T>> exchange = client.sendAsync(request, body);
        try {
            return exchange.get(limits.requestTimeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            exchange.cancel(true);
            throw new ClientException(
                    "no reply from " + request.uri() + " within "
                            + limits.requestTimeout().toMillis() + " ms",
                    e);
        } catch (ExecutionException e) {
            throw new ClientException(describe(request, e.getCause() == null ? e : e.getCause()), e);
        } catch (InterruptedException e) {
            exchange.cancel(true);
            Thread.currentThread().interrupt();
            throw new ClientException("interrupted while waiting for " + request.uri(), e);
        }
    }

    private String describe(HttpRequest request, Throwable cause) {
        if (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException) {
            return "no connection to " + request.uri();
        }
        return "no reply from " + request.uri() + ": " + cause.getMessage();
    }
}
