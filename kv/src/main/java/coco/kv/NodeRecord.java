package coco.kv;

/**
 * How one node of a radix is written down, for {@link MapExport} and {@link MapImport}; {@code docs/specs/snapshot.md}
 * has the bytes.
 *
 * <pre>
 * u8       flags
 * varint   nibbles of the path, then the path, two nibbles a byte, the first byte beginning with 0 if they are odd
 * u16      child mask, if {@link #CHILDREN}
 * 32 bytes digest, if {@link #DIGEST}; or u8 length (1 to 31) and so many, if {@link #SHORT_DIGEST}
 * varint   length of the value, then the value, if {@link #VALUE}
 * </pre>
 */
final class NodeRecord {
    static final int VALUE = 1;
    static final int CHILDREN = 2;
    static final int DIGEST = 4;
    static final int SHORT_DIGEST = 8;
    static final int ALL_FLAGS = VALUE | CHILDREN | DIGEST | SHORT_DIGEST;

    /** Longest varint that is read: values have 24 bits of length. */
    static final int MAX_VARINT_BYTES = 4;

    private NodeRecord() {}

    static int varintLength(int value) {
        return Math.max(1, (38 - Integer.numberOfLeadingZeros(value)) / 7);
    }

    static int putVarint(byte[] out, int offset, int value) {
        int at = offset;
        int rest = value;
        while (rest >= 0x80) {
            out[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        out[at++] = (byte) rest;
        return at;
    }
}
