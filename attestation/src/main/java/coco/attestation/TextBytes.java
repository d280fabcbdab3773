package coco.attestation;

import coco.crypto.Hex;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Bytes written as text. */
public final class TextBytes {
    private TextBytes() {}

    /**
     * Reads hexadecimal digits, with or without 0x, or else Base64 of either alphabet (RFC 4648, sections 4 and 5),
     * with or without padding. White space counts for nothing.
     *
     * @return null for anything else, and for no bytes at all
     */
    public static byte @Nullable [] decode(String text) {
        String packed = packed(text);
        String digits = packed.startsWith("0x") ? packed.substring(2) : packed;
        try {
            return digits.isEmpty() ? null : Hex.decode(digits);
        } catch (IllegalArgumentException _) {
            // It may be the other kind.
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(packed.replace('-', '+').replace('_', '/'));
            return bytes.length == 0 ? null : bytes;
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    /** Replaces each % and two hexadecimal digits by that character (RFC 3986, section 2.1); a + stays one. */
    static String percentDecoded(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int high = c == '%' && i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
            int low = high < 0 ? -1 : Character.digit(text.charAt(i + 2), 16);
            if (low < 0) {
                out.append(c);
            } else {
                out.append((char) ((high << 4) | low));
                i += 2;
            }
        }
        return out.toString();
    }

    private static String packed(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isWhitespace(c)) {
                out.append(c);
            }
        }
        return out.toString();
    }
}
