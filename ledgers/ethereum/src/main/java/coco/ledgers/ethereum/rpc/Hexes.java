package coco.ledgers.ethereum.rpc;

import coco.evm.types.Address;
import coco.evm.types.Word;
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
