package coco.evm.rlp;

import coco.evm.rlp.RlpException.Kind;
import java.util.Arrays;
import java.util.Objects;

/**
 * A cursor over one RLP encoding. Fields are read in order; a list is entered, its items are read, and it is left,
 * which demands that nothing remains in it. The bytes are not copied except into what a method returns.
 *
 * <p>Every method that reads throws {@link RlpException} where the bytes are not canonical or not what was asked for;
 * after that the reader's position is unspecified. Not for use by several threads.
 */
public final class RlpReader {
    /** Lists within lists beyond this are refused: no Ethereum structure needs more than five. */
    public static final int MAX_DEPTH = 32;

    private final byte[] data;
    private final int origin;
    private final int[] outerEnds = new int[MAX_DEPTH];
    private int depth;
    private int position;
    private int end;

    private boolean itemIsList;
    private int itemStart;
    private int itemEnd;

    /** A reader over all of {@code data}. */
    public RlpReader(byte[] data) {
        this(data, 0, data.length);
    }

    /** A reader over {@code length} bytes of {@code data} from {@code offset}. */
    public RlpReader(byte[] data, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, data.length);
        this.data = data;
        this.origin = offset;
        this.position = offset;
        this.end = offset + length;
    }

    /**
     * Demands that the bytes are one canonical item, at any depth up to {@link #MAX_DEPTH}.
     *
     * @throws RlpException if they are not
     */
    public static void check(byte[] data) throws RlpException {
        RlpReader reader = new RlpReader(data);
        boolean first = true;
        while (true) {
            if (reader.hasNext()) {
                if (!first && reader.depth == 0) {
                    throw reader.fail(Kind.TRAILING_BYTES, reader.position);
                }
                first = false;
                if (reader.isList()) {
                    reader.enterList();
                } else {
                    reader.header();
                    reader.position = reader.itemEnd;
                }
            } else if (reader.depth > 0) {
                reader.leaveList();
            } else if (first) {
                throw reader.fail(Kind.TRUNCATED, reader.position);
            } else {
                return;
            }
        }
    }

    /** Whether the current list (or the input, outside any list) has another item. */
    public boolean hasNext() {
        return position < end;
    }

    /**
     * Whether the next item is a list.
     *
     * @throws RlpException if there is no next item
     */
    public boolean isList() throws RlpException {
        if (position >= end) {
            throw fail(Kind.MISSING_ITEM, position);
        }
        return (data[position] & 0xff) >= 0xc0;
    }

    /** Enters the list that is the next item. */
    public void enterList() throws RlpException {
        header();
        if (!itemIsList) {
            throw fail(Kind.WRONG_SHAPE, position);
        }
        if (depth == MAX_DEPTH) {
            throw fail(Kind.TOO_DEEP, position);
        }
        outerEnds[depth++] = end;
        position = itemStart;
        end = itemEnd;
    }

    /** Leaves the list entered last, which must be read to its end. */
    public void leaveList() throws RlpException {
        if (depth == 0) {
            throw new IllegalStateException("no list was entered");
        }
        if (position != end) {
            throw fail(Kind.TRAILING_BYTES, position);
        }
        end = outerEnds[--depth];
    }

    /** Demands that the input is read to its end and every list left. */
    public void finish() throws RlpException {
        if (depth != 0) {
            throw new IllegalStateException(depth + " lists were not left");
        }
        if (position != end) {
            throw fail(Kind.TRAILING_BYTES, position);
        }
    }

    /** The next item, a string of any length. */
    public byte[] string() throws RlpException {
        stringHeader();
        position = itemEnd;
        return Arrays.copyOfRange(data, itemStart, itemEnd);
    }

    /** The next item, a string of exactly {@code length} bytes. */
    public byte[] string(int length) throws RlpException {
        skipString(length);
        return Arrays.copyOfRange(data, itemStart, itemEnd);
    }

    /** The next item, a string of exactly {@code length} bytes or the empty one. */
    public byte[] stringOrEmpty(int length) throws RlpException {
        stringHeader();
        if (itemEnd != itemStart && itemEnd - itemStart != length) {
            throw fail(Kind.WRONG_LENGTH, position);
        }
        position = itemEnd;
        return Arrays.copyOfRange(data, itemStart, itemEnd);
    }

    /** The next item, a non-negative integer of at most 64 bits, returned as an unsigned long. */
    public long unsigned64() throws RlpException {
        integerHeader(8);
        long value = 0;
        for (int i = itemStart; i < itemEnd; i++) {
            value = value << 8 | (data[i] & 0xff);
        }
        position = itemEnd;
        return value;
    }

    /** The next item, a non-negative integer of at most 256 bits, as 32 big-endian bytes. */
    public byte[] unsigned256() throws RlpException {
        skipUnsigned256();
        byte[] value = new byte[32];
        System.arraycopy(data, itemStart, value, 32 - (itemEnd - itemStart), itemEnd - itemStart);
        return value;
    }

    /** The next item as it is encoded, prefix included; a list's items are not looked at. */
    public byte[] encodedItem() throws RlpException {
        header();
        int start = position;
        position = itemEnd;
        return Arrays.copyOfRange(data, start, itemEnd);
    }

    /** Steps over the next item; a list's items are not looked at. */
    public void skip() throws RlpException {
        header();
        position = itemEnd;
    }

    /**
     * Steps over the next item, a string of exactly {@code length} bytes, which stay where they are.
     *
     * @return where its bytes start, in bytes from the start of the reader's range
     */
    public int skipString(int length) throws RlpException {
        stringHeader();
        if (itemEnd - itemStart != length) {
            throw fail(Kind.WRONG_LENGTH, position);
        }
        position = itemEnd;
        return itemStart - origin;
    }

    /**
     * Steps over the next item, a non-negative integer of at most 256 bits.
     *
     * @return where its bytes start, in bytes from the start of the reader's range; they end at {@link #offset}
     */
    public int skipUnsigned256() throws RlpException {
        integerHeader(32);
        position = itemEnd;
        return itemStart - origin;
    }

    /** How many items remain in the current list; each must have a canonical header. Does not move. */
    public int remainingItems() throws RlpException {
        int saved = position;
        int count = 0;
        while (position < end) {
            skip();
            count++;
        }
        position = saved;
        return count;
    }

    /** Where the next item starts, in bytes from the start of the reader's range. */
    public int offset() {
        return position - origin;
    }

    private void integerHeader(int maxBytes) throws RlpException {
        stringHeader();
        if (itemEnd > itemStart && data[itemStart] == 0) {
            throw fail(Kind.LEADING_ZERO, position);
        }
        if (itemEnd - itemStart > maxBytes) {
            throw fail(Kind.TOO_LARGE, position);
        }
    }

    private void stringHeader() throws RlpException {
        header();
        if (itemIsList) {
            throw fail(Kind.WRONG_SHAPE, position);
        }
    }

    /** Reads the header at the position into the item fields, without moving. */
    private void header() throws RlpException {
        if (position >= end) {
            throw fail(Kind.MISSING_ITEM, position);
        }
        int prefix = data[position] & 0xff;
        itemIsList = prefix >= 0xc0;
        if (prefix < 0x80) {
            itemStart = position;
            itemEnd = position + 1;
            return;
        }
        int length = prefix - (itemIsList ? 0xc0 : 0x80);
        if (length <= 55) {
            itemStart = position + 1;
        } else {
            int lengthBytes = length - 55;
            length = longLength(position + 1, lengthBytes);
            itemStart = position + 1 + lengthBytes;
        }
        if (length > end - itemStart) {
            throw fail(Kind.TRUNCATED, position);
        }
        itemEnd = itemStart + length;
        if (!itemIsList && length == 1 && data[itemStart] >= 0) {
            throw fail(Kind.NOT_CANONICAL, position);
        }
    }

    private int longLength(int from, int lengthBytes) throws RlpException {
        if (lengthBytes > end - from) {
            throw fail(Kind.TRUNCATED, position);
        }
        if (data[from] == 0) {
            throw fail(Kind.NOT_CANONICAL, position);
        }
        long length = 0;
        for (int i = 0; i < lengthBytes; i++) {
            length = length << 8 | (data[from + i] & 0xff);
            if (length > Integer.MAX_VALUE) {
                throw fail(Kind.TRUNCATED, position);
            }
        }
        if (length <= 55) {
            throw fail(Kind.NOT_CANONICAL, position);
        }
        return (int) length;
    }

    private RlpException fail(Kind kind, int at) {
        return new RlpException(kind, at - origin);
    }
}
