package coco.journal;

/** Unsigned LEB128 of up to 63 bits, shortest form only. */
final class Varint {
    static final int MAX_LENGTH = 9;

    private Varint() {}

    static int length(long value) {
        return value == 0 ? 1 : (70 - Long.numberOfLeadingZeros(value)) / 7;
    }

    static int put(byte[] out, int offset, long value) {
        int at = offset;
        long rest = value;
        while (rest >= 0x80) {
            out[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        out[at++] = (byte) rest;
        return at;
    }
}
