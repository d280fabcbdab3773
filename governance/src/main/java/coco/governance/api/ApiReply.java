package coco.governance.api;

import coco.governance.document.Documents;
import coco.ledgers.api.Endpoint;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/**
 * An answer, before it is bytes.
 *
 * @param status of HTTP
 * @param body JSON
 */
record ApiReply(int status, ObjectNode body) {
    static ApiReply ok(ObjectNode body) {
        return new ApiReply(200, body);
    }

    /** The one shape of everything that is refused. */
    static ApiReply problem(Problem problem, String message) {
        return problem(problem.status(), problem.word(), message, Documents.object());
    }

    /**
     * The same with a code that is not of this package.
     *
     * @param code kebab-case, stable
     * @param details for programs; empty if there is nothing more to say
     */
    static ApiReply problem(int status, String code, String message, ObjectNode details) {
        ObjectNode body = Documents.object();
        body.putObject("error").put("code", code).put("message", message).set("details", details);
        return new ApiReply(status, body);
    }

    Endpoint.Reply toHttp() {
        byte[] json = body.toString().getBytes(StandardCharsets.UTF_8);
        Map<String, String> headers = status == 503 ? Map.of("Retry-After", "1") : Map.of();
        return new Endpoint.Reply(status, "application/json", json, headers);
    }
}
