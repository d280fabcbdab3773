package coco.governance;

import coco.crypto.Certificates;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Between a {@link Genesis} and its JSON. JSON only: YAML would turn the {@code 0x10} of an Ethereum genesis into
 * sixteen.
 */
final class GenesisDocument {
    /** Room for a ledger genesis with some hundred thousand funded accounts. */
    private static final int DOCUMENT_BYTES_MAX = 64 * 1024 * 1024;

    private static final int NESTING_MAX = 32;

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

    private GenesisDocument() {}

    static Genesis parse(byte[] json) {
        if (json.length > DOCUMENT_BYTES_MAX) {
            throw new GenesisException("", "longer than " + DOCUMENT_BYTES_MAX + " bytes");
        }
        Fields root = new Fields(read(json), "");
        int version = root.integer("version");
        if (version != Genesis.FORMAT_VERSION) {
            throw new GenesisException(
                    "version", "this software reads version " + Genesis.FORMAT_VERSION + ", found " + version);
        }
        Genesis genesis = new Genesis(
                root.text("service"),
                preset(root.text("preset")),
                root.list("members", f -> new Member(f.text("id"), f.certificate("certificate"))),
                root.list("participants", f -> new Participant(f.text("id"), f.certificate("certificate"))),
                new NodeList(root.list("nodes", GenesisDocument::node)),
                manifest(root.object("manifest")),
                limits(root.object("limits")),
                ledgers(root.required("ledgers")));
        root.finish();
        return genesis;
    }

    static ObjectNode tree(Genesis genesis) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("version", Genesis.FORMAT_VERSION);
        root.put("service", genesis.service());
        root.put("preset", genesis.preset().word());
        ArrayNode members = root.putArray("members");
        genesis.members()
                .forEach(m ->
                        members.addObject().put("id", m.id()).put("certificate", Certificates.toPem(m.certificate())));
        ArrayNode participants = root.putArray("participants");
        genesis.participants()
                .forEach(p -> participants
                        .addObject()
                        .put("id", p.id())
                        .put("certificate", Certificates.toPem(p.certificate())));
        ArrayNode nodes = root.putArray("nodes");
        genesis.nodes()
                .nodes()
                .forEach(n -> nodes.addObject()
                        .put("id", n.id())
                        .put("host", n.host())
                        .put("raftPort", n.raftPort())
                        .put("administrativePort", n.administrativePort())
                        .put("applicationPort", n.applicationPort())
                        .put("certificate", Certificates.toPem(n.certificate()))
                        .put(
                                "wrappingKey",
                                Base64.getEncoder()
                                        .encodeToString(n.wrappingKey().getEncoded())));
        ObjectNode manifest = root.putObject("manifest");
        ArrayNode platforms = manifest.putArray("platforms");
        genesis.manifest().platforms().forEach(platforms::add);
        ArrayNode code = manifest.putArray("code");
        genesis.manifest().code().forEach(code::add);
        root.putObject("limits")
                .put("batchMaxTransactions", genesis.limits().batchMaxTransactions())
                .put("batchMinIntervalMillis", genesis.limits().batchMinIntervalMillis())
                .put("blockMaxBytes", genesis.limits().blockMaxBytes())
                .put("pipelineWindow", genesis.limits().pipelineWindow());
        ObjectNode ledgers = root.putObject("ledgers");
        genesis.ledgers().forEach((id, document) -> ledgers.set(id, MAPPER.readTree(document)));
        return root;
    }

    static String canonical(JsonNode tree) {
        return CanonicalJson.write(tree, "");
    }

    static String canonical(String json, String path) {
        try {
            return CanonicalJson.write(MAPPER.readTree(json), path);
        } catch (JacksonException notJson) {
            throw new GenesisException(path, "not valid JSON: " + notJson.getOriginalMessage());
        }
    }

    static String pretty(JsonNode tree) {
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(tree) + "\n";
    }

    private static JsonNode read(byte[] json) {
        try {
            JsonNode tree = MAPPER.readTree(json);
            if (!tree.isObject()) {
                throw new GenesisException("", "a genesis document is a JSON object");
            }
            return tree;
        } catch (JacksonException notJson) {
            // Breaches of the parser's limits carry no place.
            @Nullable TokenStreamLocation place = notJson.getLocation();
            throw new GenesisException(
                    "",
                    "not valid JSON" + (place == null ? "" : " at line " + place.getLineNr()) + ": "
                            + notJson.getOriginalMessage());
        }
    }

    private static Preset preset(String word) {
        for (Preset preset : Preset.values()) {
            if (preset.word().equals(word)) {
                return preset;
            }
        }
        throw new GenesisException("preset", "must be 'development' or 'consortium', found '" + word + "'");
    }

    private static NodeEntry node(Fields fields) {
        return new NodeEntry(
                fields.text("id"),
                fields.text("host"),
                fields.integer("raftPort"),
                fields.integer("administrativePort"),
                fields.integer("applicationPort"),
                fields.certificate("certificate"),
                fields.publicKey("wrappingKey"));
    }

    private static Manifest manifest(Fields fields) {
        Manifest manifest = new Manifest(fields.texts("platforms"), fields.texts("code"));
        fields.finish();
        return manifest;
    }

    private static GenesisLimits limits(Fields fields) {
        GenesisLimits limits = new GenesisLimits(
                fields.integer("batchMaxTransactions"),
                fields.integer("batchMinIntervalMillis"),
                fields.integer("blockMaxBytes"),
                fields.integer("pipelineWindow"));
        fields.finish();
        return limits;
    }

    private static SortedMap<String, String> ledgers(JsonNode node) {
        if (!node.isObject()) {
            throw new GenesisException("ledgers", "must be an object: ledger id to genesis document");
        }
        SortedMap<String, String> ledgers = new TreeMap<>();
        node.propertyStream()
                .forEach(entry -> ledgers.put(
                        entry.getKey(), CanonicalJson.write(entry.getValue(), "ledgers." + entry.getKey())));
        return ledgers;
    }

    /** One JSON object being read: notes which keys were asked for, so that the rest can be refused by name. */
    private static final class Fields {
        private final JsonNode node;
        private final String path;
        private final Set<String> known = new HashSet<>();

        Fields(JsonNode node, String path) {
            this.node = node;
            this.path = path;
            if (!node.isObject()) {
                throw new GenesisException(path, "must be an object");
            }
        }

        JsonNode required(String name) {
            known.add(name);
            @Nullable JsonNode value = node.get(name);
            if (value == null || value.isNull()) {
                throw new GenesisException(at(name), "is missing");
            }
            return value;
        }

        Fields object(String name) {
            return new Fields(required(name), at(name));
        }

        String text(String name) {
            JsonNode value = required(name);
            if (!value.isString()) {
                throw new GenesisException(at(name), "must be a string");
            }
            return value.stringValue();
        }

        int integer(String name) {
            JsonNode value = required(name);
            if (!value.isIntegralNumber() || !value.canConvertToInt()) {
                throw new GenesisException(at(name), "must be a whole number of at most 32 bits");
            }
            return value.intValue();
        }

        <T> List<T> list(String name, Function<Fields, T> element) {
            JsonNode array = array(name);
            List<T> out = new ArrayList<>();
            for (int i = 0; i < array.size(); i++) {
                String where = at(name) + "[" + i + "]";
                Fields fields = new Fields(array.get(i), where);
                out.add(element.apply(fields));
                fields.finish();
            }
            return out;
        }

        List<String> texts(String name) {
            JsonNode array = array(name);
            List<String> out = new ArrayList<>();
            for (int i = 0; i < array.size(); i++) {
                if (!array.get(i).isString()) {
                    throw new GenesisException(at(name) + "[" + i + "]", "must be a string");
                }
                out.add(array.get(i).stringValue());
            }
            return out;
        }

        X509Certificate certificate(String name) {
            String pem = text(name);
            try {
                return Certificates.fromPem(pem);
            } catch (RuntimeException unreadable) {
                throw new GenesisException(at(name), "must be one X.509 certificate in PEM");
            }
        }

        PublicKey publicKey(String name) {
            String base64 = text(name);
            try {
                byte[] encoded = Base64.getDecoder().decode(base64);
                PublicKey key = KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(encoded));
                if (!Arrays.equals(encoded, key.getEncoded())) {
                    throw new GenesisException(at(name), "the key is not in its canonical encoding");
                }
                return key;
            } catch (IllegalArgumentException | GeneralSecurityException unreadable) {
                throw new GenesisException(at(name), "must be a P-256 public key: base64 of SubjectPublicKeyInfo");
            }
        }

        void finish() {
            for (String name : node.propertyNames()) {
                if (!known.contains(name)) {
                    throw new GenesisException(at(name), "unknown key; known here: " + String.join(", ", sorted()));
                }
            }
        }

        private List<String> sorted() {
            return known.stream().sorted().toList();
        }

        private JsonNode array(String name) {
            JsonNode value = required(name);
            if (!value.isArray()) {
                throw new GenesisException(at(name), "must be a list");
            }
            return value;
        }

        private String at(String name) {
            return path.isEmpty() ? name : path + "." + name;
        }
    }
}
