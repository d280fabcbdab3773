package coco.ledgers.ethereum.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes values that satisfy a schema, from the words of JSON Schema that our document uses. One thread. */
public final class SchemaValues {
    /** How deep optional things go. */
    private static final int DEPTH = 6;

    private static final int MOST_ITEMS = 3;
    private static final List<String> TEXTS = List.of("", "text", "0x", "callTracer", "prestateTracer", "5s", "𝄞");

    private final ApiDocument document;
    private final Random random;
    private final Function<String, @Nullable JsonNode> known;

    /**
     * Values by the schemas of a document.
     *
     * @param known a value for a schema's name that means something on the chain at hand, or null to make one
     */
    public SchemaValues(ApiDocument document, Random random, Function<String, @Nullable JsonNode> known) {
        this.document = document;
        this.random = random;
        this.known = known;
    }

    /** A value that satisfies the schema. */
    public JsonNode value(JsonNode schema) {
        return value(schema, 0);
    }

    private JsonNode value(JsonNode schema, int depth) {
        if (schema.has("$ref")) {
            String reference = schema.get("$ref").asString();
            JsonNode found = known.apply(reference.substring(reference.lastIndexOf('/') + 1));
            return found == null ? value(document.follow(reference), depth) : found;
        }
        if (schema.has("enum")) {
            return pick(schema.get("enum"));
        }
        if (schema.has("oneOf") || schema.has("anyOf")) {
            JsonNode alternatives = schema.has("oneOf") ? schema.get("oneOf") : schema.get("anyOf");
            return value(depth > DEPTH ? alternatives.get(0) : pick(alternatives), depth);
        }
        if (schema.has("allOf")) {
            ObjectNode merged = Rpc.MAPPER.createObjectNode();
            schema.get("allOf").forEach(part -> merged.setAll((ObjectNode) value(part, depth)));
            return merged;
        }
        return switch (schema.path("type").asString("")) {
            case "null" -> Rpc.MAPPER.nullNode();
            case "boolean" -> Rpc.MAPPER.getNodeFactory().booleanNode(random.nextBoolean());
            case "integer" -> Rpc.MAPPER.getNodeFactory().numberNode(integer(schema));
            case "number" ->
                Rpc.MAPPER
                        .getNodeFactory()
                        .numberNode(random.nextDouble() * schema.path("maximum").asDouble(100));
            case "string" -> Rpc.MAPPER.getNodeFactory().stringNode(text(schema));
            case "array" -> array(schema, depth);
            case "object" -> object(schema, depth);
            default -> throw new AssertionError("a schema of a kind unknown here: " + schema);
        };
    }

    private long integer(JsonNode schema) {
        return schema.path("minimum").asLong(0) + (random.nextInt() >>> random.nextInt(1, 32));
    }

    private String text(JsonNode schema) {
        return schema.has("pattern")
                ? new PatternText(schema.get("pattern").asString(), random).text()
                : TEXTS.get(random.nextInt(TEXTS.size()));
    }

    private ArrayNode array(JsonNode schema, int depth) {
        ArrayNode array = Rpc.MAPPER.createArrayNode();
        if (schema.get("items").isArray()) {
            schema.get("items").forEach(each -> array.add(value(each, depth + 1)));
            return array;
        }
        for (int i = depth > DEPTH ? 0 : random.nextInt(MOST_ITEMS + 1); i > 0; i--) {
            array.add(value(schema.get("items"), depth + 1));
        }
        return array;
    }

    private ObjectNode object(JsonNode schema, int depth) {
        ObjectNode object = Rpc.MAPPER.createObjectNode();
        List<String> required = new ArrayList<>();
        schema.path("required").forEach(name -> required.add(name.asString()));
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            boolean wanted = required.contains(property.getKey()) || (depth <= DEPTH && random.nextInt(3) == 0);
            if (wanted) {
                object.set(property.getKey(), value(property.getValue(), depth + 1));
            }
        }
        for (Map.Entry<String, JsonNode> keyed :
                schema.path("patternProperties").properties()) {
            for (int i = depth > DEPTH ? 0 : random.nextInt(MOST_ITEMS); i > 0; i--) {
                object.set(new PatternText(keyed.getKey(), random).text(), value(keyed.getValue(), depth + 1));
            }
        }
        if (schema.path("additionalProperties").isObject()) {
            for (int i = depth > DEPTH ? 0 : random.nextInt(MOST_ITEMS); i > 0; i--) {
                object.set("key" + i, value(schema.get("additionalProperties"), depth + 1));
            }
        }
        return object;
    }

    private JsonNode pick(JsonNode array) {
        return array.get(random.nextInt(array.size()));
    }
}
