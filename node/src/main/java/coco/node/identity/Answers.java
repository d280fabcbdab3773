package coco.node.identity;

import coco.governance.document.CanonicalJson;
import coco.governance.document.Documents;
import coco.governance.users.UserRefusal;
import coco.ledgers.api.Endpoint.Reply;
import coco.ledgers.api.Rejection;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** Answers in the one shape that governance has, too: {@code {"error": {"code", "message"}}}. */
final class Answers {
    private static final String JSON = "application/json";

    private Answers() {}

    static Reply json(int status, ObjectNode tree) {
        byte[] body = CanonicalJson.write(tree, "").getBytes(StandardCharsets.UTF_8);
        return new Reply(status, JSON, body, Map.of());
    }

    static Reply problem(int status, String code, String message) {
        ObjectNode tree = Documents.object();
        tree.putObject("error").put("code", code).put("message", message);
        Reply reply = json(status, tree);
        return switch (status) {
            case 401 -> with(reply, Map.of("WWW-Authenticate", "Bearer"));
            case 429, 503 -> with(reply, Map.of("Retry-After", "1"));
            default -> reply;
        };
    }

    static Reply problem(UserRefusal refusal, String message) {
        return problem(refusal.status(), refusal.word(), message);
    }

    /** What a ledger said against a change. */
    static Reply problem(Rejection reason) {
        boolean isStatus = reason.code() >= 400 && reason.code() < 600;
        int colon = reason.message().indexOf(": ");
        return isStatus && colon > 0
                ? problem(
                        reason.code(),
                        reason.message().substring(0, colon),
                        reason.message().substring(colon + 2))
                : problem(503, "unavailable", reason.message());
    }

    private static Reply with(Reply reply, Map<String, String> headers) {
        return new Reply(reply.status(), reply.contentType(), reply.body(), headers);
    }
}
