package coco.attestation.intel;

import coco.attestation.TcbStatus;
import coco.crypto.Hex;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the JSON of Intel's statements (PCS API v3 and v4): typed members, or {@link MalformedException}. */
final class Statements {
    // Intel's are seven deep.
    private static final int NESTING_MAX = 16;
    // The longest lists have some 20 levels and 30 advisories.
    private static final int ITEMS_MAX = 512;

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(NESTING_MAX)
                            .build())
                    .build())
            .build();

    private Statements() {}

    static JsonNode parse(byte[] json) throws MalformedException {
        try {
            JsonNode root = JSON.readTree(json);
            if (root.isObject()) {
                return root;
            }
        } catch (JacksonException _) {
            // Said below.
        }
        throw new MalformedException("not a JSON object");
    }

    static JsonNode object(JsonNode parent, String name) throws MalformedException {
        JsonNode node = parent.path(name);
        if (!node.isObject()) {
            throw new MalformedException(name + " is no object");
        }
        return node;
    }

    static List<JsonNode> objects(JsonNode parent, String name) throws MalformedException {
        JsonNode node = parent.path(name);
        if (!node.isArray() || node.size() > ITEMS_MAX) {
            throw new MalformedException(name + " is no list, or too long");
        }
        List<JsonNode> out = new ArrayList<>();
        for (JsonNode item : node) {
            if (!item.isObject()) {
                throw new MalformedException(name + " holds what is no object");
            }
            out.add(item);
        }
        return out;
    }

    static String text(JsonNode parent, String name) throws MalformedException {
        JsonNode node = parent.path(name);
        if (!node.isString()) {
            throw new MalformedException(name + " is no text");
        }
        return node.stringValue();
    }

    static byte[] hex(JsonNode parent, String name, int length) throws MalformedException {
        try {
            byte[] bytes = Hex.decode(text(parent, name));
            if (bytes.length == length) {
                return bytes;
            }
        } catch (IllegalArgumentException _) {
            // Said below.
        }
        throw new MalformedException(name + " is not " + length + " bytes in hexadecimal");
    }

    /** Reads a number from 0 to 65535, the largest security version there is. */
    static int number(JsonNode parent, String name) throws MalformedException {
        JsonNode node = parent.path(name);
        if (!node.isInt() || node.intValue() < 0 || node.intValue() > 0xffff) {
            throw new MalformedException(name + " is no number from 0 to 65535");
        }
        return node.intValue();
    }

    static Instant time(JsonNode parent, String name) throws MalformedException {
        try {
            return Instant.parse(text(parent, name));
        } catch (DateTimeException _) {
            throw new MalformedException(name + " is no time");
        }
    }

    static TcbStatus status(JsonNode level) throws MalformedException {
        TcbStatus status = TcbStatus.ofLabel(text(level, "tcbStatus"));
        if (status == null || status == TcbStatus.NOT_APPLICABLE) {
            throw new MalformedException("an unknown tcbStatus");
        }
        return status;
    }

    static List<String> advisories(JsonNode level) throws MalformedException {
        JsonNode node = level.path("advisoryIDs");
        if (node.isMissingNode()) {
            return List.of();
        }
        if (!node.isArray() || node.size() > ITEMS_MAX) {
            throw new MalformedException("advisoryIDs is no list, or too long");
        }
        List<String> out = new ArrayList<>();
        for (JsonNode item : node) {
            if (!item.isString()) {
                throw new MalformedException("advisoryIDs holds what is no text");
            }
            out.add(item.stringValue());
        }
        return out;
    }
}
