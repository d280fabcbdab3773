package coco.client;

import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The pages a node publishes about itself: {@code /node/health}, {@code /node/state}. Safe for any number of threads.
 */
public final class NodeClient implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** A refusal in words is a line. */
    private static final int REFUSAL_BYTES = 200;

    private final HttpEndpoint endpoint;

    /**
     * @param url the node's listener, for example {@code http://127.0.0.1:8545}
     * @param tls from {@link ServiceTrust}; needed for an https URL only
     */
    public NodeClient(URI url, @Nullable SSLContext tls, ClientLimits limits) {
        this.endpoint = new HttpEndpoint(url, tls, limits);
    }

    /**
     * A page with its status.
     *
     * @throws ClientException no reply, or one that is no JSON
     */
    public Page get(String path) {
        return page(path, endpoint.get(path));
    }

    /**
     * Posts JSON to a page.
     *
     * @throws ClientException no reply, or one that is no JSON
     */
    public Page post(String path, byte[] json) {
        return page(path, endpoint.post(path, json));
    }

    /**
     * Posts something else to a page.
     *
     * @throws ClientException no reply, or one that is no JSON
     */
    public Page post(String path, String contentType, byte[] body) {
        return page(path, endpoint.post(path, contentType, body));
    }

    /**
     * Sends whatever a page takes.
     *
     * @param headers beside the usual ones; what they hold is in no message of an exception
     * @param json empty for no body
     * @throws ClientException no reply, or one that is no JSON
     */
    public Page send(String method, String path, Map<String, String> headers, byte[] json) {
        return page(path, endpoint.send(method, path, headers, json));
    }

    /**
     * Listens to a stream of server-sent events until it ends.
     *
     * @param lastEventId id of the last event of an earlier stream; null for none
     * @param listener hears each event; false ends the stream
     * @throws ClientException no stream, or one that broke
     */
    public void listen(String path, @Nullable String lastEventId, Predicate<ServerEvent> listener) {
        HttpResponse<Stream<String>> reply =
                endpoint.lines(path, lastEventId == null ? Map.of() : Map.of("Last-Event-ID", lastEventId));
        try (Stream<String> lines = reply.body()) {
            if (reply.statusCode() != 200) {
                throw new ClientException(endpoint.base().resolve(path) + " answered status " + reply.statusCode());
            }
            new ServerEvent.Reader(listener).read(lines.iterator());
        } catch (UncheckedIOException broken) {
            throw new ClientException("the stream of " + endpoint.base().resolve(path) + " broke", broken);
        }
    }

    private Page page(String path, HttpResponse<byte[]> reply) {
        try {
            return new Page(reply.statusCode(), JSON.readTree(reply.body()));
        } catch (JacksonException e) {
            String words = reply.statusCode() < 400 ? " and no JSON" : ": " + firstWords(reply.body());
            throw new ClientException(
                    endpoint.base().resolve(path) + " answered status " + reply.statusCode() + words, e);
        }
    }

    /** What a refusal says, as far as it is fit to be shown. */
    private static String firstWords(byte[] body) {
        String text = new String(body, 0, Math.min(body.length, REFUSAL_BYTES), StandardCharsets.UTF_8);
        return text.replaceAll("\\p{Cntrl}+", " ").strip();
    }

    @Override
    public void close() {
        endpoint.close();
    }

    /**
     * One reply.
     *
     * @param status the HTTP status
     * @param body the JSON sent with it
     */
    public record Page(int status, JsonNode body) {}
}
