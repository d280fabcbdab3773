package coco.consensus.ratis;

import coco.consensus.ConsensusException;
import coco.consensus.ConsensusException.Code;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Looks at Ratis' open log files before Ratis does, and cuts off a last entry whose write was interrupted by power
 * loss.
 *
 * <p>Ratis has two ways with a bad entry: to refuse to start, which makes every power loss an outage, or to drop it and
 * everything behind it, which silently undoes acknowledged entries when the damage lies in the middle. This check tells
 * the cases apart. An entry that was being written has never been acknowledged by this node, so it may be cut if, and
 * only if,
 *
 * <ul>
 *   <li>it is the last: nothing but zeros follow (files are preallocated with zeros);
 *   <li>its own bytes end in zeros, as an unfinished write into preallocated space does; a file that ends within the
 *       entry counts as one that goes on with zeros;
 *   <li>its beginning, as far as it was written, is what must come here: the next index, and a body that fills the
 *       entry exactly. A damaged length could otherwise make one entry swallow all that follow.
 * </ul>
 *
 * <p>Anything else is reported as damage, with file, offset and reason, and the member must come back under a new peer
 * id.
 *
 * <p>File format: {@code "RaftLog1"}, then entries, then zeros. Entry: length (protobuf varint), {@code LogEntryProto}
 * of that length, CRC-32C (4 bytes, big-endian) over length and message. The message begins with fields 1 (term) and 2
 * (index), varints, left out if zero, followed by one length-delimited body, field 3 to 5. Closed files are checked by
 * Ratis, which knows how many entries they must hold.
 */
final class TornLogCheck {
    private static final byte[] MAGIC = "RaftLog1".getBytes(StandardCharsets.US_ASCII);
    private static final String OPEN_PREFIX = "log_inprogress_";
    private static final int CHECKSUM_BYTES = 4;
    /** Segments are 32 MiB; whoever changes that need not change this. */
    private static final long FILE_BYTES_MAX = 256L << 20;

    private static final int VARINT_BYTES_MAX = 10;
    private static final int TAG_TERM = 1 << 3;
    private static final int TAG_INDEX = 2 << 3;

    private TornLogCheck() {}

    /** What was found in one open log file. */
    sealed interface Finding {
        /** Every entry is whole. */
        record Sound(Path file, long entries) implements Finding {}

        /** The last entry was never written to its end; the file now ends before it, at {@code offset}. */
        record Cut(Path file, long entries, long offset) implements Finding {}

        /**
         * Everything in the file is in the journal too, which goes on to where the file would have; the file is gone.
         * Ratis goes on behind the journal, and takes no entry that does not follow the last one of its file.
         */
        record Overtaken(Path file, long lastIndex) implements Finding {}

        /** Damage that no interrupted write explains. */
        record Damaged(Path file, long offset, String reason) implements Finding {}
    }

    /**
     * Checks every open log file below {@code log}, cuts torn tails, and removes files that the journal has overtaken.
     *
     * @param entryBytesMax the longest entry that may have been written
     * @param journalIndex of the last entry that the journal holds, all committed; -1 if it holds none
     * @throws ConsensusException with {@link Code#LOG_DAMAGED} if a file is damaged otherwise; nothing is changed then
     */
    static List<Finding> repair(Path log, int entryBytesMax, long journalIndex) {
        try (Stream<Path> files = Files.list(log)) {
            List<Finding> findings = files.filter(TornLogCheck::isOpenLog)
                    .sorted()
                    .map(file -> inspect(file, entryBytesMax))
                    .toList();
            for (Finding finding : findings) {
                if (finding instanceof Finding.Damaged damaged) {
                    throw new ConsensusException(
                            Code.LOG_DAMAGED,
                            damaged.file() + " is damaged at byte " + damaged.offset() + ": " + damaged.reason()
                                    + ". This is no interrupted write; remove this member and join under a new peer id");
                }
            }
            List<Finding> settled = new ArrayList<>();
            for (Finding finding : findings) {
                settled.add(settle(finding, journalIndex));
            }
            return settled;
        } catch (IOException e) {
            throw new ConsensusException(Code.STORAGE_IO, "Cannot check the log in " + log, e);
        }
    }

    /** Looks at one file without changing it. */
    static Finding inspect(Path file, int entryBytesMax) {
        byte[] bytes;
        try {
            long size = Files.size(file);
            if (size > FILE_BYTES_MAX) {
                return new Finding.Damaged(file, FILE_BYTES_MAX, "no log file is " + size + " bytes long");
            }
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new ConsensusException(Code.STORAGE_IO, "Cannot read " + file, e);
        }
        return inspect(file, bytes, entryBytesMax);
    }

    /** The same for a file that has been read. */
    static Finding inspect(Path file, byte[] content, int entryBytesMax) {
        return new Scan(file, content, entryBytesMax).run(firstIndex(file));
    }

    /** The whole entries at the beginning of a log file, as encoded, without length and checksum. */
    static List<byte[]> messages(Path file, byte[] content, long firstIndex, int entryBytesMax) {
        return new Scan(file, content, entryBytesMax).messages(firstIndex);
    }

    private static Finding settle(Finding finding, long journalIndex) throws IOException {
        return switch (finding) {
            case Finding.Sound sound ->
                isBehind(sound.file(), sound.entries(), journalIndex) ? remove(sound.file(), sound.entries()) : sound;
            case Finding.Cut cut -> {
                if (isBehind(cut.file(), cut.entries(), journalIndex)) {
                    yield remove(cut.file(), cut.entries());
                }
                truncate(cut.file(), cut.offset());
                yield cut;
            }
            case Finding.Overtaken overtaken -> overtaken;
            case Finding.Damaged damaged -> damaged;
        };
    }

    private static long lastIndex(Path file, long entries) {
        return firstIndex(file) + entries - 1;
    }

    private static boolean isBehind(Path file, long entries, long journalIndex) {
        return lastIndex(file, entries) < journalIndex;
    }

    private static Finding remove(Path file, long entries) throws IOException {
        long last = lastIndex(file, entries);
        Files.delete(file);
        return new Finding.Overtaken(file, last);
    }

    private static boolean isOpenLog(Path path) {
        return path.getFileName().toString().startsWith(OPEN_PREFIX);
    }

    private static long firstIndex(Path file) {
        String digits = file.getFileName().toString().substring(OPEN_PREFIX.length());
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw new ConsensusException(Code.LOG_DAMAGED, "Not the name of a log file: " + file, e);
        }
    }

    private static void truncate(Path file, long length) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(length);
            channel.force(true);
        }
    }

    /** One pass over a file in memory; files are at most one segment long. */
    private static final class Scan {
        private final Path file;
        private final byte[] bytes;
        private final int entryBytesMax;
        /** Everything from here on is zero. */
        private final int written;

        Scan(Path file, byte[] bytes, int entryBytesMax) {
            this.file = file;
            this.bytes = bytes;
            this.entryBytesMax = entryBytesMax;
            int end = bytes.length;
            while (end > 0 && bytes[end - 1] == 0) {
                end--;
            }
            this.written = end;
        }

        Finding run(long firstIndex) {
            int magic = Math.min(MAGIC.length, written);
            for (int i = 0; i < magic; i++) {
                if (bytes[i] != MAGIC[i]) {
                    return new Finding.Damaged(file, i, "the file does not begin as a log file");
                }
            }
            if (written < MAGIC.length) {
                // Ratis itself deletes a file whose header was not written to its end.
                return new Finding.Sound(file, 0);
            }
            int offset = MAGIC.length;
            long index = firstIndex;
            while (offset < written) {
                int next = endOfWholeEntry(offset, index);
                if (next < 0) {
                    String damage = whyNotTorn(offset, index);
                    return damage == null
                            ? new Finding.Cut(file, index - firstIndex, offset)
                            : new Finding.Damaged(file, offset, damage);
                }
                offset = next;
                index++;
            }
            return new Finding.Sound(file, index - firstIndex);
        }

        List<byte[]> messages(long firstIndex) {
            List<byte[]> messages = new ArrayList<>();
            int offset = MAGIC.length;
            while (offset < written) {
                int next = endOfWholeEntry(offset, firstIndex + messages.size());
                if (next < 0) {
                    break;
                }
                Cursor cursor = new Cursor(offset, bytes.length);
                cursor.varint();
                messages.add(Arrays.copyOfRange(bytes, cursor.position, next - CHECKSUM_BYTES));
                offset = next;
            }
            return messages;
        }

        /** The offset behind the entry at {@code offset}, or -1 if no whole entry with this index lies there. */
        private int endOfWholeEntry(int offset, long index) {
            Cursor cursor = new Cursor(offset, bytes.length);
            long length = cursor.varint();
            if (length <= 0
                    || length > entryBytesMax
                    || length + CHECKSUM_BYTES > (long) bytes.length - cursor.position) {
                return -1;
            }
            int checksumAt = cursor.position + (int) length;
            CRC32C checksum = new CRC32C();
            checksum.update(bytes, offset, checksumAt - offset);
            if ((int) checksum.getValue()
                    != ByteBuffer.wrap(bytes, checksumAt, CHECKSUM_BYTES).getInt()) {
                return -1;
            }
            return prefixFault(cursor.position, checksumAt, checksumAt, index) == null
                    ? checksumAt + CHECKSUM_BYTES
                    : -1;
        }

        /** Null if what lies at {@code offset} can only be an entry whose write was interrupted; else why not. */
        private @Nullable String whyNotTorn(int offset, long index) {
            Cursor cursor = new Cursor(offset, written);
            long length = cursor.varint();
            if (cursor.exhausted) {
                return null;
            }
            if (length <= 0 || length > entryBytesMax) {
                return "an entry cannot be " + length + " bytes long";
            }
            long end = cursor.position + length + CHECKSUM_BYTES;
            if (written > end) {
                return "a bad entry is followed by others";
            }
            if (written == end) {
                return "the last entry was written to its end and its checksum does not match";
            }
            return prefixFault(cursor.position, cursor.position + length, written, index);
        }

        /**
         * Whether a message between {@code from} and {@code end}, of which only the bytes before {@code readable} were
         * written, begins as the entry with this index must.
         */
        private @Nullable String prefixFault(int from, long end, int readable, long index) {
            Cursor cursor = new Cursor(from, readable);
            long tag = cursor.varint();
            if (tag == TAG_TERM) {
                cursor.varint();
                tag = cursor.varint();
            }
            long found = 0;
            if (tag == TAG_INDEX) {
                found = cursor.varint();
                tag = cursor.varint();
            }
            long body = cursor.varint();
            if (cursor.exhausted) {
                return null;
            }
            if (found != index) {
                return "an entry has index " + found + " instead of " + index;
            }
            boolean isBody = (tag & 7) == 2 && tag >>> 3 >= 3 && tag >>> 3 <= 5;
            return isBody && cursor.position + body == end ? null : "an entry does not have the shape of one";
        }

        /** Reads varints; once it has run past its end, {@link #exhausted} stays set and everything reads as zero. */
        private final class Cursor {
            private final int end;
            private int position;
            private boolean exhausted;

            Cursor(int position, int end) {
                this.position = position;
                this.end = end;
            }

            long varint() {
                long value = 0;
                for (int i = 0; i < VARINT_BYTES_MAX; i++) {
                    if (position >= end) {
                        exhausted = true;
                        return 0;
                    }
                    byte next = bytes[position++];
                    value |= (long) (next & 0x7f) << (7 * i);
                    if (next >= 0) {
                        return value;
                    }
                }
                return -1;
            }
        }
    }
}
