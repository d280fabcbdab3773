package coco.journal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** The bytes of a chunk file: header, frames, footer. See docs/specs/journal.md, "Chunk files". */
final class ChunkFormat {
    static final String SUFFIX = ".chunk";
    static final String QUARANTINED_SUFFIX = ".quarantined";
    private static final int HEIGHT_DIGITS = 20;

    static final int VERSION = 1;
    static final int HEADER_LENGTH = 64;
    private static final byte[] MAGIC = "COCOJRNL".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION_OFFSET = 8;
    private static final int PREAMBLE_CHECKSUM_OFFSET = 12;
    private static final int SERVICE_ID_OFFSET = 16;
    private static final int FIRST_HEIGHT_OFFSET = 48;
    private static final int HEADER_CHECKSUM_OFFSET = 60;

    /** Frames start at multiples of this, so that no slice of a disk sector that a crash lost is too small to tell. */
    static final int ALIGNMENT = 8;

    static final int FRAME_PREFIX = 8;
    /** Raft term, Raft index, evidence nonce. */
    static final int ENTRY_PREFIX = 48;

    private static final byte PAD = (byte) 0xff;

    static final int FOOTER_MARK = -1;
    private static final byte[] FOOTER_MAGIC = "FOOT".getBytes(StandardCharsets.US_ASCII);
    static final int FOOTER_TABLE_OFFSET = 12;
    private static final int FOOTER_FIXED = FOOTER_TABLE_OFFSET + Digests.LENGTH + 4;

    private ChunkFormat() {}

    static String fileName(long firstHeight) {
        return String.format("%0" + HEIGHT_DIGITS + "d", firstHeight) + SUFFIX;
    }

    /** The first height in the name of a chunk file, or -1 if it is not the name of one. */
    static long firstHeight(String fileName) {
        if (!fileName.endsWith(SUFFIX) || fileName.length() != HEIGHT_DIGITS + SUFFIX.length()) {
            return -1;
        }
        long height = 0;
        for (int i = 0; i < HEIGHT_DIGITS; i++) {
            int digit = fileName.charAt(i) - '0';
            if (digit < 0 || digit > 9 || height > (Long.MAX_VALUE - digit) / 10) {
                return -1;
            }
            height = 10 * height + digit;
        }
        return height;
    }

    static byte[] header(byte[] serviceId, long firstHeight) {
        byte[] out = new byte[HEADER_LENGTH];
        System.arraycopy(MAGIC, 0, out, 0, MAGIC.length);
        Bytes.putInt(out, VERSION_OFFSET, VERSION);
        Bytes.putInt(out, PREAMBLE_CHECKSUM_OFFSET, checksum(out, 0, PREAMBLE_CHECKSUM_OFFSET));
        System.arraycopy(serviceId, 0, out, SERVICE_ID_OFFSET, serviceId.length);
        Bytes.putLong(out, FIRST_HEIGHT_OFFSET, firstHeight);
        Bytes.putInt(out, HEADER_CHECKSUM_OFFSET, checksum(out, 0, HEADER_CHECKSUM_OFFSET));
        return out;
    }

    /** What a chunk header says. */
    sealed interface Header {
        record Good(long firstHeight) implements Header {}

        /** Not one of ours, or damaged. */
        record Bad(String words) implements Header {}

        /** In order, but not to be read by this release or this service. */
        record Foreign(String words) implements Header {}
    }

    static Header readHeader(byte[] in, int length, byte @Nullable [] serviceId) {
        if (length < HEADER_LENGTH) {
            return new Header.Bad("a file of " + length + " bytes has no chunk header");
        }
        if (!Arrays.equals(in, 0, MAGIC.length, MAGIC, 0, MAGIC.length)
                || checksum(in, 0, PREAMBLE_CHECKSUM_OFFSET) != Bytes.getInt(in, PREAMBLE_CHECKSUM_OFFSET)) {
            return new Header.Bad("bad byte in the chunk header");
        }
        int version = Bytes.getInt(in, VERSION_OFFSET);
        if (version != VERSION) {
            return new Header.Foreign("chunk format version " + Integer.toUnsignedString(version)
                    + " is unknown; this release reads version " + VERSION);
        }
        if (checksum(in, 0, HEADER_CHECKSUM_OFFSET) != Bytes.getInt(in, HEADER_CHECKSUM_OFFSET)
                || Bytes.getInt(in, HEADER_CHECKSUM_OFFSET - 4) != 0) {
            return new Header.Bad("bad byte in the chunk header");
        }
        if (serviceId != null
                && !Arrays.equals(in, SERVICE_ID_OFFSET, FIRST_HEIGHT_OFFSET, serviceId, 0, serviceId.length)) {
            return new Header.Foreign("chunk of another service");
        }
        return new Header.Good(Bytes.getLong(in, FIRST_HEIGHT_OFFSET));
    }

    static byte[] serviceId(byte[] header) {
        return Bytes.slice(header, SERVICE_ID_OFFSET, 32);
    }

    static int checksum(byte[] in, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(in, offset, length);
        return (int) crc.getValue();
    }

    /** Length of a frame, padding included: at least one byte of padding, so that a whole frame never ends in zeros. */
    static int frameLength(int bodyLength) {
        return (FRAME_PREFIX + bodyLength + ALIGNMENT) & -ALIGNMENT;
    }

    static int frameLength(JournalEntry entry) {
        return frameLength(ENTRY_PREFIX + entry.block().bytes().length);
    }

    /** Writes a frame and returns its length. */
    static int putFrame(JournalEntry entry, byte[] out) {
        byte[] block = entry.block().bytes();
        int bodyLength = ENTRY_PREFIX + block.length;
        Bytes.putInt(out, 0, bodyLength);
        Bytes.putLong(out, FRAME_PREFIX, entry.raftTerm());
        Bytes.putLong(out, FRAME_PREFIX + 8, entry.raftIndex());
        System.arraycopy(entry.evidenceNonce(), 0, out, FRAME_PREFIX + 16, 32);
        System.arraycopy(block, 0, out, FRAME_PREFIX + ENTRY_PREFIX, block.length);
        Bytes.putInt(out, 4, frameChecksum(out, 0, bodyLength));
        int length = frameLength(bodyLength);
        Arrays.fill(out, FRAME_PREFIX + bodyLength, length, PAD);
        return length;
    }

    private static int frameChecksum(byte[] in, int offset, int bodyLength) {
        CRC32C crc = new CRC32C();
        crc.update(in, offset, 4);
        crc.update(in, offset + FRAME_PREFIX, bodyLength);
        return (int) crc.getValue();
    }

    /** Whether a frame can have this body length. */
    static boolean isPlausible(int bodyLength, JournalLimits limits) {
        return bodyLength >= ENTRY_PREFIX + BlockHeader.LENGTH && bodyLength <= ENTRY_PREFIX + limits.blockBytes();
    }

    /** What is wrong with the whole frame at this place, whose length is plausible, or null if nothing is. */
    static @Nullable String refuseFrame(byte[] in, int offset, int bodyLength) {
        if (frameChecksum(in, offset, bodyLength) != Bytes.getInt(in, offset + 4)) {
            return "checksum of the entry is wrong";
        }
        int end = offset + frameLength(bodyLength);
        for (int i = offset + FRAME_PREFIX + bodyLength; i < end; i++) {
            if (in[i] != PAD) {
                return "padding after the entry is wrong";
            }
        }
        return null;
    }

    /** The height in the frame at this place. */
    static long frameHeight(byte[] in, int offset) {
        return Bytes.getLong(in, offset + FRAME_PREFIX + ENTRY_PREFIX + 40);
    }

    /** Whether the block in the frame at this place, if there is one, is of this service. */
    static boolean frameHasService(byte[] in, int offset, byte[] serviceId) {
        int at = offset + FRAME_PREFIX + ENTRY_PREFIX + BlockHeader.SERVICE_ID_OFFSET;
        return at + serviceId.length <= in.length
                && Arrays.equals(in, at, at + serviceId.length, serviceId, 0, serviceId.length);
    }

    static DurablePosition framePosition(byte[] in, int offset) {
        return new DurablePosition(
                frameHeight(in, offset),
                Bytes.getLong(in, offset + FRAME_PREFIX),
                Bytes.getLong(in, offset + FRAME_PREFIX + 8));
    }

    /** The entry in a frame that was checked. */
    static JournalEntry entry(byte[] in, int offset, int bodyLength) throws MalformedException {
        int body = offset + FRAME_PREFIX;
        return new JournalEntry(
                Bytes.getLong(in, body),
                Bytes.getLong(in, body + 8),
                Bytes.slice(in, body + 16, 32),
                SealedBlock.parse(Bytes.slice(in, body + ENTRY_PREFIX, bodyLength - ENTRY_PREFIX)));
    }

    static int footerLength(int count) {
        return FOOTER_FIXED + Integer.BYTES * count;
    }

    /** The footer up to, but without, digest and length. */
    static byte[] footerHead(int[] offsets, int count) {
        byte[] out = new byte[FOOTER_TABLE_OFFSET + Integer.BYTES * count];
        Bytes.putInt(out, 0, FOOTER_MARK);
        System.arraycopy(FOOTER_MAGIC, 0, out, 4, FOOTER_MAGIC.length);
        Bytes.putInt(out, 8, count);
        for (int i = 0; i < count; i++) {
            Bytes.putInt(out, FOOTER_TABLE_OFFSET + Integer.BYTES * i, offsets[i]);
        }
        return out;
    }
}
