package coco.ledgers.ethereum.rpc;

import coco.evm.types.Address;
import coco.evm.types.Word;
import java.math.BigDecimal;
import java.util.HexFormat;
import tools.jackson.core.JsonGenerator;

/** Writes numbers and bytes as JSON-RPC wants them: quantities without leading zeros, data with all of them. */
final class Hexes {
    private static final HexFormat FORMAT = HexFormat.of();

    private Hexes() {}

    static String quantity(long unsigned) {
        return "0x" + Long.toHexString(unsigned);
    }

    static String data(byte[] bytes) {
        char[] text = new char[2 + bytes.length * 2];
        text[0] = '0';
        text[1] = 'x';
        for (int i = 0; i < bytes.length; i++) {
            text[2 + i * 2] = FORMAT.toHighHexDigit(bytes[i]);
            text[3 + i * 2] = FORMAT.toLowHexDigit(bytes[i]);
        }
        return new String(text);
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
        out.writeStringProperty(name, quantity(unsigned));
    }

    static void quantity(JsonGenerator out, String name, Word value) {
        out.writeStringProperty(name, value.fitsLong() ? quantity(value.l0()) : value.toQuantity());
    }

    static void data(JsonGenerator out, String name, byte[] bytes) {
        out.writeStringProperty(name, data(bytes));
    }

    static void address(JsonGenerator out, String name, Address address) {
        out.writeStringProperty(name, address.hex());
    }
}
