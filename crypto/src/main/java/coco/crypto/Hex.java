package coco.crypto;

import java.util.HexFormat;

/** Hexadecimal text: lower case, two digits a byte, no prefix. */
public final class Hex {
    private static final HexFormat FORMAT = HexFormat.of();

    private Hex() {}

    /** Returns lower-case digits, two for each byte. */
    public static String encode(byte[] bytes) {
        return FORMAT.formatHex(bytes);
    }

    /**
     * Reads hexadecimal text.
     *
     * @param digits an even number of them, of either case, without prefix
     * @throws IllegalArgumentException if it is anything else; the message does not repeat the text, which may be a key
     */
    public static byte[] decode(String digits) {
        int length = digits.length();
        if (length % 2 != 0) {
            throw new IllegalArgumentException("an odd number of hexadecimal digits: " + length);
        }
        byte[] out = new byte[length / 2];
        for (int i = 0; i < length; i += 2) {
            out[i / 2] = (byte) (digit(digits, i) << 4 | digit(digits, i + 1));
        }
        return out;
    }

    private static int digit(String digits, int index) {
        char c = digits.charAt(index);
        if (!HexFormat.isHexDigit(c)) {
            throw new IllegalArgumentException("no hexadecimal digit at position " + index);
        }
        return HexFormat.fromHexDigit(c);
    }
}
