package coco.governance.document;

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
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One JSON object being read: notes which keys were asked for, so that {@link #finish} can refuse the rest by name. All
 * methods throw {@link DocumentException} with the path of what is wrong.
 */
public final class Fields {
    private static final Pattern HEX = Pattern.compile("([0-9a-f]{2})*");

    private final JsonNode node;
    private final String path;
    private final Set<String> known = new HashSet<>();

    /**
     * Begins to read.
     *
     * @param path of the object; empty for a whole document
     */
    public Fields(JsonNode node, String path) {
        this.node = node;
        this.path = path;
        if (!node.isObject()) {
            throw new DocumentException(path, "must be an object");
        }
    }

    /** The path of a key of this object. */
    public String at(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /** The value of a key that must be there and not null. */
    public JsonNode required(String name) {
        JsonNode value = optional(name);
        if (value == null) {
            throw new DocumentException(at(name), "is missing");
        }
        return value;
    }

    /** The value of a key; null if it is missing or null. */
    public @Nullable JsonNode optional(String name) {
        known.add(name);
        @Nullable JsonNode value = node.get(name);
        return value == null || value.isNull() ? null : value;
    }

    /** What {@code read} makes of a key's value, or null if there is none. */
    public <T> @Nullable T ifPresent(String name, Function<String, T> read) {
        return optional(name) == null ? null : read.apply(name);
    }

    public Fields object(String name) {
        return new Fields(required(name), at(name));
    }

    public String text(String name) {
        JsonNode value = required(name);
        if (!value.isString()) {
            throw new DocumentException(at(name), "must be a string");
        }
        return value.stringValue();
    }

    public int integer(String name) {
        JsonNode value = required(name);
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw new DocumentException(at(name), "must be a whole number of at most 32 bits");
        }
        return value.intValue();
    }

    public long longInteger(String name) {
        JsonNode value = required(name);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new DocumentException(at(name), "must be a whole number of at most 64 bits");
        }
        return value.longValue();
    }

    public boolean bool(String name) {
        JsonNode value = required(name);
        if (!value.isBoolean()) {
            throw new DocumentException(at(name), "must be true or false");
        }
        return value.booleanValue();
    }

    /** A list of objects, each read to its end. */
    public <T> List<T> list(String name, Function<Fields, T> element) {
        JsonNode array = array(name);
        List<T> out = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            Fields fields = new Fields(array.get(i), at(name) + "[" + i + "]");
            out.add(element.apply(fields));
            fields.finish();
        }
        return out;
    }

    /** The same, empty if the key is missing. */
    public <T> List<T> listOrNone(String name, Function<Fields, T> element) {
        return optional(name) == null ? List.of() : list(name, element);
    }

    public List<String> texts(String name) {
        JsonNode array = array(name);
        List<String> out = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            if (!array.get(i).isString()) {
                throw new DocumentException(at(name) + "[" + i + "]", "must be a string");
            }
            out.add(array.get(i).stringValue());
        }
        return out;
    }

    /** The same, empty if the key is missing. */
    public List<String> textsOrNone(String name) {
        return optional(name) == null ? List.of() : texts(name);
    }

    /** One of some words. */
    public <T> T word(String name, List<T> values, Function<T, String> word) {
        String found = text(name);
        for (T value : values) {
            if (word.apply(value).equals(found)) {
                return value;
            }
        }
        throw new DocumentException(
                at(name),
                "must be one of " + String.join(", ", values.stream().map(word).toList()) + ", found '" + found + "'");
    }

    /** Lower-case hexadecimal of so many bytes. */
    public byte[] hex(String name, int minBytes, int maxBytes) {
        String text = text(name);
        if (!HEX.matcher(text).matches() || text.length() < 2 * minBytes || text.length() > 2 * maxBytes) {
            throw new DocumentException(
                    at(name), "must be lower-case hexadecimal of " + minBytes + " to " + maxBytes + " bytes");
        }
        return HexFormat.of().parseHex(text);
    }

    public X509Certificate certificate(String name) {
        String pem = text(name);
        try {
            return Certificates.fromPem(pem);
        } catch (RuntimeException unreadable) {
            throw new DocumentException(at(name), "must be one X.509 certificate in PEM");
        }
    }

    /**
     * A public key: base64 of SubjectPublicKeyInfo (RFC 5280, section 4.1).
     *
     * @param algorithms names of the JDK that may read it, such as EC
     */
    public PublicKey publicKey(String name, String... algorithms) {
        String base64 = text(name);
        for (String algorithm : algorithms) {
            PublicKey key = publicKey(base64, algorithm);
            if (key != null) {
                return key;
            }
        }
        throw new DocumentException(
                at(name),
                "must be a public key (" + String.join(", ", algorithms)
                        + "): base64 of SubjectPublicKeyInfo in its one encoding");
    }

    private static @Nullable PublicKey publicKey(String base64, String algorithm) {
        try {
            byte[] encoded = Base64.getDecoder().decode(base64);
            PublicKey key = KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(encoded));
            return Arrays.equals(encoded, key.getEncoded()) ? key : null;
        } catch (IllegalArgumentException | GeneralSecurityException unreadable) {
            return null;
        }
    }

    /** Refuses keys that nobody asked for: a misspelt rule that is skipped is a rule that is not in force. */
    public void finish() {
        for (String name : node.propertyNames()) {
            if (!known.contains(name)) {
                throw new DocumentException(
                        at(name),
                        "unknown key; known here: "
                                + String.join(", ", known.stream().sorted().toList()));
            }
        }
    }

    private JsonNode array(String name) {
        JsonNode value = required(name);
        if (!value.isArray()) {
            throw new DocumentException(at(name), "must be a list");
        }
        return value;
    }
}
