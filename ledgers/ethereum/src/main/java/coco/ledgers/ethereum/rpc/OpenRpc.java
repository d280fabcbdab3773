package coco.ledgers.ethereum.rpc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The description of all methods, in the format of OpenRPC 1.3.
 *
 * <p>It is put together from two resources. {@code components.json} has JSON schemas and errors by name. {@code
 * methods.json} has the methods in short: a parameter or result is a name and a type; a {@code ?} behind a parameter's
 * name makes it optional, a {@code ?} behind a type lets null take its place, and brackets make an array. A type is a
 * schema's name, one of JSON's own, or a schema itself.
 */
public final class OpenRpc {
    private static final String SCHEMA = "#/components/schemas/";
    private static final String ERROR = "#/components/errors/";

    /** What any request may be answered with. */
    private static final String[] COMMON_ERRORS = {
        "InvalidParams", "ServerError", "RequestTimedOut", "ResponseTooLarge", "LimitExceeded"
    };

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final JsonNode METHODS = read("methods.json");
    private static final JsonNode COMPONENTS = read("components.json");

    private OpenRpc() {}

    /** The description of every method there is, as {@code docs/openrpc.json} has it. */
    public static ObjectNode document() {
        return document("1", method -> true);
    }

    /**
     * The description of the methods that a node has.
     *
     * @param version the node's
     */
    static ObjectNode document(String version, Predicate<String> has) {
        ObjectNode document = MAPPER.createObjectNode().put("openrpc", "1.3.2");
        document.putObject("info")
                .put("title", "JSON-RPC of a Coco node's Ethereum ledger")
                .put("description", "Requests go to / of the application listener, as JSON-RPC 2.0.")
                .put("version", version);
        ArrayNode methods = document.putArray("methods");
        METHODS.properties().forEach(entry -> {
            if (has.test(entry.getKey())) {
                methods.add(method(entry.getKey(), entry.getValue()));
            }
        });
        document.set("components", COMPONENTS);
        return document;
    }

    /** Whether a method is described; each that a node has must be. */
    static boolean describes(String method) {
        return METHODS.has(method);
    }

    /** The most parameters that each method takes. */
    static Map<String, Integer> arities() {
        Map<String, Integer> arities = new HashMap<>();
        METHODS.properties()
                .forEach(entry -> arities.put(
                        entry.getKey(), entry.getValue().get("params").size()));
        return arities;
    }

    private static ObjectNode method(String name, JsonNode brief) {
        ObjectNode method = MAPPER.createObjectNode().put("name", name);
        method.set("summary", brief.get("summary"));
        if (brief.has("x-transport")) {
            method.set("x-transport", brief.get("x-transport"));
        }
        method.put("paramStructure", "by-position");
        ArrayNode params = method.putArray("params");
        for (JsonNode each : brief.get("params")) {
            String title = each.get(0).stringValue();
            boolean optional = title.endsWith("?");
            params.addObject()
                    .put("name", optional ? title.substring(0, title.length() - 1) : title)
                    .put("required", !optional)
                    .set("schema", schema(each.get(1)));
        }
        JsonNode result = brief.get("result");
        method.putObject("result").put("name", result.get(0).stringValue()).set("schema", schema(result.get(1)));
        ArrayNode errors = method.putArray("errors");
        for (String common : COMMON_ERRORS) {
            errors.addObject().put("$ref", ERROR + common);
        }
        for (JsonNode own : brief.path("errors")) {
            errors.addObject().put("$ref", ERROR + own.stringValue());
        }
        return method;
    }

    private static JsonNode schema(JsonNode type) {
        return type.isString() ? schema(type.stringValue()) : type;
    }

    private static ObjectNode schema(String type) {
        ObjectNode schema = MAPPER.createObjectNode();
        if (type.endsWith("?")) {
            schema.putArray("oneOf").add(schema("notFound")).add(schema(type.substring(0, type.length() - 1)));
            return schema;
        }
        if (type.startsWith("[")) {
            schema.put("type", "array").set("items", schema(type.substring(1, type.length() - 1)));
            return schema;
        }
        boolean named = COMPONENTS.get("schemas").has(type);
        return named ? schema.put("$ref", SCHEMA + type) : schema.put("type", type);
    }

    private static JsonNode read(String resource) {
        try (InputStream in = OpenRpc.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the resource " + resource + " is missing");
            }
            return MAPPER.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
