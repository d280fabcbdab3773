package coco.node.channel;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One question to another node, which may be anybody: its reply has a size, and a time that ends with its last byte.
 * HttpRequest's own timeout ends with the headers, so that whoever sends the rest byte by byte would hold the asker for
 * ever.
 */
public final class BoundedExchange {
    private BoundedExchange() {}

    /**
     * Asks, and waits for the whole reply.
     *
     * @throws IOException if there is none, or it is too long or too late
     */
    public static HttpResponse<byte[]> send(HttpClient http, HttpRequest request, int bytesMax, Duration timeout)
            throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> exchange =
                http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), bytesMax));
        try {
            return exchange.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new HttpTimeoutException("no whole reply within " + timeout.toSeconds() + " s");
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof IOException io ? io : new IOException(failed.getCause());
        } finally {
            exchange.cancel(true);
        }
    }
}
