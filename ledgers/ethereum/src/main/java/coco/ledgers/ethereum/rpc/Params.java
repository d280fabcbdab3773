package coco.ledgers.ethereum.rpc;

import coco.evm.types.Address;
import coco.evm.types.Word;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The positional parameters of one request, read with geth's checks and words. */
final class Params {
    private static final Pattern ADDRESS = Pattern.compile("0[xX][0-9a-fA-F]{40}");

    private final List<JsonNode> values;

    Params(List<JsonNode> values) {
        this.values = values;
    }

    /** Demands that there are no more than a method takes. */
    void atMost(int count) throws RpcException {
        if (values.size() > count) {
            throw new RpcException(RpcException.INVALID_PARAMS, "too many arguments, want at most " + count);
        }
    }

    boolean has(int index) {
        return index < values.size() && !values.get(index).isNull();
    }

    JsonNode required(int index) throws RpcException {
        if (!has(index)) {
            throw new RpcException(RpcException.INVALID_PARAMS, "missing value for required argument " + index);
        }
        return values.get(index);
    }

    @Nullable
    JsonNode optional(int index) {
        return has(index) ? values.get(index) : null;
    }

    Address address(int index) throws RpcException {
        return Address.of(fixed(required(index), Address.SIZE, "common.Address", index));
    }

    byte[] hash(int index) throws RpcException {
        return fixed(required(index), 32, "common.Hash", index);
    }

    byte[] bytes(int index) throws RpcException {
        return bytes(required(index), "hexutil.Bytes", index);
    }

    boolean bool(int index) throws RpcException {
        JsonNode node = required(index);
        if (!node.isBoolean()) {
            throw mistyped(node, "bool", index);
        }
        return node.booleanValue();
    }

    /** A number of milliseconds and the like: a JSON number or a quantity. */
    long count(int index) throws RpcException {
        JsonNode node = required(index);
        if (node.isIntegralNumber() && node.canConvertToLong() && node.longValue() >= 0) {
            return node.longValue();
        }
        return quantity64(node, "math.HexOrDecimal64", index);
    }

    /** A slot: up to 32 bytes, whose leading zeros may be missing. */
    Word slot(int index) throws RpcException {
        return slot(required(index), index);
    }

    static Word slot(JsonNode node, int index) throws RpcException {
        String text = string(node, "string", index);
        String digits = text.startsWith("0x") || text.startsWith("0X") ? text.substring(2) : text;
        if (digits.length() > 64) {
            throw new RpcException(
                    RpcException.INVALID_PARAMS,
                    "storage key too long (want at most 32 bytes): \"" + abbreviated(text) + "\"");
        }
        try {
            return Word.ofBytes(HexFormat.of().parseHex((digits.length() & 1) == 0 ? digits : "0" + digits));
        } catch (IllegalArgumentException e) {
            throw new RpcException(RpcException.INVALID_PARAMS, "unable to decode storage key: hex string invalid");
        }
    }

    /** The id of a subscription or filter. */
    String id(int index) throws RpcException {
        return string(required(index), "rpc.ID", index);
    }

    BlockTag block(int index) throws RpcException {
        JsonNode node = required(index);
        return BlockTag.parse(node, index);
    }

    /** A block that is not asked for by its hash. */
    BlockTag blockNumber(int index) throws RpcException {
        return BlockTag.parseNumber(required(index), index);
    }

    BlockTag blockOrLatest(int index) throws RpcException {
        return has(index) ? block(index) : BlockTag.LATEST;
    }

    /**
     * Every account that the parameters name, wherever in them, in lower-case hexadecimal without a prefix.
     *
     * @param most how many are looked for
     */
    List<String> named(int most) {
        Set<String> found = new TreeSet<>();
        for (JsonNode value : values) {
            collect(value, found, most);
        }
        return List.copyOf(found);
    }

    /** The depth of a request is bounded by whoever read it. */
    private static void collect(JsonNode node, Set<String> found, int most) {
        if (found.size() >= most) {
            return;
        }
        if (node.isString()) {
            String text = node.stringValue();
            if (ADDRESS.matcher(text).matches()) {
                found.add(text.substring(2).toLowerCase(Locale.ROOT));
            }
            return;
        }
        for (JsonNode each : node) {
            collect(each, found, most);
        }
    }

    // ---- shared with objects inside parameters ----

    /** A field of an object; null if it is missing or null. */
    static @Nullable JsonNode present(JsonNode node, String name) {
        JsonNode value = node.get(name);
        return value == null || value.isNull() ? null : value;
    }

    static byte[] fixed(JsonNode node, int size, String type, int index) throws RpcException {
        byte[] bytes = decode(node, type, index);
        if (bytes.length != size) {
            throw RpcException.invalidArgument(
                    index, "hex string has length " + bytes.length * 2 + ", want " + size * 2 + " for " + type);
        }
        return bytes;
    }

    static byte[] bytes(JsonNode node, String type, int index) throws RpcException {
        return decode(node, type, index);
    }

    private static byte[] decode(JsonNode node, String type, int index) throws RpcException {
        String text = string(node, type, index);
        if (text.isEmpty()) {
            return new byte[0];
        }
        if (!text.startsWith("0x") && !text.startsWith("0X")) {
            throw mistyped("hex string without 0x prefix", type, index);
        }
        if ((text.length() & 1) != 0) {
            throw mistyped("hex string of odd length", type, index);
        }
        try {
            return HexFormat.of().parseHex(text, 2, text.length());
        } catch (IllegalArgumentException e) {
            throw mistyped("invalid hex string", type, index);
        }
    }

    static long quantity64(JsonNode node, String type, int index) throws RpcException {
        Word value = quantity(node, type, index);
        if (value.bitLength() > 64) {
            throw mistyped("hex number > 64 bits", type, index);
        }
        return value.l0();
    }

    static Word quantity(JsonNode node, String type, int index) throws RpcException {
        String text = string(node, type, index);
        String fault = quantityFault(text);
        if (fault != null) {
            throw mistyped(fault, type, index);
        }
        return Word.fromHex(text.substring(2));
    }

    /** What is wrong with a quantity, in geth's words; null if nothing is. */
    static @Nullable String quantityFault(String text) {
        if (text.isEmpty()) {
            return "empty hex string";
        }
        if (!text.startsWith("0x") && !text.startsWith("0X")) {
            return "hex string without 0x prefix";
        }
        String digits = text.substring(2);
        if (digits.isEmpty()) {
            return "hex string \"0x\"";
        }
        if (digits.length() > 1 && digits.charAt(0) == '0') {
            return "hex number with leading zero digits";
        }
        if (digits.length() > 64) {
            return "hex number > 256 bits";
        }
        for (int i = 0; i < digits.length(); i++) {
            if (!HexFormat.isHexDigit(digits.charAt(i))) {
                return "invalid hex string";
            }
        }
        return null;
    }

    private static String string(JsonNode node, String type, int index) throws RpcException {
        if (!node.isString()) {
            throw mistyped("non-string", type, index);
        }
        return node.stringValue();
    }

    /** A value of another kind than what is wanted, in geth's words. */
    static RpcException mistyped(JsonNode node, String type, int index) {
        return mistyped(kind(node), type, index);
    }

    private static RpcException mistyped(String what, String type, int index) {
        return RpcException.invalidArgument(index, "json: cannot unmarshal " + what + " into Go value of type " + type);
    }

    /** What a value is, in JSON's words. */
    private static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING -> "string";
            case NUMBER -> "number";
            case ARRAY -> "array";
            case OBJECT, POJO -> "object";
            case BOOLEAN, BINARY, MISSING, NULL -> "value";
        };
    }

    /** At most 96 characters of a text, for errors. */
    static String abbreviated(String text) {
        return text.length() <= 96 ? text : text.substring(0, 96) + "…";
    }
}
