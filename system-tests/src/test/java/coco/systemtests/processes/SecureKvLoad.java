package coco.systemtests.processes;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Writes keys of its own through whatever nodes there are, by TLS, and remembers which were acknowledged. It believes
 * any server: what clients have to verify is tested elsewhere, and here the service changes its identity meanwhile.
 */
final class SecureKvLoad implements AutoCloseable {
    private static final int WRITERS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    private final HttpClient http;
    private final Supplier<List<URI>> nodes;
    private final Map<String, String> acknowledged = new ConcurrentHashMap<>();
    private final AtomicBoolean running = new AtomicBoolean(true);
    private final List<Thread> writers = new ArrayList<>();
    private volatile String token = "";

    /** @param nodes where to send, asked before each write */
    SecureKvLoad(Supplier<List<URI>> nodes) {
        this.http = HttpClient.newBuilder()
                .sslContext(anyServer())
                .connectTimeout(PATIENCE)
                .build();
        this.nodes = nodes;
    }

    /** From now on asks for whoever has opened this session. */
    SecureKvLoad signedIn(String sessionToken) {
        token = sessionToken;
        return this;
    }

    private HttpRequest.Builder request(URI url) {
        HttpRequest.Builder request = HttpRequest.newBuilder(url).timeout(PATIENCE);
        return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
    }

    void start() {
        for (int writer = 0; writer < WRITERS; writer++) {
            String name = "load-" + writer + "-";
            writers.add(Thread.ofVirtual().start(() -> write(name)));
        }
    }

    private void write(String name) {
        for (int i = 0; running.get(); i++) {
            List<URI> to = nodes.get();
            String key = name + i;
            if (put(to.get(i % to.size()), key, key)) {
                acknowledged.put(key, key);
            }
        }
    }

    /** Whether this write was acknowledged. */
    boolean put(URI node, String key, String value) {
        HttpRequest request = request(node.resolve("/kv/" + key))
                .PUT(HttpRequest.BodyPublishers.ofString(value))
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException unanswered) {
            return false;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The answer to a GET; an empty text if there is none. */
    String get(URI url) {
        HttpRequest request =
                request(url).header("coco-consistency", "linearizable").build();
        try {
            HttpResponse<String> reply = http.send(request, HttpResponse.BodyHandlers.ofString());
            return reply.statusCode() == 200 ? reply.body() : "";
        } catch (IOException unanswered) {
            return "";
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    int count() {
        return acknowledged.size();
    }

    /** Waits until so many more writes were acknowledged than now. */
    void awaitMore(int more) {
        int goal = count() + more;
        ProcessNetwork.await(() -> count() >= goal, more + " more acknowledged writes");
    }

    void stop() throws InterruptedException {
        running.set(false);
        for (Thread writer : writers) {
            writer.join();
        }
    }

    /** Keys that were acknowledged and that this node does not have. */
    List<String> lostAt(URI node) {
        return acknowledged.keySet().stream()
                .filter(key -> !get(node.resolve("/kv/" + key)).equals(key))
                .sorted()
                .toList();
    }

    private static SSLContext anyServer() {
        try {
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(null, new TrustManager[] {new AnyServer()}, null);
            return context;
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }

    @Override
    public void close() {
        running.set(false);
        http.close();
    }

    private static final class AnyServer extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, java.net.Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, java.net.Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, javax.net.ssl.SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, javax.net.ssl.SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
