package coco.ledgers.ethereum.rpc;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/**
 * JSON can name half of a surrogate pair, which no UTF-8 can hold; Go, and so geth, reads it as a replacement
 * character.
 */
final class WellFormed {
    private static final int REPLACEMENT = 0xfffd;

    private WellFormed() {}

    /** An id that can be sent back. */
    static JsonNode id(JsonNode id) {
        return id.isString() ? StringNode.valueOf(text(id.stringValue())) : id;
    }

    /** A text that can be sent. */
    static String text(String text) {
        return text.codePoints()
                .map(each -> each >= Character.MIN_SURROGATE && each <= Character.MAX_SURROGATE ? REPLACEMENT : each)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
