package coco.journal;

import coco.crypto.Certificates;
import coco.crypto.CryptoException;
import coco.crypto.Hex;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON forms of receipts, heads and consistency proofs: bytes in lower-case hexadecimal, certificates in PEM,
 * numbers as JSON numbers. A reader refuses members that it does not know. See docs/specs/receipt.md.
 */
public final class ReceiptJson {
    private static final String FORMAT = "format";
    private static final String RECEIPT = "coco-receipt-1";
    private static final String HEAD = "coco-head-1";
    private static final String CONSISTENCY = "coco-consistency-1";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private ReceiptJson() {}

    /** A head with the identities that it is verified by. */
    public record Head(SignedHead head, List<ServiceIdentity> identities) {
        /** Copies the list. */
        public Head {
            identities = List.copyOf(identities);
        }
    }

    /** A receipt as JSON, in UTF-8. */
    public static byte[] encode(Receipt receipt) {
        ObjectNode json = JSON.createObjectNode().put(FORMAT, RECEIPT);
        json.set("head", head(receipt.head()));
        Leaf leaf = receipt.leaf();
        json.putObject("leaf")
                .put("salt", Hex.encode(leaf.salt()))
                .put("id", Hex.encode(leaf.id()))
                .put("claims", Hex.encode(leaf.claims()))
                .put("writes", Hex.encode(leaf.writesDigest()));
        json.set("path", path(receipt.path()));
        json.set("identities", identities(receipt.identities()));
        Receipt.Inclusion newer = receipt.newer();
        if (newer == null) {
            json.putNull("newer");
        } else {
            ObjectNode inclusion = json.putObject("newer");
            inclusion.set("head", head(newer.head()));
            inclusion.set("path", path(newer.path()));
        }
        return JSON.writeValueAsBytes(json);
    }

    /** A head as JSON, in UTF-8. */
    public static byte[] encode(Head head) {
        ObjectNode json = JSON.createObjectNode().put(FORMAT, HEAD);
        json.set("head", head(head.head()));
        json.set("identities", identities(head.identities()));
        return JSON.writeValueAsBytes(json);
    }

    /** A consistency proof as JSON, in UTF-8. */
    public static byte[] encode(ConsistencyProof proof) {
        ObjectNode json = JSON.createObjectNode().put(FORMAT, CONSISTENCY);
        json.set("from", head(proof.from()));
        json.set("to", head(proof.to()));
        json.set("consistency", hashes(proof.consistency()));
        json.set("inclusion", path(proof.inclusion()));
        json.set("identities", identities(proof.identities()));
        return JSON.writeValueAsBytes(json);
    }

    private static ObjectNode head(SignedHead head) {
        ObjectNode json = JSON.createObjectNode()
                .put("header", Hex.encode(head.header().encode()))
                .put("signature", Hex.encode(head.signature()))
                .put("nonce", Hex.encode(head.nonce()))
                .put("sealer", Certificates.toPem(head.sealer()));
        SealerEndorsement endorsement = head.endorsement();
        if (endorsement == null) {
            return json.putNull("endorsement");
        }
        json.putObject("endorsement")
                .put("generation", endorsement.generation())
                .put("height", endorsement.height())
                .put("signature", Hex.encode(endorsement.signature()));
        return json;
    }

    private static ObjectNode path(MerkleProof proof) {
        ObjectNode json = JSON.createObjectNode().put("index", proof.index()).put("size", proof.size());
        json.set("hashes", hashes(proof.path()));
        return json;
    }

    private static ArrayNode hashes(List<byte[]> hashes) {
        ArrayNode json = JSON.createArrayNode();
        hashes.forEach(hash -> json.add(Hex.encode(hash)));
        return json;
    }

    private static ArrayNode identities(List<ServiceIdentity> identities) {
        ArrayNode json = JSON.createArrayNode();
        for (ServiceIdentity identity : identities) {
            json.addObject()
                    .put("generation", identity.generation())
                    .put("height", identity.height())
                    .put("certificate", Certificates.toPem(identity.certificate()))
                    .put("endorsement", Hex.encode(identity.endorsement()));
        }
        return json;
    }

    /**
     * Reads a receipt. Says nothing about whether it is true.
     *
     * @throws MalformedException if it is not of this form
     */
    public static Receipt receipt(byte[] bytes) throws MalformedException {
        JsonNode json = parse(bytes, RECEIPT, "head", "leaf", "path", "identities", "newer");
        JsonNode leaf = members(json.get("leaf"), "salt", "id", "claims", "writes");
        JsonNode newer = json.get("newer");
        return new Receipt(
                readHead(json.get("head")),
                new Leaf(hash(leaf, "salt"), hash(leaf, "id"), hash(leaf, "claims"), hash(leaf, "writes")),
                readPath(json.get("path")),
                readIdentities(json.get("identities")),
                newer.isNull() ? null : inclusion(members(newer, "head", "path")));
    }

    /**
     * Reads a head.
     *
     * @throws MalformedException if it is not of this form
     */
    public static Head head(byte[] bytes) throws MalformedException {
        JsonNode json = parse(bytes, HEAD, "head", "identities");
        return new Head(readHead(json.get("head")), readIdentities(json.get("identities")));
    }

    /**
     * Reads a consistency proof.
     *
     * @throws MalformedException if it is not of this form
     */
    public static ConsistencyProof consistency(byte[] bytes) throws MalformedException {
        JsonNode json = parse(bytes, CONSISTENCY, "from", "to", "consistency", "inclusion", "identities");
        return new ConsistencyProof(
                readHead(json.get("from")),
                readHead(json.get("to")),
                readHashes(json.get("consistency")),
                readPath(json.get("inclusion")),
                readIdentities(json.get("identities")));
    }

    private static Receipt.Inclusion inclusion(JsonNode json) throws MalformedException {
        return new Receipt.Inclusion(readHead(json.get("head")), readPath(json.get("path")));
    }

    private static SignedHead readHead(JsonNode json) throws MalformedException {
        members(json, "header", "signature", "nonce", "sealer", "endorsement");
        return new SignedHead(
                BlockHeader.decode(bytes(json, "header", BlockHeader.LENGTH), 0),
                bytes(json, "signature", SealedBlock.SIGNATURE_LENGTH),
                hash(json, "nonce"),
                certificate(json, "sealer"),
                readEndorsement(json.get("endorsement")));
    }

    private static @Nullable SealerEndorsement readEndorsement(JsonNode json) throws MalformedException {
        if (json.isNull()) {
            return null;
        }
        members(json, "generation", "height", "signature");
        return new SealerEndorsement(
                ReceiptCose.number(number(json, "generation")),
                number(json, "height"),
                bytes(json, "signature", SealedBlock.SIGNATURE_LENGTH));
    }

    private static MerkleProof readPath(JsonNode json) throws MalformedException {
        members(json, "index", "size", "hashes");
        return new MerkleProof(number(json, "index"), number(json, "size"), readHashes(json.get("hashes")));
    }

    private static List<byte[]> readHashes(JsonNode json) throws MalformedException {
        List<byte[]> hashes = new ArrayList<>();
        for (JsonNode each : items(json, Receipt.PATH_MAX)) {
            hashes.add(hex(each, "a hash", Digests.LENGTH));
        }
        return hashes;
    }

    private static List<ServiceIdentity> readIdentities(JsonNode json) throws MalformedException {
        List<ServiceIdentity> identities = new ArrayList<>();
        for (JsonNode each : items(json, Receipt.IDENTITIES_MAX)) {
            members(each, "generation", "height", "certificate", "endorsement");
            int generation = ReceiptCose.number(number(each, "generation"));
            String digits = each.get("endorsement").asString("");
            byte[] endorsement = bytes(each, "endorsement", digits.isEmpty() ? 0 : SealedBlock.SIGNATURE_LENGTH);
            identities.add(ReceiptCose.identity(
                    generation, number(each, "height"), certificate(each, "certificate"), endorsement));
        }
        return identities;
    }

    private static JsonNode parse(byte[] bytes, String format, String... names) throws MalformedException {
        if (bytes.length > Receipt.BYTES_MAX) {
            throw new MalformedException("more than " + Receipt.BYTES_MAX + " bytes");
        }
        JsonNode json;
        try {
            json = JSON.readTree(bytes);
        } catch (JacksonException e) {
            throw new MalformedException("not JSON, or a name twice");
        }
        List<String> all = new ArrayList<>(List.of(names));
        all.addFirst(FORMAT);
        members(json, all.toArray(String[]::new));
        if (!json.get(FORMAT).isString() || !json.get(FORMAT).stringValue().equals(format)) {
            throw new MalformedException("not of the format " + format);
        }
        return json;
    }

    private static JsonNode members(JsonNode json, String... names) throws MalformedException {
        if (!json.isObject() || !Set.copyOf(json.propertyNames()).equals(Set.of(names))) {
            throw new MalformedException("an object with other members than " + String.join(", ", names));
        }
        return json;
    }

    private static List<JsonNode> items(JsonNode json, int max) throws MalformedException {
        if (!json.isArray() || json.size() > max) {
            throw new MalformedException("no array, or one of more than " + max);
        }
        return List.copyOf(json.values());
    }

    private static long number(JsonNode json, String name) throws MalformedException {
        JsonNode number = json.get(name);
        if (!number.isIntegralNumber() || !number.canConvertToLong()) {
            throw new MalformedException(name + " is no integer of 63 bits");
        }
        return ReceiptCose.natural(number.longValue());
    }

    private static byte[] hash(JsonNode json, String name) throws MalformedException {
        return bytes(json, name, Digests.LENGTH);
    }

    private static byte[] bytes(JsonNode json, String name, int length) throws MalformedException {
        return hex(json.get(name), name, length);
    }

    private static byte[] hex(JsonNode json, String name, int length) throws MalformedException {
        String digits = json.isString() ? json.stringValue() : "";
        try {
            byte[] bytes = Hex.decode(digits);
            if (json.isString() && bytes.length == length && Hex.encode(bytes).equals(digits)) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            // Said below, as of one that is too long.
        }
        throw new MalformedException(name + " is not " + length + " bytes in lower-case hexadecimal");
    }

    private static X509Certificate certificate(JsonNode json, String name) throws MalformedException {
        String pem = json.get(name).isString() ? json.get(name).stringValue() : "";
        if (pem.length() > 2 * Receipt.CERTIFICATE_BYTES_MAX) {
            throw new MalformedException(name + " is too long");
        }
        try {
            return Certificates.fromPem(pem);
        } catch (CryptoException e) {
            throw new MalformedException(name + " is no certificate in PEM");
        }
    }
}
