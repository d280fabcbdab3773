package coco.cli.demo.compare;

import coco.cli.console.CliException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The news of one node's blocks ({@code newHeads}), with the time at which they came. */
final class SocketHeads implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final String SUBSCRIBE =
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[\"newHeads\"]}";

    private final WebSocket socket;

    private SocketHeads(WebSocket socket) {
        this.socket = socket;
    }

    /** Hears of blocks. */
    @FunctionalInterface
    interface Listener {
        void block(long number, long seenNanos);
    }

    /**
     * Subscribes, and waits until the node has said that it is done.
     *
     * @param broken hears why there will be no more news
     * @throws CliException the node does not answer
     */
    static SocketHeads open(
            HttpClient client, URI node, LongSupplier nanoClock, Listener listener, Consumer<String> broken) {
        CompletableFuture<Void> subscribed = new CompletableFuture<>();
        URI url = URI.create(node.toString().replaceFirst("^http", "ws"));
        try {
            WebSocket socket = client.newWebSocketBuilder()
                    .connectTimeout(CONNECT)
                    .buildAsync(url, new Messages(nanoClock, listener, broken, subscribed))
                    .join();
            socket.sendText(SUBSCRIBE, true).join();
            subscribed.orTimeout(CONNECT.toMillis(), TimeUnit.MILLISECONDS).join();
            return new SocketHeads(socket);
        } catch (CompletionException e) {
            throw new CliException("no subscription to the blocks of " + url, "See whether that node runs.", e);
        }
    }

    @Override
    public void close() {
        socket.abort();
    }

    /** Puts messages together and takes the numbers out. */
    private static final class Messages implements WebSocket.Listener {
        private final LongSupplier nanoClock;
        private final Listener listener;
        private final Consumer<String> broken;
        private final CompletableFuture<Void> subscribed;
        private final StringBuilder message = new StringBuilder();

        Messages(
                LongSupplier nanoClock,
                Listener listener,
                Consumer<String> broken,
                CompletableFuture<Void> subscribed) {
            this.nanoClock = nanoClock;
            this.listener = listener;
            this.broken = broken;
            this.subscribed = subscribed;
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            long now = nanoClock.getAsLong();
            message.append(data);
            if (last) {
                JsonNode tree = JSON.readTree(message.toString());
                message.setLength(0);
                JsonNode number = tree.path("params").path("result").path("number");
                if (number.isString()) {
                    listener.block(Long.decode(number.stringValue()), now);
                } else if (tree.has("result")) {
                    subscribed.complete(null);
                }
            }
            webSocket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
            broken.accept("the node ended its news of blocks: " + statusCode + " " + reason);
            return null;
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            broken.accept("the news of blocks broke: " + error.getMessage());
        }
    }
}
