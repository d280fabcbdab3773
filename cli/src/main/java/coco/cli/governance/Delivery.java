package coco.cli.governance;

import coco.client.ClientException;
import coco.client.NodeClient.Page;
import coco.governance.document.Documents;
import coco.governance.ledger.Refusal;
import java.util.Objects;
import java.util.OptionalLong;
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
     * @param recordedAt the height at which the history has it, if it does
     * @return {@code status} is {@code committed}, with {@code height} null where that is all that is known, or {@code
     *     pending}
     * @throws coco.cli.console.CliException the service refuses the message
     * @throws ClientException no attempt got an answer
     */
    JsonNode deliver(Supplier<Page> send, String id, Supplier<OptionalLong> recordedAt) {
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
            boolean isPending = last.status() < 300
                    && last.body().required("status").asString().equals("pending");
            if (!isPending && last.status() != UNAVAILABLE) {
                return mayBeRecorded && last.status() >= 400
                        ? refused(last, id, recordedAt.get())
                        : ServiceConnection.accepted(last);
            }
            mayBeRecorded |= isPending;
        }
        if (mayBeRecorded) {
            if (last == null && lost != null) {
                throw lost;
            }
            return answer(id, "pending", OptionalLong.empty());
        }
        return ServiceConnection.accepted(Objects.requireNonNull(last, "every attempt was answered"));
    }

    /**
     * A refusal of what an earlier attempt may have brought says that it did, as a rule; but what it decided may have
     * begun a generation in which it is refused for that. So the history is believed, which names each message.
     */
    private static JsonNode refused(Page page, String id, OptionalLong height) {
        return height.isPresent() || refusal(page).equals(Refusal.REPLAYED.word())
                ? answer(id, "committed", height)
                : ServiceConnection.accepted(page);
    }

    private static String refusal(Page page) {
        return page.body().path("error").path("code").asString("");
    }

    private static JsonNode answer(String id, String status, OptionalLong height) {
        ObjectNode answer = Documents.object().put("id", id).put("status", status);
        if (height.isPresent()) {
            answer.put("height", height.getAsLong());
        } else {
            answer.putNull("height");
        }
        return answer.putNull("proposal");
    }
}
