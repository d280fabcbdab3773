package coco.kv;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The layout of a node in a block, and reads of it. Hot code: benchmark before refactoring.
 *
 * <pre>
 * word 0   birth 40 | size class 8 | child mask 16
 * word 1   zero 21 | digest bytes 6 (0: dirty) | path nibbles 10 | room for a digest 1
 *          | value in a block of its own 1 | has value 1 | value bytes 24
 * children one handle of 32 bits each, two in a word, in order of their nibbles
 * path     16 nibbles in a word
 * digest   4 words, if the map has digests
 * value    8 bytes in a word; or one word with the handle of a block: word 0, then the bytes
 * </pre>
 *
 * A node is immutable once its draft is sealed, but for its digest: whoever makes it writes the digest words and then
 * the digest length, with release, and readers take the length with acquire. Several may do so at once, all with the
 * same bytes.
 */
final class Node {
    static final int DIGEST_WORDS = 4;
    static final int HEADER_WORDS = 2;
    /** Longer values get a block of their own, so that copying a node copies little. */
    static final int MAX_INLINE_VALUE_BYTES = 256;

    static final long HAS_VALUE = 1L << 24;
    static final long VALUE_APART = 1L << 25;
    static final long HAS_DIGEST_ROOM = 1L << 26;

    private static final int VALUE_MASK = (1 << 24) - 1;
    private static final int PATH_SHIFT = 27;
    private static final int PATH_MASK = (1 << 10) - 1;
    private static final int DIGEST_SHIFT = 37;
    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);

    private Node() {}

    static long header(int pathLength, int valueLength, long flags) {
        return ((long) pathLength << PATH_SHIFT) | flags | valueLength;
    }

    static int mask(long[] slab, int offset) {
        return (int) slab[offset] & 0xffff;
    }

    static int pathLength(long word1) {
        return (int) (word1 >>> PATH_SHIFT) & PATH_MASK;
    }

    static boolean hasValue(long word1) {
        return (word1 & HAS_VALUE) != 0;
    }

    static int valueLength(long word1) {
        return (int) word1 & VALUE_MASK;
    }

    static int childWords(int mask) {
        return (Integer.bitCount(mask) + 1) >>> 1;
    }

    static int valueWords(int valueLength) {
        return (valueLength + 7) >>> 3;
    }

    /** The child at {@code nibble}, or {@link Arena#NONE}. */
    static int child(long[] slab, int offset, int nibble) {
        int mask = mask(slab, offset);
        int bit = 1 << nibble;
        return (mask & bit) == 0 ? Arena.NONE : childAt(slab, offset, Integer.bitCount(mask & (bit - 1)));
    }

    /** The child at {@code index} among those there are. */
    static int childAt(long[] slab, int offset, int index) {
        long pair = slab[offset + HEADER_WORDS + (index >>> 1)];
        // No branch: which half it is cannot be predicted.
        return (int) (pair >>> ((~index & 1) << 5));
    }

    static void setChild(long[] slab, int offset, int nibble, int handle) {
        int index = Integer.bitCount(mask(slab, offset) & ((1 << nibble) - 1));
        int word = offset + HEADER_WORDS + (index >>> 1);
        long low = Integer.toUnsignedLong(handle);
        slab[word] = (index & 1) == 0 ? (slab[word] & 0xffff_ffffL) | (low << 32) : (slab[word] & ~0xffff_ffffL) | low;
    }

    static int pathIndex(long[] slab, int offset) {
        return offset + HEADER_WORDS + childWords(mask(slab, offset));
    }

    static int digestIndex(long[] slab, int offset) {
        return pathIndex(slab, offset) + Nibbles.words(pathLength(slab[offset + 1]));
    }

    static int valueIndex(long[] slab, int offset) {
        return digestIndex(slab, offset) + ((slab[offset + 1] & HAS_DIGEST_ROOM) != 0 ? DIGEST_WORDS : 0);
    }

    /** How many nibbles of the path agree with those of the key from {@code position} on. */
    static int commonPath(long[] slab, int offset, byte[] key, int keyLength, int position) {
        int limit = Math.min(pathLength(slab[offset + 1]), (keyLength << 1) - position);
        int base = pathIndex(slab, offset);
        for (int done = 0; done < limit; done += Nibbles.PER_WORD) {
            long difference = slab[base + (done >>> 4)] ^ Nibbles.word(key, keyLength, position + done);
            if (difference != 0) {
                return Math.min(limit, done + (Long.numberOfLeadingZeros(difference) >>> 2));
            }
        }
        return limit;
    }

    /** The node that holds the key, or {@link Arena#NONE}. */
    static int find(long[][] slabs, int root, byte[] key, int keyLength) {
        int total = keyLength << 1;
        int position = 0;
        int handle = root;
        while (handle != Arena.NONE) {
            long[] slab = slabs[handle >>> Arena.SLAB_SHIFT];
            int offset = handle & Arena.OFFSET_MASK;
            long word1 = slab[offset + 1];
            int mask = mask(slab, offset);
            int pathLength = pathLength(word1);
            if (pathLength > 0) {
                int path = offset + HEADER_WORDS + childWords(mask);
                if (!pathAgrees(slab, path, pathLength, key, keyLength, position)) {
                    return Arena.NONE;
                }
                position += pathLength;
            }
            if (position == total) {
                return hasValue(word1) ? handle : Arena.NONE;
            }
            int bit = 1 << Nibbles.at(key, position++);
            if ((mask & bit) == 0) {
                return Arena.NONE;
            }
            handle = childAt(slab, offset, Integer.bitCount(mask & (bit - 1)));
        }
        return Arena.NONE;
    }

    private static boolean pathAgrees(long[] slab, int path, int pathLength, byte[] key, int keyLength, int position) {
        if (pathLength > (keyLength << 1) - position) {
            return false;
        }
        int last = (pathLength - 1) >>> 4;
        for (int i = 0; i < last; i++) {
            if (slab[path + i] != Nibbles.word(key, keyLength, position + (i << 4))) {
                return false;
            }
        }
        long rest = Nibbles.word(key, keyLength, position + (last << 4));
        return (slab[path + last] ^ rest) >>> ((-pathLength & 15) << 2) == 0;
    }

    static byte[] value(long[][] slabs, int handle) {
        byte[] value = new byte[valueLength(slabs[handle >>> Arena.SLAB_SHIFT][(handle & Arena.OFFSET_MASK) + 1])];
        copyValue(slabs, handle, value, 0);
        return value;
    }

    static void copyValue(long[][] slabs, int handle, byte[] out, int outOffset) {
        long[] slab = slabs[handle >>> Arena.SLAB_SHIFT];
        int offset = handle & Arena.OFFSET_MASK;
        long word1 = slab[offset + 1];
        int index = valueIndex(slab, offset);
        if ((word1 & VALUE_APART) != 0) {
            int apart = (int) slab[index];
            slab = slabs[apart >>> Arena.SLAB_SHIFT];
            index = (apart & Arena.OFFSET_MASK) + 1;
        }
        Nibbles.unpack(slab, index, out, outOffset, valueLength(word1));
    }

    static boolean valueEquals(long[][] slabs, int handle, byte[] value, int valueOffset, int length) {
        long[] slab = slabs[handle >>> Arena.SLAB_SHIFT];
        int offset = handle & Arena.OFFSET_MASK;
        long word1 = slab[offset + 1];
        if (!hasValue(word1) || valueLength(word1) != length) {
            return false;
        }
        int index = valueIndex(slab, offset);
        if ((word1 & VALUE_APART) != 0) {
            int apart = (int) slab[index];
            slab = slabs[apart >>> Arena.SLAB_SHIFT];
            index = (apart & Arena.OFFSET_MASK) + 1;
        }
        int end = valueOffset + length;
        for (int from = valueOffset; from < end; from += 8) {
            if (slab[index++] != Nibbles.bytesToWord(value, from, end)) {
                return false;
            }
        }
        return true;
    }

    /** The block of the node's value, or {@link Arena#NONE} if the value is in the node or there is none. */
    static int valueApart(long[] slab, int offset) {
        return (slab[offset + 1] & VALUE_APART) == 0 ? Arena.NONE : (int) slab[valueIndex(slab, offset)];
    }

    /** Bytes of the node's digest; 0 if it is dirty. */
    static int digestLength(long[] slab, int offset) {
        return (int) ((long) WORDS.getAcquire(slab, offset + 1) >>> DIGEST_SHIFT);
    }

    static void setDigest(long[] slab, int offset, byte[] digest, int length) {
        Nibbles.pack(digest, 0, length, slab, digestIndex(slab, offset));
        long word1 = slab[offset + 1];
        WORDS.setRelease(slab, offset + 1, (word1 & ((1L << DIGEST_SHIFT) - 1)) | ((long) length << DIGEST_SHIFT));
    }

    static void markDirty(long[] slab, int offset) {
        slab[offset + 1] &= (1L << DIGEST_SHIFT) - 1;
    }
}
