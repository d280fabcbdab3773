package coco.ledgers.ethereum.rpc;

import coco.evm.types.Address;
import coco.evm.types.Word;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JsonGenerator;

/** Writes numbers and bytes as JSON-RPC wants them: quantities without leading zeros, data with all of them. */
final class Hexes {
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private Hexes() {}

    static String quantity(long unsigned) {
        return "0x" + Long.toHexString(unsigned);
    }

    static String data(byte[] bytes) {
        return new String(digits(bytes), StandardCharsets.ISO_8859_1);
    }

    private static byte[] digits(byte[] bytes) {
        byte[] text = new byte[2 + bytes.length * 2];
        text[0] = '0';
        text[1] = 'x';
        for (int i = 0; i < bytes.length; i++) {
            text[2 + i * 2] = DIGITS[bytes[i] >>> 4 & 0xF];
            text[3 + i * 2] = DIGITS[bytes[i] & 0xF];
        }
        return text;
    }

    /** A time as Go prints it, since clients match on geth's texts: 5s, 1m30s, 250ms. */
    static String duration(long millis) {
        if (millis < 1_000) {
            return millis + "ms";
        }
        long hours = millis / 3_600_000;
        long minutes = millis / 60_000 % 60;
        String seconds =
                BigDecimal.valueOf(millis % 60_000, 3).stripTrailingZeros().toPlainString() + "s";
        if (hours == 0) {
            return minutes == 0 ? seconds : minutes + "m" + seconds;
        }
        return hours + "h" + minutes + "m" + seconds;
    }

    static void quantity(JsonGenerator out, String name, long unsigned) {
        out.writeName(name);
        int digits = Math.max(1, (67 - Long.numberOfLeadingZeros(unsigned)) >>> 2);
        byte[] text = new byte[2 + digits];
        text[0] = '0';
        text[1] = 'x';
        for (int i = 0; i < digits; i++) {
            text[1 + digits - i] = DIGITS[(int) (unsigned >>> (i << 2)) & 0xF];
        }
        out.writeRawUTF8String(text, 0, text.length);
    }

    static void quantity(JsonGenerator out, String name, Word value) {
        if (value.fitsLong()) {
            quantity(out, name, value.l0());
        } else {
            out.writeName(name);
            out.writeString(value.toQuantity());
        }
    }

    static void data(JsonGenerator out, String name, byte[] bytes) {
        out.writeName(name);
        data(out, bytes);
    }

    /** Writes bytes as a string. Digits need no escapes, so they skip the generator's search for what does. */
    static void data(JsonGenerator out, byte[] bytes) {
        byte[] text = digits(bytes);
        out.writeRawUTF8String(text, 0, text.length);
    }

    static void address(JsonGenerator out, String name, Address address) {
        data(out, name, address.bytes());
    }
}
