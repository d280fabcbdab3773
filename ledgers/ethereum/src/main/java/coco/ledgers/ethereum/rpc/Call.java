package coco.ledgers.ethereum.rpc;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One request as it was sent.
 *
 * @param id null if it has none
 * @param fault what makes it one that is answered with an error
 */
record Call(
        @Nullable JsonNode id,
        String method,
        Params params,
        @Nullable RpcException fault) {
    /** A request that is none. */
    static Call invalid(@Nullable JsonNode id, RpcException fault) {
        return new Call(id, "", new Params(List.of()), fault);
    }

    /** This request as one of a client that calls too often. */
    Call overQuota() {
        return new Call(id, method, params, RpcException.limitExceeded("limit exceeded"));
    }

    /** Whether nobody wants an answer. */
    boolean isNotification() {
        return id == null && fault == null;
    }
}
