package coco.client;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What a node answered to one JSON-RPC call. */
public sealed interface RpcReply {
    /**
     * The call succeeded.
     *
     * @param value the {@code result}, JSON null included
     * @param transactionStatus the header {@code Coco-Transaction-Status}, {@code committed} or {@code pending}, where
     *     the node sent one
     */
    record Result(JsonNode value, Optional<String> transactionStatus) implements RpcReply {}

    /**
     * The node refused the call.
     *
     * @param code the JSON-RPC error code
     * @param message the node's words
     * @param data the error's {@code data}; JSON null where there was none
     */
    record Failure(int code, String message, JsonNode data) implements RpcReply {}
}
