package coco.cli.governance;

import coco.cli.console.CliException;
import coco.client.NodeClient;
import coco.client.NodeClient.Page;
import coco.client.ServerEvent;
import coco.governance.cose.CoseSign1;
import coco.governance.document.Documents;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One node of a service whose identity is verified: every answer that is no refusal. */
final class ServiceConnection implements AutoCloseable {
    private final URI node;
    private final NodeClient client;

    ServiceConnection(URI node, NodeClient client) {
        this.node = node;
        this.client = client;
    }

    URI node() {
        return node;
    }

    /** @throws CliException the node refuses; the message begins with the name of the check */
    JsonNode get(String path) {
        return accepted(client.get(path));
    }

    /**
     * The same of a list that may come in several answers; gives the first answer with the whole list.
     *
     * @param path without the parameter
     * @param name of the list
     * @param parameter that takes the {@code next} of an answer
     */
    JsonNode getAll(String path, String name, String parameter) {
        return rest(get(path), path, name, parameter);
    }

    /** The same from some place on. */
    JsonNode getAll(String path, String name, String parameter, String from) {
        return rest(get(with(path, parameter, from)), path, name, parameter);
    }

    /** The same, with everything in it that was committed before the question; refused by a node without a majority. */
    JsonNode getAllSettled(String path, String name, String parameter, String from) {
        String whole = with(path, parameter, from);
        Page page = client.send("GET", whole, Map.of("Coco-Consistency", "linearizable"), new byte[0]);
        return rest(accepted(page), path, name, parameter);
    }

    private JsonNode rest(JsonNode first, String path, String name, String parameter) {
        ArrayNode list = (ArrayNode) first.required(name);
        JsonNode next = first.path("next");
        while (next.isString()) {
            JsonNode more = get(with(path, parameter, next.stringValue()));
            more.required(name).forEach(list::add);
            next = more.path("next");
        }
        ((ObjectNode) first).remove("next");
        return first;
    }

    private static String with(String path, String parameter, String value) {
        return path + (path.contains("?") ? "&" : "?") + parameter + "=" + value;
    }

    /** @throws CliException the node refuses */
    JsonNode delete(String path) {
        return accepted(client.send("DELETE", path, Map.of(), new byte[0]));
    }

    /** @throws CliException the node refuses */
    JsonNode post(String path, JsonNode body) {
        return accepted(client.post(path, body.toString().getBytes(StandardCharsets.UTF_8)));
    }

    /** @throws CliException the node refuses */
    JsonNode post(String path, CoseSign1 message) {
        return accepted(send(path, message));
    }

    /** Whatever the node answers to a signed message. */
    Page send(String path, CoseSign1 message) {
        return client.post(path, "application/cose", message.bytes());
    }

    void listen(@Nullable String lastEventId, Predicate<ServerEvent> listener) {
        client.listen("/gov/events", lastEventId, listener);
    }

    /** @throws CliException the node refuses */
    static JsonNode accepted(Page page) {
        if (page.status() < 300) {
            return page.body();
        }
        JsonNode error = page.body().path("error");
        String code = error.path("code").asString("status-" + page.status());
        String message = error.path("message").asString("the node answered status " + page.status());
        throw new CliException(message.startsWith(code) ? message : code + ": " + message, remedy(code));
    }

    private static String remedy(String code) {
        return switch (code) {
            case "unknown-signer", "not-a-member" -> "Name a member's key with --signer.";
            case "other-constitution", "other-electorate", "other-generation" ->
                "Something was decided in the meantime. Look with: coco gov show, and sign again.";
            case "not-open", "unknown-proposal" -> "See which proposals are open with: coco gov show";
            case "unavailable", "busy" -> "The same command may be given again: a message counts once.";
            default -> "";
        };
    }

    @Override
    public void close() {
        client.close();
    }

    /** For people. */
    static String pretty(JsonNode tree) {
        return Documents.pretty(tree).strip();
    }
}
