package coco.ledgers.ethereum.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The cases of one folder. */
public final class RecordedCases {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final int SHOWN = 1_200;
    private static final String SENDING = "eth_sendRawTransaction";

    private final Path folder;
    private final List<Path> files;

    private RecordedCases(Path folder, List<Path> files) {
        this.folder = folder;
        this.files = List.copyOf(files);
    }

    /** Who answers requests. */
    @FunctionalInterface
    public interface Server {
        /** The response to a request, as it came. */
        String answer(String request) throws IOException;
    }

    /** What is known of the shape of results. */
    @FunctionalInterface
    public interface Schemas {
        /** What is wrong with a method's result; null if nothing is, or nothing is known. */
        @Nullable
        String fault(String method, JsonNode result);

        /** Nothing is known. */
        Schemas NONE = (method, result) -> null;
    }

    /** How many cases of a method were answered as recorded. */
    public record Count(int agreeing, int all) {}

    /**
     * What came of the cases.
     *
     * @param methods what came of each method's
     * @param differences one text for each case that differs: its name, the request and the two responses
     */
    public record Report(Map<String, Count> methods, List<String> differences) {
        public Report {
            methods = Map.copyOf(methods);
            differences = List.copyOf(differences);
        }

        /** How many cases there were. */
        public int all() {
            return methods.values().stream().mapToInt(Count::all).sum();
        }

        /** A line per method, then the differences. */
        public String toText() {
            StringBuilder text = new StringBuilder();
            new TreeMap<>(methods)
                    .forEach((method, count) -> text.append(count.agreeing() == count.all() ? "  " : "! ")
                            .append(method)
                            .append(' ')
                            .append(count.agreeing())
                            .append('/')
                            .append(count.all())
                            .append('\n'));
            differences.forEach(difference -> text.append(difference).append('\n'));
            return text.toString();
        }
    }

    /**
     * The cases below a folder: one folder per method, with a file per case.
     *
     * @param prefix only those whose path below the folder begins with it
     */
    public static RecordedCases in(Path folder, String prefix) {
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> files = all.filter(file -> {
                        String name = folder.relativize(file).toString();
                        return name.endsWith(".io")
                                && name.startsWith(prefix)
                                && !name.startsWith("engine_")
                                && !name.startsWith("testing_");
                    })
                    .sorted(Comparator.comparing((Path file) -> method(file).startsWith(SENDING))
                            .thenComparing(Comparator.naturalOrder()))
                    .toList();
            return new RecordedCases(folder, files);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String method(Path file) {
        Path parent = file.getParent();
        Path name = parent == null ? null : parent.getFileName();
        return name == null ? "" : name.toString();
    }

    /** Those that only read. */
    public RecordedCases reading() {
        return only(false);
    }

    /** Those that send transactions. */
    public RecordedCases sending() {
        return only(true);
    }

    private RecordedCases only(boolean sending) {
        return new RecordedCases(
                folder,
                files.stream()
                        .filter(file -> method(file).startsWith(SENDING) == sending)
                        .toList());
    }

    /** Puts all cases to a server. */
    public Report run(Server server, Schemas schemas) {
        Map<String, Count> methods = new TreeMap<>();
        List<String> differences = new ArrayList<>();
        for (Path file : files) {
            String difference = difference(file, server, schemas);
            methods.merge(
                    method(file),
                    new Count(difference == null ? 1 : 0, 1),
                    (left, right) -> new Count(left.agreeing() + right.agreeing(), left.all() + right.all()));
            if (difference != null) {
                differences.add(difference);
            }
        }
        return new Report(methods, differences);
    }

    /** The first difference in a case, or null. */
    private @Nullable String difference(Path file, Server server, Schemas schemas) {
        String request = "";
        boolean shapeOnly = false;
        try {
            for (String line : Files.readAllLines(file)) {
                shapeOnly |= line.startsWith("// speconly");
                if (line.startsWith(">> ")) {
                    request = line.substring(3);
                } else if (line.startsWith("<< ")) {
                    JsonNode expected = MAPPER.readTree(line.substring(3));
                    String response = server.answer(request);
                    String why = fault(expected, response, shapeOnly, method(file), schemas);
                    if (why != null) {
                        return folder.relativize(file) + ": " + why + "\n  request  " + shortened(request)
                                + "\n  expected " + shortened(expected.toString()) + "\n  actual   "
                                + shortened(response);
                    }
                }
            }
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }

    private static @Nullable String fault(
            JsonNode expected, String response, boolean shapeOnly, String method, Schemas schemas) {
        JsonNode actual;
        try {
            actual = MAPPER.readTree(response);
        } catch (JacksonException e) {
            return "not JSON";
        }
        JsonNode result = actual.get("result");
        if (result != null) {
            String fault = schemas.fault(method, result);
            if (fault != null) {
                return fault;
            }
        }
        if (shapeOnly) {
            return expected.has("result") == actual.has("result") ? null : "another kind of response";
        }
        return place(expected, actual, "");
    }

    /** Where two values differ first; null if they are the same. */
    private static @Nullable String place(JsonNode expected, JsonNode actual, String path) {
        if (expected.equals(actual)) {
            return null;
        }
        if (expected.isObject() && actual.isObject()) {
            for (Map.Entry<String, JsonNode> entry : expected.properties()) {
                String at = path + "." + entry.getKey();
                JsonNode other = actual.get(entry.getKey());
                String inside = other == null ? at + " is missing" : place(entry.getValue(), other, at);
                if (inside != null) {
                    return inside;
                }
            }
            for (Map.Entry<String, JsonNode> entry : actual.properties()) {
                if (!expected.has(entry.getKey())) {
                    return path + "." + entry.getKey() + " is too much";
                }
            }
        }
        if (expected.isArray() && actual.isArray() && expected.size() == actual.size()) {
            for (int i = 0; i < expected.size(); i++) {
                String inside = place(expected.get(i), actual.get(i), path + "[" + i + "]");
                if (inside != null) {
                    return inside;
                }
            }
        }
        return path + ": " + shortened(expected.toString()) + " expected";
    }

    private static String shortened(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }
}
