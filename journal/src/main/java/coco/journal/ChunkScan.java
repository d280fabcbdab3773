package coco.journal;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads one chunk file from front to back and checks every byte of it. The start check and the verifier both stand on
 * this.
 */
final class ChunkScan {
    /** Called for each entry that is in order. */
    @FunctionalInterface
    interface Visitor {
        /**
         * Looks at one entry.
         *
         * @param buffer holds the frame
         * @param offset of the frame in the buffer
         * @param bodyLength of the frame
         * @return what is wrong with the entry, which ends the scan, or null
         */
        @Nullable
        String visit(byte[] buffer, int offset, int bodyLength);
    }

    /** How the scan ended. */
    enum End {
        /** After the footer, which is right: the chunk is closed. */
        CLOSED,
        /** After the last entry, with nothing but zeros behind it. */
        OPEN,
        /** At a footer that is cut off or wrong. */
        BAD_FOOTER,
        /** At something that is neither an entry nor a footer. */
        BAD_ENTRY
    }

    private static final int WINDOW = 1 << 20;

    private final Storage.File file;
    private final long size;
    private final JournalLimits limits;
    private final MessageDigest digest = Digests.sha256();
    private byte[] window;
    private long windowStart;
    private int windowLength;

    private final long firstHeight;
    private int[] offsets = new int[64];
    private int count;
    private long position = ChunkFormat.HEADER_LENGTH;
    private DurablePosition last = DurablePosition.NONE;
    private String words = "";
    private byte[] wholeDigest = new byte[0];

    /**
     * @param file to read
     * @param size of it
     * @param firstHeight as its header, which was checked, says
     */
    ChunkScan(Storage.File file, long size, long firstHeight, JournalLimits limits) {
        this.file = file;
        this.size = size;
        this.firstHeight = firstHeight;
        this.limits = limits;
        this.window = new byte[Math.clamp(size, ChunkFormat.HEADER_LENGTH, WINDOW)];
    }

    /** Number of entries that are in order. */
    int count() {
        return count;
    }

    /** Offsets of the entries, at least {@link #count} of them. */
    int[] offsets() {
        return offsets;
    }

    /** Where the scan stopped: the end of the last good entry. */
    long position() {
        return position;
    }

    /** Position of the last good entry. */
    DurablePosition last() {
        return last;
    }

    /** SHA-256 over everything before {@link #position}, to go on with. */
    MessageDigest digest() {
        return digest;
    }

    /** After a footer that is right: the digest in it. */
    byte[] wholeDigest() {
        return wholeDigest;
    }

    /** What is wrong, after a bad end. */
    String words() {
        return words;
    }

    End run(Visitor visitor) {
        if (size > Integer.MAX_VALUE) {
            words = "a chunk of " + size + " bytes is too large";
            return End.BAD_ENTRY;
        }
        load(0, ChunkFormat.HEADER_LENGTH);
        digest.update(window, 0, ChunkFormat.HEADER_LENGTH);
        while (size - position >= Integer.BYTES) {
            int bodyLength = Bytes.getInt(window, load(position, Integer.BYTES));
            if (bodyLength == ChunkFormat.FOOTER_MARK) {
                return footer();
            }
            if (bodyLength == 0) {
                break;
            }
            String refusal = frame(bodyLength, visitor);
            if (refusal != null) {
                words = "entry at offset " + position + " (height " + (firstHeight + count) + "): " + refusal;
                return End.BAD_ENTRY;
            }
        }
        if (restIsZero()) {
            return End.OPEN;
        }
        words = "at offset " + position + " (height " + (firstHeight + count) + "): neither an entry nor zeros";
        return End.BAD_ENTRY;
    }

    private @Nullable String frame(int bodyLength, Visitor visitor) {
        if (!ChunkFormat.isPlausible(bodyLength, limits)) {
            return "an entry cannot have " + Integer.toUnsignedString(bodyLength) + " bytes";
        }
        int length = ChunkFormat.frameLength(bodyLength);
        if (length > size - position) {
            return "cut off by the end of the file";
        }
        int at = load(position, length);
        String refusal = ChunkFormat.refuseFrame(window, at, bodyLength);
        if (refusal != null) {
            return refusal;
        }
        long height = ChunkFormat.frameHeight(window, at);
        if (height != firstHeight + count) {
            return "holds height " + height;
        }
        refusal = visitor.visit(window, at, bodyLength);
        if (refusal != null) {
            return refusal;
        }
        digest.update(window, at, length);
        if (count == offsets.length) {
            offsets = Arrays.copyOf(offsets, 2 * count);
        }
        offsets[count++] = Math.toIntExact(position);
        last = ChunkFormat.framePosition(window, at);
        position += length;
        return null;
    }

    private End footer() {
        words = "footer at offset " + position + " is cut off or wrong";
        int length = ChunkFormat.footerLength(count);
        if (size - position != length) {
            return End.BAD_FOOTER;
        }
        byte[] head = ChunkFormat.footerHead(offsets, count);
        int at = load(position, length);
        if (!Arrays.equals(head, 0, head.length, window, at, at + head.length)
                || Bytes.getInt(window, at + length - 4) != length) {
            return End.BAD_FOOTER;
        }
        MessageDigest whole = copyOf(digest);
        whole.update(head);
        byte[] expected = whole.digest();
        if (!Arrays.equals(expected, 0, expected.length, window, at + head.length, at + length - 4)) {
            return End.BAD_FOOTER;
        }
        wholeDigest = expected;
        return End.CLOSED;
    }

    private static MessageDigest copyOf(MessageDigest digest) {
        try {
            return (MessageDigest) digest.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("SHA-256 can be cloned on every platform we run on", e);
        }
    }

    private boolean restIsZero() {
        long at = position;
        while (at < size) {
            int length = (int) Math.min(window.length, size - at);
            int from = load(at, length);
            if (!Bytes.isZero(window, from, from + length)) {
                return false;
            }
            at += length;
        }
        return true;
    }

    /** Sees to it that these bytes of the file are in the window, and says where. */
    private int load(long from, int length) {
        if (from < windowStart || from + length > windowStart + windowLength) {
            if (length > window.length) {
                window = new byte[Math.max(length, 2 * window.length)];
            }
            windowLength = (int) Math.min(window.length, size - from);
            windowStart = from;
            ByteBuffer target = ByteBuffer.wrap(window, 0, windowLength);
            file.read(target, from);
            // A file that shrinks while it is read is a fault of the environment; what is missing reads as zeros.
            Arrays.fill(window, target.position(), windowLength, (byte) 0);
        }
        return (int) (from - windowStart);
    }
}
