package coco.client.load;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One HTTP request being put together, in one array that is used again for the next. The body is written first; room
 * before it takes the head, whose length line needs the body's length. Not thread-safe.
 */
public final class RequestBuffer {
    /** Enough for any head this package writes. */
    private static final int HEAD_ROOM = 512;

    private static final byte[] HEX_DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes = new byte[64 * 1024];
    private int start = HEAD_ROOM;
    private int end = HEAD_ROOM;

    RequestBuffer() {}

    void clear() {
        start = HEAD_ROOM;
        end = HEAD_ROOM;
    }

    /** Appends text of ASCII characters to the body. */
    public RequestBuffer ascii(String text) {
        int length = text.length();
        ensure(length);
        for (int i = 0; i < length; i++) {
            bytes[end + i] = (byte) text.charAt(i);
        }
        end += length;
        return this;
    }

    /** Appends a number in decimal to the body. */
    public RequestBuffer decimal(long value) {
        return ascii(Long.toString(value));
    }

    /** Appends bytes as lower-case hexadecimal digits to the body. */
    public RequestBuffer hex(byte[] value) {
        ensure(2 * value.length);
        for (byte b : value) {
            bytes[end++] = HEX_DIGITS[(b >> 4) & 15];
            bytes[end++] = HEX_DIGITS[b & 15];
        }
        return this;
    }

    /** Puts the head before the body. Once per request, last. */
    void head(String linesUpToLength) {
        byte[] head = (linesUpToLength + (end - start) + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        if (head.length > HEAD_ROOM) {
            throw new IllegalStateException("a request head of " + head.length + " bytes");
        }
        start = HEAD_ROOM - head.length;
        System.arraycopy(head, 0, bytes, start, head.length);
    }

    byte[] array() {
        return bytes;
    }

    int offset() {
        return start;
    }

    int length() {
        return end - start;
    }

    private void ensure(int more) {
        if (end + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, end + more));
        }
    }
}
