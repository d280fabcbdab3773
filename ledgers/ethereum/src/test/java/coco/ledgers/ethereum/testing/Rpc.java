package coco.ledgers.ethereum.testing;

import coco.evm.types.Transaction;
import coco.ledgers.api.Endpoint;
import coco.ledgers.api.RpcSettings;
import coco.ledgers.api.testing.SingleNode;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Speaks JSON-RPC to a {@link SingleNode}. */
public final class Rpc {
    public static final JsonMapper MAPPER = JsonMapper.builder().build();

    /** Settings for nodes where nobody mines: what is sent is answered when it is in the pool. */
    public static final RpcSettings ACCEPTED = accepted(RpcSettings.DEFAULTS);

    private final SingleNode node;

    public Rpc(SingleNode node) {
        this.node = node;
    }

    /** The whole response to a request. */
    public JsonNode send(String method, @Nullable Object... params) {
        var request =
                MAPPER.createObjectNode().put("jsonrpc", "2.0").put("id", 7).put("method", method);
        request.set("params", MAPPER.valueToTree(params));
        JsonNode response = raw(MAPPER.writeValueAsString(request));
        if (response.get("id").asInt() != 7
                || !response.get("jsonrpc").asString().equals("2.0")) {
            throw new AssertionError("not a response to the request: " + response);
        }
        return response;
    }

    /** The response to a body. */
    public JsonNode raw(String body) {
        return MAPPER.readTree(reply(body).body());
    }

    public Endpoint.Reply reply(String body) {
        return node.post(body.getBytes(StandardCharsets.UTF_8));
    }

    /** The result of a request that must succeed. */
    public JsonNode result(String method, @Nullable Object... params) {
        JsonNode response = send(method, params);
        if (!response.has("result")) {
            throw new AssertionError(method + " failed: " + response);
        }
        return response.get("result");
    }

    /** Code and message of a request that must fail. */
    public String error(String method, @Nullable Object... params) {
        JsonNode response = send(method, params);
        if (!response.has("error")) {
            throw new AssertionError(method + " succeeded: " + response);
        }
        return response.get("error").get("code").asInt() + " "
                + response.get("error").get("message").asString();
    }

    /** The usual settings, with answers of at most so many bytes. */
    public static RpcSettings withReplyBytes(int most) {
        return settings(most, RpcSettings.DEFAULTS.answerGridMillis());
    }

    /** The usual settings, with answers on a grid of time; 0 for at once. */
    public static RpcSettings withAnswerGrid(long millis) {
        return settings(RpcSettings.DEFAULTS.maxReplyBytes(), millis);
    }

    private static RpcSettings settings(int mostBytes, long gridMillis) {
        RpcSettings from = RpcSettings.DEFAULTS;
        return from.toBuilder()
                .maxReplyBytes(mostBytes)
                .answerGridMillis(gridMillis)
                .build();
    }

    private static RpcSettings accepted(RpcSettings from) {
        return from.toBuilder().sendReply(RpcSettings.SendReply.ACCEPTED).build();
    }

    public static String hex(byte[] bytes) {
        return "0x" + HexFormat.of().formatHex(bytes);
    }

    public static String raw(Transaction transaction) {
        return hex(transaction.encoded());
    }
}
