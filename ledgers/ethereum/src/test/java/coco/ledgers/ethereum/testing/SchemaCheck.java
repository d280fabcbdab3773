package coco.ledgers.ethereum.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Judges responses by what describes them: JSON-RPC 2.0, our own document, and the published one where it has the
 * method and the test data is there.
 */
public final class SchemaCheck {
    /** Errors of a request that did not come to its method. */
    private static final Set<Integer> BEFORE_THE_METHOD = Set.of(-32_700, -32_600, -32_601);

    /** What stands for an exception, which only the log knows. */
    private static final String CRASHED = "method handler crashed";

    /** Geth's words, with at most 96 characters of the client's own among them. */
    private static final int LONGEST_MESSAGE = 400;

    private static final ApiDocument OURS = ApiDocument.ours();
    private static final @Nullable ApiDocument PUBLISHED = ApiDocument.published();

    private SchemaCheck() {}

    /**
     * What is wrong with a response; empty if nothing is.
     *
     * @param params the request's parameters, an array, or null if it had none
     * @param response the whole response
     */
    public static List<String> check(String method, @Nullable JsonNode params, JsonNode response) {
        List<String> problems = new ArrayList<>();
        if (!response.path("jsonrpc").asString("").equals("2.0") || !response.has("id")) {
            problems.add("not a response of JSON-RPC 2.0");
        }
        if (response.has("result") == response.has("error")) {
            problems.add("neither result nor error, or both");
        } else if (response.has("error")) {
            error(method, response.get("error"), problems);
        } else if (!OURS.has(method)) {
            problems.add("answered, but not described");
        } else {
            result(method, params, response.get("result"), problems);
        }
        return problems.stream().map(problem -> method + ": " + problem).toList();
    }

    private static void error(String method, JsonNode error, List<String> problems) {
        if (!error.path("code").isIntegralNumber() || !error.path("message").isString()) {
            problems.add("an error without code or message");
            return;
        }
        int code = error.get("code").asInt();
        boolean before = BEFORE_THE_METHOD.contains(code);
        if (error.get("message").asString().equals(CRASHED)) {
            problems.add("a fault of ours: " + error);
        } else if (!before && (!OURS.has(method) || !OURS.codes(method).contains(code))) {
            problems.add("an error that is not described: " + error);
        }
        if (error.get("message").asString().length() > LONGEST_MESSAGE) {
            problems.add("an error of " + error.get("message").asString().length() + " characters");
        }
    }

    private static void result(String method, @Nullable JsonNode params, JsonNode result, List<String> problems) {
        OURS.problems(OURS.resultSchema(method), result).forEach(each -> problems.add("by our document " + each));
        if (PUBLISHED != null && PUBLISHED.has(method)) {
            PUBLISHED
                    .problems(PUBLISHED.resultSchema(method), result)
                    .forEach(each -> problems.add("by the published document " + each));
        }
        JsonNode described = OURS.method(method).get("params");
        JsonNode given = params == null ? Rpc.MAPPER.createArrayNode() : params;
        for (int i = 0; i < described.size(); i++) {
            JsonNode value = given.path(i);
            if (!value.isMissingNode() && !value.isNull()) {
                String name = described.get(i).get("name").asString();
                OURS.problems(described.get(i).get("schema"), inOneWay(value))
                        .forEach(each -> problems.add("answered in spite of " + name + " " + each));
            } else if (described.get(i).get("required").asBoolean()) {
                problems.add("answered without " + described.get(i).get("name"));
            }
        }
        if (given.size() > described.size()) {
            problems.add("answered in spite of " + given.size() + " parameters");
        }
    }

    /** As geth, a node takes what the documents leave out: capital letters, no text for no bytes, null for nothing. */
    private static JsonNode inOneWay(JsonNode value) {
        if (value.isString()) {
            String text = value.asString();
            boolean hexadecimal = text.isEmpty() || text.matches("0[xX][0-9a-fA-F]*");
            return Rpc.MAPPER
                    .getNodeFactory()
                    .stringNode(
                            hexadecimal
                                    ? "0x"
                                            + text.substring(Math.min(2, text.length()))
                                                    .toLowerCase(Locale.ROOT)
                                    : text);
        }
        if (value.isArray()) {
            ArrayNode array = Rpc.MAPPER.createArrayNode();
            value.forEach(each -> array.add(inOneWay(each)));
            return array;
        }
        if (value.isObject()) {
            ObjectNode object = Rpc.MAPPER.createObjectNode();
            value.properties().forEach(field -> {
                if (!field.getValue().isNull()) {
                    object.set(field.getKey(), inOneWay(field.getValue()));
                }
            });
            return object;
        }
        return value;
    }
}
