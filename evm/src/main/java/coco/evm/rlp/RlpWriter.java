package coco.evm.rlp;

import java.util.Arrays;

/**
 * Appends RLP items to one growing buffer. A list is opened, filled and closed; closing writes its header, for which
 * one byte is kept free when the list is opened, so that only lists of 56 bytes and more move their payload once.
 *
 * <p>Reusable: {@link #reset} keeps the buffer. Not for use by several threads.
 */
public final class RlpWriter {
    private static final int SHORT_LIMIT = 55;
    private static final int STRING_OFFSET = 0x80;
    private static final int LIST_OFFSET = 0xc0;

    private byte[] buffer;
    private int size;
    private int[] open = new int[4];
    private int depth;

    /** An empty writer with room for 256 bytes. */
    public RlpWriter() {
        this(256);
    }

    /**
     * An empty writer.
     *
     * @param capacityBytes room at the start; the buffer grows as needed
     */
    public RlpWriter(int capacityBytes) {
        buffer = new byte[Math.max(16, capacityBytes)];
    }

    /** The encoding of one string. */
    public static byte[] encodeString(byte[] value) {
        return new RlpWriter(value.length + 6).string(value).toBytes();
    }

    /** Forgets everything written, keeps the buffer. */
    public RlpWriter reset() {
        size = 0;
        depth = 0;
        return this;
    }

    /** Opens a list; what follows, up to the matching {@link #endList}, are its items. */
    public RlpWriter beginList() {
        if (depth == open.length) {
            open = Arrays.copyOf(open, depth * 2);
        }
        ensure(1);
        open[depth++] = size;
        size++;
        return this;
    }

    /** Closes the list opened last. */
    public RlpWriter endList() {
        if (depth == 0) {
            throw new IllegalStateException("no list is open");
        }
        int start = open[--depth];
        int length = size - start - 1;
        if (length <= SHORT_LIMIT) {
            buffer[start] = (byte) (LIST_OFFSET + length);
            return this;
        }
        int lengthBytes = byteCount(length);
        ensure(lengthBytes);
        System.arraycopy(buffer, start + 1, buffer, start + 1 + lengthBytes, length);
        buffer[start] = (byte) (LIST_OFFSET + SHORT_LIMIT + lengthBytes);
        putBigEndian(length, lengthBytes, start + 1);
        size += lengthBytes;
        return this;
    }

    /** Appends a string. */
    public RlpWriter string(byte[] value) {
        return string(value, 0, value.length);
    }

    /** Appends a string: {@code length} bytes of {@code value} from {@code offset}. */
    public RlpWriter string(byte[] value, int offset, int length) {
        if (length == 1 && value[offset] >= 0) {
            ensure(1);
            buffer[size++] = value[offset];
            return this;
        }
        stringHeader(length);
        return raw(value, offset, length);
    }

    /** Appends a non-negative integer, given as an unsigned 64-bit value. */
    public RlpWriter unsigned(long value) {
        int bytes = byteCount(value);
        if (bytes <= 1 && value != 0 && value < STRING_OFFSET) {
            ensure(1);
            buffer[size++] = (byte) value;
            return this;
        }
        stringHeader(bytes);
        ensure(bytes);
        putBigEndian(value, bytes, size);
        size += bytes;
        return this;
    }

    /** Appends a non-negative integer, given as big-endian bytes of which leading zeros are dropped. */
    public RlpWriter unsigned(byte[] bigEndian) {
        return unsigned(bigEndian, 0, bigEndian.length);
    }

    /** Appends a non-negative integer, given as a range of big-endian bytes of which leading zeros are dropped. */
    public RlpWriter unsigned(byte[] bigEndian, int offset, int length) {
        int start = offset;
        int end = offset + length;
        while (start < end && bigEndian[start] == 0) {
            start++;
        }
        return string(bigEndian, start, end - start);
    }

    /** Appends bytes that are RLP already (or a transaction type's prefix), as they are. */
    public RlpWriter raw(byte[] encoded) {
        return raw(encoded, 0, encoded.length);
    }

    /** Appends a range of bytes that are RLP already, as they are. */
    public RlpWriter raw(byte[] encoded, int offset, int length) {
        ensure(length);
        System.arraycopy(encoded, offset, buffer, size, length);
        size += length;
        return this;
    }

    /** Appends one byte as it is. */
    public RlpWriter raw(int octet) {
        ensure(1);
        buffer[size++] = (byte) octet;
        return this;
    }

    /** Bytes written; lists must be closed for this to be the size of an encoding. */
    public int sizeBytes() {
        return size;
    }

    /** The buffer itself, of which the first {@link #sizeBytes} bytes count: for hashing without a copy. */
    public byte[] buffer() {
        return buffer;
    }

    /**
     * What was written.
     *
     * @throws IllegalStateException if a list is still open
     */
    public byte[] toBytes() {
        if (depth != 0) {
            throw new IllegalStateException(depth + " lists are open");
        }
        return Arrays.copyOf(buffer, size);
    }

    private void stringHeader(int length) {
        ensure(5);
        if (length <= SHORT_LIMIT) {
            buffer[size++] = (byte) (STRING_OFFSET + length);
            return;
        }
        int lengthBytes = byteCount(length);
        buffer[size++] = (byte) (STRING_OFFSET + SHORT_LIMIT + lengthBytes);
        putBigEndian(length, lengthBytes, size);
        size += lengthBytes;
    }

    private void putBigEndian(long value, int bytes, int at) {
        for (int i = bytes - 1, shift = 0; i >= 0; i--, shift += 8) {
            buffer[at + i] = (byte) (value >>> shift);
        }
    }

    private static int byteCount(long value) {
        return (71 - Long.numberOfLeadingZeros(value)) >>> 3;
    }

    private void ensure(int more) {
        if (buffer.length - size < more) {
            buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, Math.addExact(size, more)));
        }
    }
}
