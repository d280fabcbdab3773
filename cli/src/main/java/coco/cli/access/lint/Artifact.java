package coco.cli.access.lint;

import coco.cli.console.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a file of a compiler or build tool has of one contract.
 *
 * @param name of the contract
 * @param abi its interface
 * @param variables names of what it stores, if the file has the storage layout
 * @param tree the syntax trees of the file; null if it has none with this contract
 */
record Artifact(
        String name,
        JsonNode abi,
        Set<String> variables,
        @Nullable SyntaxTree tree) {
    /** A compiler's output for a large project. */
    private static final long BYTES_MAX = 128L << 20;

    private static final JsonMapper JSON = new JsonMapper();

    /**
     * Reads a file.
     *
     * @throws CliException if it is none of those that compilers and build tools write
     */
    static List<Artifact> read(Path file) {
        JsonNode root;
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw new CliException(file + " is longer than " + BYTES_MAX + " bytes", "Compile fewer contracts.");
            }
            root = JSON.readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new CliException(file + " cannot be read: " + e.getMessage(), "Name a file.", e);
        } catch (JacksonException e) {
            throw new CliException(file + " is not JSON", howTo(), e);
        }
        List<Artifact> found = new ArrayList<>();
        if (root.path("contracts").isObject()) {
            JsonNode sources = root.path("sources");
            List<JsonNode> trees = new ArrayList<>();
            sources.forEach(source -> trees.add(source.path("ast")));
            root.path("contracts").forEach(of -> of.properties().forEach(each -> found.add(of(each, trees))));
        } else if (root.path("abi").isArray()) {
            String name = root.path("contractName").asString(stem(file));
            found.add(of(Map.entry(name, root), List.of(root.path("ast"))));
        }
        if (found.isEmpty()) {
            throw new CliException(file + " holds no compiled contract", howTo());
        }
        return found;
    }

    private static String stem(Path file) {
        Path last = file.getFileName();
        String text = last == null ? "" : last.toString();
        int dot = text.indexOf('.');
        return dot < 0 ? text : text.substring(0, dot);
    }

    private static String howTo() {
        return "Compile first: standard output of solc with abi, storageLayout and ast, or an artifact of forge (build"
                + " --ast) or hardhat.";
    }

    private static Artifact of(Map.Entry<String, JsonNode> contract, List<JsonNode> trees) {
        Set<String> variables = new HashSet<>();
        for (JsonNode slot : contract.getValue().path("storageLayout").path("storage")) {
            variables.add(slot.path("label").asString(""));
        }
        SyntaxTree tree = SyntaxTree.of(trees, contract.getKey());
        return new Artifact(contract.getKey(), contract.getValue().path("abi"), variables, tree);
    }

    /** Whether the interface has a function of these types. */
    boolean has(String name, String... types) {
        return functions().stream()
                .anyMatch(each -> each.path("name").asString("").equals(name)
                        && types(each).equals(List.of(types)));
    }

    /** The interface's functions. */
    List<JsonNode> functions() {
        return ofType("function");
    }

    /** Names of the interface's events. */
    List<String> events() {
        return ofType("event").stream()
                .map(each -> each.path("name").asString(""))
                .toList();
    }

    private List<JsonNode> ofType(String type) {
        List<JsonNode> found = new ArrayList<>();
        for (JsonNode each : abi) {
            if (each.path("type").asString("").equals(type)) {
                found.add(each);
            }
        }
        return found;
    }

    private static List<String> types(JsonNode function) {
        List<String> types = new ArrayList<>();
        function.path("inputs").forEach(input -> types.add(input.path("type").asString("")));
        return types;
    }
}
