package coco.client;

import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** JSON-RPC 2.0 over HTTP to one node. Safe for any number of threads; connections are kept and shared. */
public final class JsonRpcClient implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpEndpoint endpoint;
    private final AtomicLong lastId = new AtomicLong();

    /** A client without TLS, for the loopback port of the development preset. */
    public JsonRpcClient(URI url) {
        this(url, null, ClientLimits.DEFAULT);
    }

    /**
     * @param url where the node takes JSON-RPC, for example {@code https://localhost:8555}
     * @param tls from {@link ServiceTrust}; needed for an https URL only
     */
    public JsonRpcClient(URI url, @Nullable SSLContext tls, ClientLimits limits) {
        this.endpoint = new HttpEndpoint(url, tls, limits);
    }

    /** The URL given at construction. */
    public URI url() {
        return endpoint.base();
    }

    /**
     * Calls a method and waits for the reply.
     *
     * @param parameters strings, numbers, booleans, lists, maps, JSON nodes or null, in the method's order
     * @throws ClientException no reply, or one that is no JSON-RPC
     */
    public RpcReply call(String method, @Nullable Object... parameters) {
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        request.put("jsonrpc", "2.0").put("id", lastId.incrementAndGet()).put("method", method);
        request.set("params", JSON.valueToTree(Arrays.asList(parameters)));
        HttpResponse<byte[]> reply = endpoint.post("", JSON.writeValueAsBytes(request));
        return parse(reply);
    }

    /**
     * The result of a call that is expected to succeed.
     *
     * @throws ClientException as {@link #call}, and also where the node answered with an error
     */
    public JsonNode result(String method, @Nullable Object... parameters) {
        return switch (call(method, parameters)) {
            case RpcReply.Result result -> result.value();
            case RpcReply.Failure failure ->
                throw new ClientException(
                        method + " at " + url() + ": " + failure.message() + " (" + failure.code() + ")");
        };
    }

    @Override
    public void close() {
        endpoint.close();
    }

    private RpcReply parse(HttpResponse<byte[]> reply) {
        JsonNode tree;
        try {
            tree = JSON.readTree(reply.body());
        } catch (JacksonException e) {
            throw new ClientException(url() + " answered status " + reply.statusCode() + " and no JSON", e);
        }
        JsonNode error = tree.path("error");
        if (error.isObject()) {
            return new RpcReply.Failure(
                    error.path("code").asInt(0), error.path("message").asString(""), error.path("data"));
        }
        JsonNode result = tree.get("result");
        if (result == null) {
            throw new ClientException(url() + " answered status " + reply.statusCode() + " and no JSON-RPC reply");
        }
        return new RpcReply.Result(result, reply.headers().firstValue("Coco-Transaction-Status"));
    }
}
