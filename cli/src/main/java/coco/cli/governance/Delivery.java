package coco.cli.governance;

import coco.client.ClientException;
import coco.client.NodeClient.Page;
import coco.governance.document.Documents;
import coco.governance.ledger.Refusal;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Brings one signed message to a service and finds out what became of it. A node may end, or stop leading, between a
 * message and its answer; the message that decides on its removal makes it do so. A message counts once, so the same is
 * sent until some node knows.
 */
final class Delivery {
    /** Each waits for a commit as long as a node does for it; an election with a majority up takes seconds. */
    static final int ATTEMPTS = 5;

    private static final int UNAVAILABLE = 503;

    private final Runnable pause;

    /** @param pause between two attempts */
    Delivery(Runnable pause) {
        this.pause = pause;
    }

    /**
     * Sends it until an answer settles it or there were enough attempts.
     *
     * @param send one attempt, at any node that answers
     * @param id of the message, in hex
     * @return {@code status} is {@code committed}, with {@code height} null where that is all that is known, or {@code
     *     pending}
     * @throws coco.cli.console.CliException the service refuses the message
     * @throws ClientException no attempt got an answer
     */
    JsonNode deliver(Supplier<Page> send, String id) {
        boolean mayBeRecorded = false;
        @Nullable ClientException lost = null;
        @Nullable Page last = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (attempt > 0) {
                pause.run();
            }
            try {
                last = send.get();
            } catch (ClientException unanswered) {
                lost = unanswered;
                mayBeRecorded = true;
                continue;
            }
            if (mayBeRecorded && refusal(last).equals(Refusal.REPLAYED.word())) {
                return answer(id, "committed");
            }
            boolean isPending = last.status() < 300
                    && last.body().required("status").asString().equals("pending");
            if (!isPending && last.status() != UNAVAILABLE) {
                return ServiceConnection.accepted(last);
            }
            mayBeRecorded |= isPending;
        }
        if (mayBeRecorded) {
            if (last == null && lost != null) {
                throw lost;
            }
            return answer(id, "pending");
        }
        return ServiceConnection.accepted(last);
    }

    private static String refusal(Page page) {
        return page.body().path("error").path("code").asString("");
    }

    private static JsonNode answer(String id, String status) {
        ObjectNode answer = Documents.object().put("id", id).put("status", status);
        return answer.putNull("height").putNull("proposal");
    }
}
