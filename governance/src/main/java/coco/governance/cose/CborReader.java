package coco.governance.cose;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Reads the part of CBOR (RFC 8949) that signed messages need, in the deterministic encoding of section 4.2.1 and in no
 * other: integers, byte and text strings, arrays, maps and tags; heads as short as possible, lengths definite, keys of
 * maps ascending. The caller says what it expects, so nothing recurses and nothing is allocated that the bytes do not
 * hold.
 */
final class CborReader {
    /** Major types (RFC 8949, section 3.1). */
    enum Major {
        UNSIGNED(0),
        NEGATIVE(1),
        BYTES(2),
        TEXT(3),
        ARRAY(4),
        MAP(5),
        TAG(6),
        SIMPLE(7);

        private static final List<Major> BY_NUMBER = List.of(values());

        private final int number;

        Major(int number) {
            this.number = number;
        }

        /** The upper three bits of a head, where they belong in its byte. */
        int bits() {
            return number << 5;
        }

        private static Major of(byte head) {
            return BY_NUMBER.get((head & 0xff) >> 5);
        }
    }

    private final byte[] in;
    private int position;

    CborReader(byte[] in) {
        this.in = in;
    }

    /** The major type of the next item, which stays unread. */
    Major peek() throws MalformedCoseException {
        if (position >= in.length) {
            throw new MalformedCoseException("ends too early");
        }
        return Major.of(in[position]);
    }

    int position() {
        return position;
    }

    /** The bytes from a position up to the next item: an item as it was encoded. */
    byte[] since(int start) {
        return Arrays.copyOfRange(in, start, position);
    }

    /** An integer of either sign that a long can hold. */
    long integer() throws MalformedCoseException {
        Major major = peek();
        if (major != Major.UNSIGNED && major != Major.NEGATIVE) {
            throw new MalformedCoseException("an integer was expected");
        }
        long argument = head(major);
        if (argument < 0) {
            throw new MalformedCoseException("an integer beyond 63 bits");
        }
        return major == Major.UNSIGNED ? argument : -1 - argument;
    }

    byte[] bytes(int max) throws MalformedCoseException {
        return string(Major.BYTES, max);
    }

    /** A text string; UTF-8 that is not well-formed is refused. */
    String text(int max) throws MalformedCoseException {
        byte[] encoded = string(Major.TEXT, max);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(encoded))
                    .toString();
        } catch (CharacterCodingException _) {
            throw new MalformedCoseException("text that is not UTF-8");
        }
    }

    /** How many items follow. */
    int array(int max) throws MalformedCoseException {
        return count(Major.ARRAY, max);
    }

    /** How many pairs follow; whoever reads them hands each key to {@link #checkOrder}. */
    int map(int max) throws MalformedCoseException {
        return count(Major.MAP, max);
    }

    long tag() throws MalformedCoseException {
        return head(Major.TAG);
    }

    /**
     * Keys ascend bytewise as they are encoded (RFC 8949, section 4.2.1), and so none is there twice.
     *
     * @param previous the key before, empty for the first
     */
    static void checkOrder(byte[] previous, byte[] key) throws MalformedCoseException {
        int order = Arrays.compareUnsigned(previous, key);
        if (order == 0) {
            throw new MalformedCoseException("a key twice in one map");
        }
        if (order > 0) {
            throw new MalformedCoseException("keys out of order");
        }
    }

    void end() throws MalformedCoseException {
        if (position != in.length) {
            throw new MalformedCoseException("bytes after the end");
        }
    }

    private byte[] string(Major major, int max) throws MalformedCoseException {
        long length = head(major);
        if (length < 0 || length > max) {
            throw new MalformedCoseException("a string longer than " + max + " bytes");
        }
        if (length > in.length - position) {
            throw new MalformedCoseException("ends too early");
        }
        int start = position;
        position += (int) length;
        return Arrays.copyOfRange(in, start, position);
    }

    private int count(Major major, int max) throws MalformedCoseException {
        long count = head(major);
        if (count < 0 || count > max) {
            throw new MalformedCoseException("more than " + max + " items");
        }
        return (int) count;
    }

    /** The argument of a head; negative where it does not fit 63 bits. */
    private long head(Major expected) throws MalformedCoseException {
        if (peek() != expected) {
            throw new MalformedCoseException("a " + expected + " was expected, found a " + peek());
        }
        int information = in[position++] & 0x1f;
        if (information < 24) {
            return information;
        }
        if (information > 27) {
            throw new MalformedCoseException("an indefinite length or a reserved head");
        }
        int width = 1 << (information - 24);
        if (width > in.length - position) {
            throw new MalformedCoseException("ends too early");
        }
        long argument = 0;
        for (int i = 0; i < width; i++) {
            argument = argument << 8 | (in[position++] & 0xff);
        }
        boolean shortest = switch (width) {
            case 1 -> argument >= 24;
            case 2 -> argument > 0xff;
            case 4 -> argument > 0xffff;
            default -> argument < 0 || argument > 0xffff_ffffL;
        };
        if (!shortest) {
            throw new MalformedCoseException("a head longer than needed");
        }
        return argument;
    }
}
