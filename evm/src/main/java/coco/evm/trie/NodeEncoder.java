package coco.evm.trie;

import coco.crypto.Keccak256;
import java.util.Arrays;

/**
 * Encodes one trie node after the other in one buffer. Room for the list's header is kept before the payload, so that
 * nothing moves when the payload's length is known. Hot: benchmark before refactoring.
 */
final class NodeEncoder {
    /** RLP of the empty string: no child, no value. */
    static final int NOTHING = 0x80;

    static final int HASH_SIZE = 32;

    private static final int LEAF_FLAG = 0x20;
    private static final int ODD_FLAG = 0x10;
    private static final int HEADER_ROOM = 5;

    private byte[] buffer = new byte[1024];
    private int start = HEADER_ROOM;
    private int end = HEADER_ROOM;

    /** Starts a node. */
    void begin() {
        start = HEADER_ROOM;
        end = HEADER_ROOM;
    }

    /** Ends the node: its encoding is then between {@link #start} and {@link #end} of {@link #buffer}. */
    void finish() {
        int length = end - HEADER_ROOM;
        if (length <= 55) {
            start = HEADER_ROOM - 1;
            buffer[start] = (byte) (0xc0 + length);
            return;
        }
        int at = HEADER_ROOM;
        for (int rest = length; rest != 0; rest >>>= 8) {
            buffer[--at] = (byte) rest;
        }
        start = at - 1;
        buffer[start] = (byte) (0xf7 + HEADER_ROOM - at);
    }

    byte[] buffer() {
        return buffer;
    }

    int start() {
        return start;
    }

    int end() {
        return end;
    }

    /** What a parent embeds for the finished node: itself if shorter than a hash, else its hash. Returns the length. */
    int reference(byte[] out, int outOffset) {
        int length = end - start;
        if (length < HASH_SIZE) {
            System.arraycopy(buffer, start, out, outOffset, length);
            return length;
        }
        return hash(out, outOffset);
    }

    /** The hash of the finished node. Returns its length. */
    int hash(byte[] out, int outOffset) {
        Keccak256.hash(buffer, start, end - start, out, outOffset);
        return HASH_SIZE;
    }

    /**
     * The buffer, with room for so many bytes from {@link #end} on; what is written there counts after {@link
     * #wroteTo}.
     */
    byte[] reserve(int more) {
        ensure(more);
        return buffer;
    }

    /** Says where what was written into the buffer ends. */
    void wroteTo(int newEnd) {
        end = newEnd;
    }

    void nothing() {
        ensure(1);
        buffer[end++] = (byte) NOTHING;
    }

    /** Appends a reference as {@link #reference} gave it; none for length 0. */
    void child(byte[] reference, int offset, int length) {
        ensure(HASH_SIZE + 1);
        if (length == 0) {
            buffer[end++] = (byte) NOTHING;
            return;
        }
        if (length == HASH_SIZE) {
            buffer[end++] = (byte) (0x80 + HASH_SIZE);
        }
        System.arraycopy(reference, offset, buffer, end, length);
        end += length;
    }

    void string(byte[] value, int offset, int length) {
        ensure(length + HEADER_ROOM);
        if (length == 1 && value[offset] >= 0) {
            buffer[end++] = value[offset];
            return;
        }
        stringHeader(length);
        System.arraycopy(value, offset, buffer, end, length);
        end += length;
    }

    /**
     * Appends the hex-prefix form of a path, but for the bytes after its first: the caller writes those to the buffer
     * from the offset that is returned.
     *
     * @param nibbles how long the path is
     * @param leaf whether a value ends it
     * @param first the first nibble; counts only where the length is odd
     */
    int path(int nibbles, boolean leaf, int first) {
        int length = 1 + nibbles / 2;
        ensure(length + HEADER_ROOM);
        int flags = (leaf ? LEAF_FLAG : 0) | ((nibbles & 1) != 0 ? ODD_FLAG | first : 0);
        if (length > 1) {
            stringHeader(length);
        }
        buffer[end++] = (byte) flags;
        int rest = end;
        end += length - 1;
        return rest;
    }

    private void stringHeader(int length) {
        if (length <= 55) {
            buffer[end++] = (byte) (0x80 + length);
            return;
        }
        int lengthBytes = (39 - Integer.numberOfLeadingZeros(length)) >>> 3;
        buffer[end++] = (byte) (0xb7 + lengthBytes);
        for (int shift = (lengthBytes - 1) * 8; shift >= 0; shift -= 8) {
            buffer[end++] = (byte) (length >>> shift);
        }
    }

    private void ensure(int more) {
        if (buffer.length - end < more) {
            buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, Math.addExact(end, more)));
        }
    }
}
