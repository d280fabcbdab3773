package coco.ledgers.ethereum.chain;

import coco.ledgers.api.LedgerException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Accounts of a genesis document in less room: the document is part of the constitution, which has at most 16 MiB, and
 * thousands of contracts as hexadecimal text have more. {@code packedAlloc} is the base64 of the gzip of a JSON object
 * with {@code codes}, each code once, and {@code alloc} as geth has it, where {@code code} may be an index into codes.
 */
public final class PackedAlloc {
    /** The name of the field in a genesis document. */
    public static final String FIELD = "packedAlloc";

    /** Some ten thousand contracts; what is packed must not fill a node's heap. */
    static final int UNPACKED_BYTES_MAX = 128 << 20;

    private static final String CODES = "codes";
    private static final String ALLOC = "alloc";
    private static final String CODE = "code";
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private PackedAlloc() {}

    /** Packs what would stand in {@code alloc}. */
    public static String pack(ObjectNode alloc) {
        Map<String, Integer> numbers = new LinkedHashMap<>();
        ObjectNode accounts = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> entry : alloc.properties()) {
            ObjectNode account = ((ObjectNode) entry.getValue()).objectNode().setAll((ObjectNode) entry.getValue());
            JsonNode code = account.get(CODE);
            if (code != null && code.isString()) {
                Integer number = numbers.get(code.stringValue());
                if (number == null) {
                    number = numbers.size();
                    numbers.put(code.stringValue(), number);
                }
                account.put(CODE, number);
            }
            accounts.set(entry.getKey(), account);
        }
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ArrayNode codes = root.putArray(CODES);
        numbers.keySet().forEach(codes::add);
        root.set(ALLOC, accounts);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(MAPPER.writeValueAsString(root).getBytes(StandardCharsets.UTF_8));
        } catch (IOException inMemory) {
            throw new UncheckedIOException(inMemory);
        }
        return Base64.getEncoder().encodeToString(packed.toByteArray());
    }

    /**
     * What stands in {@code alloc}.
     *
     * @throws LedgerException it is not packed so, or is too much
     */
    static JsonNode unpack(String packed) {
        byte[] json;
        try (GZIPInputStream gzip =
                new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(packed)))) {
            json = gzip.readNBytes(UNPACKED_BYTES_MAX + 1);
        } catch (IOException | IllegalArgumentException e) {
            throw new LedgerException("\"" + FIELD + "\" of the genesis document is no gzip in base64");
        }
        if (json.length > UNPACKED_BYTES_MAX) {
            throw new LedgerException(
                    "\"" + FIELD + "\" of the genesis document has more than " + UNPACKED_BYTES_MAX + " bytes");
        }
        JsonNode root;
        try {
            root = MAPPER.readTree(json);
        } catch (JacksonException e) {
            throw new LedgerException(
                    "\"" + FIELD + "\" of the genesis document is no JSON: " + e.getOriginalMessage());
        }
        JsonNode alloc = root.path(ALLOC);
        JsonNode codes = root.path(CODES);
        for (Map.Entry<String, JsonNode> entry : alloc.properties()) {
            JsonNode code = entry.getValue().get(CODE);
            if (code != null && code.isNumber() && entry.getValue() instanceof ObjectNode account) {
                JsonNode text = code.canConvertToInt() ? codes.get(code.intValue()) : null;
                if (text == null) {
                    throw new LedgerException("\"" + FIELD + "\" of the genesis document has no code " + code);
                }
                account.set(CODE, text);
            }
        }
        return alloc;
    }
}
