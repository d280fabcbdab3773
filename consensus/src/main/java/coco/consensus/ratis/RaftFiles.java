package coco.consensus.ratis;

import coco.consensus.ConsensusException;
import coco.consensus.ConsensusException.Code;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.thirdparty.com.google.protobuf.InvalidProtocolBufferException;

/**
 * Raft's files while no server runs over them, for recovery: what a lost group's log holds beyond the journal, and the
 * storage of a group that begins where another one ended.
 */
public final class RaftFiles {
    private static final String LOG_PREFIX = "log_";

    private RaftFiles() {}

    /**
     * An entry of a log that carries a payload. Whether it was ever committed its file does not tell.
     *
     * @param term of the entry
     * @param index of the entry
     * @param payload as proposed
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Logged(long term, long index, byte[] payload) {}

    /**
     * The payloads that are wanted, in order, up to the first entry that is damaged or was not written to its end.
     * Reads only, one file at a time.
     *
     * @param directory a node's folder for Raft
     * @param group of its only group
     * @param entryBytesMax the longest entry that may have been written
     * @param wanted which payloads; the others are not kept
     */
    public static List<Logged> read(Path directory, UUID group, int entryBytesMax, Predicate<byte[]> wanted) {
        Path log = directory.resolve("raft").resolve(group.toString()).resolve("current");
        List<Logged> logged = new ArrayList<>();
        if (!Files.isDirectory(log)) {
            return logged;
        }
        try (Stream<Path> files = Files.list(log)) {
            List<Path> segments = files.filter(
                            file -> file.getFileName().toString().startsWith(LOG_PREFIX))
                    .sorted(Comparator.comparingLong(RaftFiles::firstIndex))
                    .toList();
            long next = -1;
            for (Path segment : segments) {
                long first = firstIndex(segment);
                if (next >= 0 && first != next) {
                    // What lies behind a gap does not follow from what lies before it.
                    return logged;
                }
                List<byte[]> messages =
                        TornLogCheck.messages(segment, Files.readAllBytes(segment), first, entryBytesMax);
                for (byte[] message : messages) {
                    take(message, wanted, logged);
                }
                next = first + messages.size();
            }
            return logged;
        } catch (IOException e) {
            throw new ConsensusException(Code.STORAGE_IO, "Cannot read the log in " + log, e);
        }
    }

    private static void take(byte[] message, Predicate<byte[]> wanted, List<Logged> logged)
            throws InvalidProtocolBufferException {
        LogEntryProto entry = LogEntryProto.parseFrom(message);
        if (entry.hasStateMachineLogEntry()) {
            byte[] payload = entry.getStateMachineLogEntry().getLogData().toByteArray();
            if (wanted.test(payload)) {
                logged.add(new Logged(entry.getTerm(), entry.getIndex(), payload));
            }
        }
    }

    /** {@code log_FIRST-LAST}, or {@code log_inprogress_FIRST}. */
    private static long firstIndex(Path segment) {
        String name = segment.getFileName().toString();
        String digits = name.substring(name.startsWith("log_inprogress_") ? 15 : LOG_PREFIX.length());
        int end = digits.indexOf('-');
        try {
            return Long.parseLong(end < 0 ? digits : digits.substring(0, end));
        } catch (NumberFormatException e) {
            throw new ConsensusException(Code.LOG_DAMAGED, "Not the name of a log file: " + segment, e);
        }
    }

    /**
     * Makes storage for a group of one that begins behind a journal: nobody has voted in it, and its terms come after
     * those of the journal's blocks, which may never go back. Nothing is changed where there is storage already.
     *
     * @param settings of the member
     * @param term of the journal's last block
     */
    public static void begin(RatisSettings settings, long term) {
        RaftFolder folder = new RaftFolder(settings);
        if (Files.exists(folder.log())) {
            return;
        }
        try {
            Files.createDirectories(folder.log());
            Path metadata = folder.log().resolve("raft-meta");
            Files.writeString(metadata, "term=" + term + "\nvotedFor=\n", StandardCharsets.UTF_8);
            try (FileChannel channel = FileChannel.open(metadata, StandardOpenOption.READ)) {
                channel.force(true);
            }
            folder.mark();
        } catch (IOException e) {
            throw new ConsensusException(Code.STORAGE_IO, "Cannot make the Raft storage in " + folder.log(), e);
        }
    }
}
