package coco.journal;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * The little of CBOR (RFC 8949) that a receipt needs, in the deterministic encoding of section 4.2.1 and in no other.
 * The reader is told what to expect, so that nothing recurses and nothing is allocated that the bytes do not hold.
 */
final class Cbor {
    private static final int UNSIGNED = 0;
    private static final int NEGATIVE = 1;
    private static final int BYTES = 2;
    private static final int ARRAY = 4;
    private static final int MAP = 5;
    private static final int TAG = 6;
    private static final byte NULL = (byte) 0xf6;

    private Cbor() {}

    /** Writes; the caller puts keys of maps in order. */
    static final class Writer {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Writer integer(long value) {
            return value >= 0 ? head(UNSIGNED, value) : head(NEGATIVE, -1 - value);
        }

        Writer bytes(byte[] value) {
            head(BYTES, value.length);
            out.writeBytes(value);
            return this;
        }

        Writer array(int count) {
            return head(ARRAY, count);
        }

        Writer map(int count) {
            return head(MAP, count);
        }

        Writer tag(long number) {
            return head(TAG, number);
        }

        Writer none() {
            out.write(NULL);
            return this;
        }

        byte[] toBytes() {
            return out.toByteArray();
        }

        private Writer head(int major, long argument) {
            if (argument < 24) {
                out.write(major << 5 | (int) argument);
                return this;
            }
            int exponent = argument <= 0xff ? 0 : argument <= 0xffff ? 1 : argument <= 0xffff_ffffL ? 2 : 3;
            out.write(major << 5 | 24 + exponent);
            for (int shift = (8 << exponent) - 8; shift >= 0; shift -= 8) {
                out.write((int) (argument >>> shift));
            }
            return this;
        }
    }

    /** Reads what {@link Writer} writes. */
    static final class Reader {
        private final byte[] in;
        private int position;

        Reader(byte[] in) {
            this.in = in;
        }

        long integer() throws MalformedException {
            return major() == NEGATIVE ? -1 - head(NEGATIVE) : head(UNSIGNED);
        }

        /** An integer that must be this one. */
        void expect(long value) throws MalformedException {
            if (integer() != value) {
                throw new MalformedException("another label or number than " + value);
            }
        }

        byte[] bytes(int max) throws MalformedException {
            long length = head(BYTES);
            if (length > max || length > in.length - position) {
                throw new MalformedException("a byte string that is too long");
            }
            int start = position;
            position += (int) length;
            return Arrays.copyOfRange(in, start, position);
        }

        /** A byte string of this length. */
        byte[] exactly(int length) throws MalformedException {
            byte[] bytes = bytes(length);
            if (bytes.length != length) {
                throw new MalformedException("a byte string of " + bytes.length + " bytes instead of " + length);
            }
            return bytes;
        }

        /** How many items follow. */
        int array(int max) throws MalformedException {
            long count = head(ARRAY);
            if (count > max) {
                throw new MalformedException("an array of more than " + max);
            }
            return (int) count;
        }

        /** An array that must have this many items. */
        void arrayOf(int count) throws MalformedException {
            if (array(count) != count) {
                throw new MalformedException("an array of less than " + count);
            }
        }

        void mapOf(int count) throws MalformedException {
            if (head(MAP) != count) {
                throw new MalformedException("a map of another size than " + count);
            }
        }

        void tag(long number) throws MalformedException {
            if (head(TAG) != number) {
                throw new MalformedException("another tag than " + number);
            }
        }

        /** Passes over null, if that is what comes next. */
        boolean none() {
            boolean isNull = position < in.length && in[position] == NULL;
            position += isNull ? 1 : 0;
            return isNull;
        }

        void end() throws MalformedException {
            if (position != in.length) {
                throw new MalformedException("bytes after the end");
            }
        }

        private int major() throws MalformedException {
            if (position >= in.length) {
                throw new MalformedException("ends too early");
            }
            return (in[position] & 0xff) >> 5;
        }

        private long head(int expected) throws MalformedException {
            if (major() != expected) {
                throw new MalformedException("an item of major type " + major() + " instead of " + expected);
            }
            int information = in[position++] & 0x1f;
            if (information < 24) {
                return information;
            }
            int width = information > 27 ? 0 : 1 << (information - 24);
            if (width == 0 || width > in.length - position) {
                throw new MalformedException("an indefinite length, or an end too early");
            }
            long argument = 0;
            for (int i = 0; i < width; i++) {
                argument = (argument << 8) | (in[position++] & 0xff);
            }
            long least = width == 1 ? 24 : 1L << (4 * width);
            if (argument < least) {
                throw new MalformedException("a head longer than needed, or a number beyond 63 bits");
            }
            return argument;
        }
    }
}
