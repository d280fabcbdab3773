package coco.evm.tracing;

import coco.evm.types.Word;
import java.util.HexFormat;

/** The forms of numbers and bytes in JSON-RPC. */
final class Hex {
    private static final HexFormat FORMAT = HexFormat.of();

    private Hex() {}

    /** No leading zeros, {@code 0x0} for zero. */
    static String quantity(long unsigned) {
        return "0x" + Long.toHexString(unsigned);
    }

    /** No leading zeros, {@code 0x0} for zero. */
    static String quantity(Word word) {
        return word.fitsLong() ? quantity(word.l0()) : word.toQuantity();
    }

    /** 64 digits. */
    static String word(Word word) {
        return data(word.toBytes32());
    }

    /** Two digits a byte. */
    static String data(byte[] bytes) {
        return "0x" + FORMAT.formatHex(bytes);
    }

    /** Two digits a byte of a part. */
    static String data(byte[] bytes, int from, int to) {
        return "0x" + FORMAT.formatHex(bytes, from, to);
    }
}
