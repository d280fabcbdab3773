package coco.ledgers.ethereum.testing;

import coco.ledgers.ethereum.rpc.OpenRpc;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** A description of JSON-RPC methods by which values can be judged. Safe for any number of threads. */
public final class ApiDocument {
    private static final SchemaRegistry REGISTRY = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7);

    private static final int RETURNED_BY_REVERT = 3;

    private final Map<String, JsonNode> methods = new LinkedHashMap<>();
    private final JsonNode components;
    private final Map<JsonNode, Schema> compiled = new ConcurrentHashMap<>();

    private ApiDocument(Iterable<JsonNode> methods, JsonNode components) {
        methods.forEach(method -> this.methods.put(method.get("name").asString(), method));
        this.components = components;
    }

    /** Our own. */
    public static ApiDocument ours() {
        JsonNode document = OpenRpc.document();
        return new ApiDocument(document.get("methods"), document.get("components"));
    }

    /** That of ethereum/execution-apis; null where the test data is missing. */
    public static @Nullable ApiDocument published() {
        Path folder = Path.of(System.getProperty("coco.testdata", ""), "rpc-compat", "src");
        if (!Files.isDirectory(folder)) {
            return null;
        }
        ArrayNode methods = Rpc.MAPPER.createArrayNode();
        ObjectNode components = Rpc.MAPPER.createObjectNode();
        ObjectNode schemas = components.putObject("schemas");
        for (String part : List.of("eth", "debug", "txpool")) {
            read(folder.resolve(part)).forEach(file -> file.forEach(methods::add));
        }
        read(folder.resolve("schemas"))
                .forEach(file -> file.properties().forEach(schema -> schemas.set(schema.getKey(), schema.getValue())));
        mend(methods, schemas);
        return new ApiDocument(methods, components);
    }

    /**
     * What the published schemas say and cannot mean: an empty array is an array of hashes and one of logs, so not
     * exactly one of them; the same for a blob transaction with its blobs and without; and a transaction that is looked
     * for by its hash may be in no block. Two things are geth's: a filter for whole pending transactions, and in the
     * recorded answers the plain words of what went wrong in a simulated call.
     */
    private static void mend(ArrayNode methods, ObjectNode schemas) {
        for (String name : List.of("FilterResults", "FilledTransaction")) {
            ObjectNode schema = (ObjectNode) schemas.get(name);
            schema.set("anyOf", schema.remove("oneOf"));
        }
        ((ArrayNode) schemas.at("/FilterResults/anyOf"))
                .addObject()
                .put("type", "array")
                .putObject("items")
                .put("$ref", "#/components/schemas/PendingTransactionInfo");
        for (JsonNode error : schemas.at("/CallResultFailure/properties/error/oneOf")) {
            if (error.at("/properties/code/const").asInt() != RETURNED_BY_REVERT) {
                ((ObjectNode) error.at("/properties/message")).remove("pattern");
            }
        }
        for (JsonNode method : methods) {
            if (method.get("name").asString().equals("eth_getTransactionByHash")) {
                ((ArrayNode) method.at("/result/schema/oneOf"))
                        .addObject()
                        .put("$ref", "#/components/schemas/PendingTransactionInfo");
            }
        }
    }

    private static List<JsonNode> read(Path folder) {
        YAMLMapper yaml = new YAMLMapper();
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().map(file -> yaml.readTree(file.toFile())).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Set<String> names() {
        return methods.keySet();
    }

    public boolean has(String method) {
        return methods.containsKey(method);
    }

    /** A method as it is described. */
    public JsonNode method(String name) {
        JsonNode method = methods.get(name);
        if (method == null) {
            throw new AssertionError(name + " is not described");
        }
        return method;
    }

    /** Schemas and errors by name. */
    public JsonNode components() {
        return components;
    }

    public JsonNode resultSchema(String method) {
        return method(method).at("/result/schema");
    }

    /** The error codes that a method may answer with by the description. */
    public Set<Integer> codes(String method) {
        Set<Integer> codes = new TreeSet<>();
        for (JsonNode error : method(method).path("errors")) {
            String reference = error.path("$ref").asString("");
            codes.add((reference.isEmpty() ? error : follow(reference))
                    .get("code")
                    .asInt());
        }
        return codes;
    }

    /** What a reference names. */
    public JsonNode follow(String reference) {
        JsonNode found = components.at(reference.substring("#/components".length()));
        if (found.isMissingNode()) {
            throw new AssertionError("nothing is described as " + reference);
        }
        return found;
    }

    /** What is wrong with a value; empty if nothing is. */
    public List<String> problems(JsonNode schema, JsonNode value) {
        return compiled.computeIfAbsent(schema, this::compile).validate(value).stream()
                .map(Error::toString)
                .toList();
    }

    private Schema compile(JsonNode schema) {
        ObjectNode whole = Rpc.MAPPER.createObjectNode();
        whole.putArray("allOf").add(schema);
        whole.set("components", components);
        return REGISTRY.getSchema(whole);
    }
}
