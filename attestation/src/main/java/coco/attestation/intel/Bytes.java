package coco.attestation.intel;

import java.nio.ByteBuffer;

/** Small steps over bytes that the parsers share. */
final class Bytes {
    private Bytes() {}

    /** Reads the next bytes of a buffer that has them. */
    static byte[] take(ByteBuffer in, int count) {
        byte[] out = new byte[count];
        in.get(out);
        return out;
    }

    static boolean allZero(byte[] bytes) {
        int seen = 0;
        for (byte next : bytes) {
            seen |= next;
        }
        return seen == 0;
    }
}
