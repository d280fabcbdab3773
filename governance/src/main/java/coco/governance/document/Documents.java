package coco.governance.document;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Text to tree and back. */
public final class Documents {
    /** Room for a ledger genesis with some hundred thousand funded accounts. */
    public static final int DOCUMENT_BYTES_MAX = 64 * 1024 * 1024;

    /** Deeper than any genesis in use, and shallow enough to walk by recursion. */
    static final int NESTING_MAX = 32;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(NESTING_MAX)
                            .maxDocumentLength(DOCUMENT_BYTES_MAX)
                            .maxNumberLength(100)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Documents() {}

    /**
     * Reads one JSON value.
     *
     * @param utf8 the text
     * @param path of the value, for complaints; empty for a whole document
     * @throws DocumentException if it is not one JSON value within the bounds, or repeats a key
     */
    public static JsonNode json(byte[] utf8, String path) {
        if (utf8.length > DOCUMENT_BYTES_MAX) {
            throw new DocumentException(path, "longer than " + DOCUMENT_BYTES_MAX + " bytes");
        }
        try {
            JsonNode tree = MAPPER.readTree(utf8);
            if (tree.isMissingNode()) {
                throw new DocumentException(path, "not valid JSON: it is empty");
            }
            return tree;
        } catch (JacksonException notJson) {
            // Breaches of the parser's limits carry no place.
            @Nullable TokenStreamLocation place = notJson.getLocation();
            throw new DocumentException(
                    path,
                    "not valid JSON" + (place == null ? "" : " at line " + place.getLineNr()) + ": "
                            + notJson.getOriginalMessage());
        }
    }

    /**
     * Reads a document that people write: JSON if it begins with a brace, else YAML. In YAML a plain scalar is {@code
     * true}, {@code false}, {@code null} or a decimal integer; everything else, {@code 0x10} above all, stays text.
     *
     * @throws DocumentException as {@link #json}, and for aliases, tags, plain fractions and several documents
     */
    public static JsonNode jsonOrYaml(byte[] utf8) {
        int at = 0;
        while (at < utf8.length && Character.isWhitespace(utf8[at])) {
            at++;
        }
        return at < utf8.length && utf8[at] == '{' ? json(utf8, "") : YamlReader.read(utf8);
    }

    /** An empty object, to be filled. */
    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** A tree of canonical text of this package's making. */
    public static JsonNode tree(String json) {
        return json(json.getBytes(StandardCharsets.UTF_8), "");
    }

    /** The same value indented for people. */
    public static String pretty(JsonNode tree) {
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(tree) + "\n";
    }
}
