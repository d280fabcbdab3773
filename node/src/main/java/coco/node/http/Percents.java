package coco.node.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Percent encoding (RFC 3986, 2.1), judged before it is decoded. Helidon decodes leniently or throws; but bytes that
 * are no UTF-8 would all become the same replacement character, and different names the same name.
 */
final class Percents {
    private static final int LAST_ASCII = 0x7e;

    private Percents() {}

    /** Whether every percent sign begins an octet, and the octets are UTF-8. */
    static boolean areValid(String raw) {
        return raw.chars().allMatch(letter -> letter <= LAST_ASCII && letter != '%') || decodes(raw);
    }

    private static boolean decodes(String raw) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char letter = raw.charAt(i);
            if (letter > LAST_ASCII) {
                return false;
            }
            if (letter != '%') {
                octets.write(letter);
                continue;
            }
            if (i + 2 >= raw.length()
                    || !HexFormat.isHexDigit(raw.charAt(i + 1))
                    || !HexFormat.isHexDigit(raw.charAt(i + 2))) {
                return false;
            }
            octets.write(HexFormat.fromHexDigits(raw, i + 1, i + 3));
            i += 2;
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets.toByteArray()));
            return true;
        } catch (CharacterCodingException notText) {
            return false;
        }
    }
}
