package coco.governance.cose;

import coco.governance.cose.CborReader.Major;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes what {@link CborReader} reads. Heads are as short as possible; the caller puts keys of maps in order, which
 * for labels below 24 and above is the order of their numbers.
 */
final class CborWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    CborWriter integer(long value) {
        return value >= 0 ? head(Major.UNSIGNED, value) : head(Major.NEGATIVE, -1 - value);
    }

    CborWriter bytes(byte[] value) {
        head(Major.BYTES, value.length);
        out.writeBytes(value);
        return this;
    }

    CborWriter text(String value) {
        byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
        head(Major.TEXT, encoded.length);
        out.writeBytes(encoded);
        return this;
    }

    CborWriter array(int count) {
        return head(Major.ARRAY, count);
    }

    CborWriter map(int count) {
        return head(Major.MAP, count);
    }

    CborWriter tag(long number) {
        return head(Major.TAG, number);
    }

    byte[] toBytes() {
        return out.toByteArray();
    }

    private CborWriter head(Major major, long argument) {
        int type = major.bits();
        if (argument < 24) {
            out.write(type | (int) argument);
            return this;
        }
        int exponent = argument <= 0xff ? 0 : argument <= 0xffff ? 1 : argument <= 0xffff_ffffL ? 2 : 3;
        out.write(type | (24 + exponent));
        for (int shift = (8 << exponent) - 8; shift >= 0; shift -= 8) {
            out.write((int) (argument >>> shift));
        }
        return this;
    }
}
