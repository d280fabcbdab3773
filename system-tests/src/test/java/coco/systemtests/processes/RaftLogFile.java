package coco.systemtests.processes;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * A file of Ratis' log, read without Ratis: {@code "RaftLog1"}, then entries, then zeros. An entry is a length
 * (protobuf varint), a message of that length that begins with term (field 1) and index (field 2), and four bytes of
 * checksum.
 *
 * @param entries in the order of the file
 * @param end behind the last entry
 */
record RaftLogFile(List<Entry> entries, int end) {
    static final int MAGIC_BYTES = 8;
    private static final int CHECKSUM_BYTES = 4;
    private static final int TAG_TERM = 1 << 3;
    private static final int TAG_INDEX = 2 << 3;
    private static final String PREFIX = "log_";
    private static final String OPEN_PREFIX = "log_inprogress_";

    /**
     * One entry.
     *
     * @param offset where it begins
     * @param end behind its checksum
     */
    record Entry(long term, long index, int offset, int end) {}

    RaftLogFile {
        entries = List.copyOf(entries);
    }

    /** Whether a file is one of a log, going by its name. */
    static boolean isLog(Path file) {
        return file.getFileName().toString().startsWith(PREFIX);
    }

    /** The file that a node appends to. */
    static Path open(Path nodeFolder) throws IOException {
        try (Stream<Path> files = Files.walk(nodeFolder.resolve("raft"))) {
            return files.filter(file -> file.getFileName().toString().startsWith(OPEN_PREFIX))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no open log below " + nodeFolder));
        }
    }

    /** Every entry of a node's log; a new term and a full file each begin another file. */
    static List<Entry> entries(Path nodeFolder) throws IOException {
        List<Path> logs;
        try (Stream<Path> files = Files.walk(nodeFolder.resolve("raft"))) {
            logs = files.filter(RaftLogFile::isLog).toList();
        }
        List<Entry> entries = new ArrayList<>();
        for (Path log : logs) {
            entries.addAll(parse(Files.readAllBytes(log)).entries());
        }
        entries.sort(Comparator.comparingLong(Entry::index));
        return entries;
    }

    /** Reads every whole entry; a file that was not begun holds none. */
    static RaftLogFile parse(byte[] bytes) {
        return parse(bytes, MAGIC_BYTES);
    }

    /** Goes on behind the end of what was read before. */
    static RaftLogFile parse(byte[] bytes, int from) {
        List<Entry> entries = new ArrayList<>();
        Cursor cursor = new Cursor(bytes, from);
        int end = from;
        while (end < bytes.length && bytes[end] != 0) {
            cursor.at = end;
            int length = (int) cursor.varint();
            int checksumAt = cursor.at + length;
            if (checksumAt + CHECKSUM_BYTES > bytes.length || !isWhole(bytes, end, checksumAt)) {
                break;
            }
            long term = cursor.field(TAG_TERM);
            long index = cursor.field(TAG_INDEX);
            entries.add(new Entry(term, index, end, checksumAt + CHECKSUM_BYTES));
            end = checksumAt + CHECKSUM_BYTES;
        }
        return new RaftLogFile(entries, end);
    }

    private static boolean isWhole(byte[] bytes, int from, int checksumAt) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, from, checksumAt - from);
        return (int) checksum.getValue() == ByteBuffer.wrap(bytes).getInt(checksumAt);
    }

    Entry last() {
        return entries.getLast();
    }

    private static final class Cursor {
        private final byte[] bytes;
        private int at;

        Cursor(byte[] bytes, int at) {
            this.bytes = bytes;
            this.at = at;
        }

        /** The varint of a field that is left out when it is zero. */
        long field(int tag) {
            if (bytes[at] != tag) {
                return 0;
            }
            at++;
            return varint();
        }

        long varint() {
            long value = 0;
            for (int shift = 0; ; shift += 7) {
                byte next = bytes[at++];
                value |= (long) (next & 0x7f) << shift;
                if (next >= 0) {
                    return value;
                }
            }
        }
    }
}
