package coco.attestation.platforms;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** As much of the form of Intel's quotes (versions 3, 4 and 5) as it takes to find their end. */
final class IntelQuote {
    private static final int HEADER_BYTES = 48;
    private static final int SGX_BODY_BYTES = 384;
    private static final int TDX_BODY_BYTES = 584;
    private static final int VERSION_WITH_BODY_TYPE = 5;

    private IntelQuote() {}

    /** Returns the quote without the zeros after it; with them, if anything about its lengths is odd. */
    static byte[] withoutPadding(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long body;
        if (in.getShort(0) >= VERSION_WITH_BODY_TYPE) {
            // Body type (2 bytes) and size (4) come first.
            if (bytes.length < HEADER_BYTES + 6) {
                return bytes;
            }
            body = 6 + (in.getInt(HEADER_BYTES + 2) & 0xffff_ffffL);
        } else {
            body = in.getInt(4) == 0 ? SGX_BODY_BYTES : TDX_BODY_BYTES;
        }
        long lengthAt = HEADER_BYTES + body;
        if (lengthAt + Integer.BYTES > bytes.length) {
            return bytes;
        }
        long end = lengthAt + Integer.BYTES + (in.getInt((int) lengthAt) & 0xffff_ffffL);
        return end > bytes.length ? bytes : Recognition.withoutZeros(bytes, (int) end);
    }
}
