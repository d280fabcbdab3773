package coco.kv;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Nibble strings, high nibble of a byte first, taken 16 at a time: a <em>word</em> is a long whose highest nibble comes
 * first, filled with zeros past the end. Hot code: benchmark before refactoring.
 */
final class Nibbles {
    static final int PER_WORD = 16;

    private static final VarHandle LONG_BE = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private Nibbles() {}

    static int words(int nibbles) {
        return (nibbles + 15) >>> 4;
    }

    static int at(byte[] bytes, int position) {
        int b = bytes[position >>> 1];
        return (position & 1) == 0 ? (b >>> 4) & 15 : b & 15;
    }

    static int at(long[] words, int base, int position) {
        return (int) (words[base + (position >>> 4)] >>> (60 - ((position & 15) << 2))) & 15;
    }

    /** The word of the first {@code length} bytes that begins at nibble {@code position}. */
    static long word(byte[] bytes, int length, int position) {
        int first = position >>> 1;
        boolean odd = (position & 1) != 0;
        if (first + 9 <= length) {
            long word = (long) LONG_BE.get(bytes, first);
            return odd ? (word << 4) | ((bytes[first + 8] & 0xff) >>> 4) : word;
        }
        long word = bytesToWord(bytes, first, length);
        return odd ? word << 4 : word;
    }

    /**
     * The word of the packed string of {@code count} nibbles at {@code words[base]} that begins at {@code position}.
     */
    static long word(long[] words, int base, int count, int position) {
        int index = position >>> 4;
        int size = words(count);
        if (index >= size) {
            return 0;
        }
        int shift = (position & 15) << 2;
        long word = words[base + index] << shift;
        if (shift > 0 && index + 1 < size) {
            word |= words[base + index + 1] >>> (64 - shift);
        }
        return word;
    }

    /** Up to 8 bytes from {@code from} to {@code to}, the first one highest, filled with zeros. */
    static long bytesToWord(byte[] bytes, int from, int to) {
        int available = to - from;
        if (available >= 8) {
            return (long) LONG_BE.get(bytes, from);
        }
        if (available <= 0) {
            return 0;
        }
        if (to >= 8) {
            return (long) LONG_BE.get(bytes, to - 8) << ((8 - available) << 3);
        }
        long word = 0;
        for (int i = from; i < to; i++) {
            word = (word << 8) | (bytes[i] & 0xff);
        }
        return word << ((8 - available) << 3);
    }

    /** Writes the {@code count} (at most 8) highest bytes of {@code word}. */
    static void wordToBytes(long word, byte[] out, int offset, int count) {
        if (count >= 8) {
            LONG_BE.set(out, offset, word);
            return;
        }
        for (int i = 0; i < count; i++) {
            out[offset + i] = (byte) (word >>> (56 - (i << 3)));
        }
    }

    /** Packs bytes into words. */
    static void pack(byte[] bytes, int offset, int length, long[] out, int outIndex) {
        int end = offset + length;
        int index = outIndex;
        for (int from = offset; from < end; from += 8) {
            out[index++] = bytesToWord(bytes, from, end);
        }
    }

    /** Unpacks bytes from words. */
    static void unpack(long[] words, int index, byte[] out, int outOffset, int length) {
        for (int done = 0; done < length; done += 8) {
            wordToBytes(words[index + (done >>> 3)], out, outOffset + done, Math.min(8, length - done));
        }
    }
}
