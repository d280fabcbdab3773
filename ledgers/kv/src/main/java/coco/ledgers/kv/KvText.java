package coco.ledgers.kv;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** UTF-8, strictly: what is not valid would become some replacement, and two names would be one. */
final class KvText {
    private KvText() {}

    /**
     * Encodes.
     *
     * @throws IllegalArgumentException if the text holds half of a surrogate pair
     */
    static byte[] bytes(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (Character.charCount(text.codePointAt(i)) != 2) {
                    throw new IllegalArgumentException("text has to be valid Unicode");
                }
                i++;
            }
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Decodes.
     *
     * @throws IllegalArgumentException if the bytes are not UTF-8
     */
    static String of(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (!Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes)) {
            throw new IllegalArgumentException("bytes have to be UTF-8");
        }
        return text;
    }
}
