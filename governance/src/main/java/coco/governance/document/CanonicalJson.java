package coco.governance.document;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * The one byte form of a JSON value: RFC 8785 (JSON canonicalisation) narrowed to integers. Object keys in ascending
 * order of UTF-16 code units, no spaces, the shortest escapes, integers of any size in decimal. Fractions and exponents
 * are refused: their text form depends on whose floating-point printer wrote them.
 *
 * <p>Recursion is bounded by the nesting limit of the parser that made the tree.
 */
public final class CanonicalJson {
    private CanonicalJson() {}

    /**
     * Writes a tree.
     *
     * @param path of the value, for complaints; empty for a whole document
     * @throws DocumentException if it holds a number that is not whole
     */
    public static String write(JsonNode node, String path) {
        StringBuilder out = new StringBuilder();
        append(node, path, out);
        return out.toString();
    }

    private static void append(JsonNode node, String path, StringBuilder out) {
        if (node.isObject()) {
            appendObject(node, path, out);
        } else if (node.isArray()) {
            out.append('[');
            for (int i = 0; i < node.size(); i++) {
                if (i > 0) {
                    out.append(',');
                }
                append(node.get(i), path + "[" + i + "]", out);
            }
            out.append(']');
        } else if (node.isString()) {
            appendString(node.stringValue(), out);
        } else if (node.isIntegralNumber()) {
            BigInteger value = node.bigIntegerValue();
            out.append(value);
        } else if (node.isBoolean()) {
            out.append(node.booleanValue());
        } else if (node.isNull()) {
            out.append("null");
        } else {
            throw new DocumentException(path, "only whole numbers have one canonical form");
        }
    }

    private static void appendObject(JsonNode node, String path, StringBuilder out) {
        List<String> names = new ArrayList<>(node.propertyNames());
        Collections.sort(names);
        out.append('{');
        String separator = "";
        for (String name : names) {
            out.append(separator);
            appendString(name, out);
            out.append(':');
            append(node.get(name), path.isEmpty() ? name : path + "." + name, out);
            separator = ",";
        }
        out.append('}');
    }

    /** RFC 8785, section 3.2.2.2. */
    private static void appendString(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\t' -> out.append("\\t");
                case '\n' -> out.append("\\n");
                case '\f' -> out.append("\\f");
                case '\r' -> out.append("\\r");
                default -> {
                    if (c < 0x20) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
