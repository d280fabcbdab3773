package coco.consensus.ratis;

import coco.consensus.ConsensusException;
import coco.consensus.ConsensusException.Code;
import coco.consensus.LogPosition;
import coco.consensus.ratis.RatisSettings.Recovery;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder of one Raft member, and the guard against amnesia.
 *
 * <p>Ratis silently formats a missing folder. A member that has voted and forgets it may vote twice in a term, and one
 * that has acknowledged entries and forgets them undoes a majority. So a marker beside the folder says that it once
 * existed, and a member whose folder is gone is refused: it must come back under a new peer id. A journal with entries
 * says the same, so losing marker and folder together is caught too.
 *
 * <p>Layout: {@code directory/raft/<group uuid>/current/...} is Ratis'; {@code directory/initialised} is ours:
 * {@code "coco-raft 1\n" peer id "\n" group uuid "\n"}, written after Ratis has created its folder.
 */
final class RaftFolder {
    private static final String FORMAT = "coco-raft 1";

    private final RatisSettings settings;
    private final Path marker;
    private final Path storage;
    private final Path group;

    RaftFolder(RatisSettings settings) {
        this.settings = settings;
        this.marker = settings.directory().resolve("initialised");
        this.storage = settings.directory().resolve("raft");
        this.group = storage.resolve(settings.group().toString());
    }

    /** What Ratis takes as its storage folder. */
    Path storage() {
        return storage;
    }

    /** Where Ratis would move the folder of a group it was removed from. */
    Path removed() {
        return settings.directory().resolve("removed");
    }

    /** The log files of this group. */
    Path log() {
        return group.resolve("current");
    }

    /**
     * Decides whether Ratis resumes or creates.
     *
     * @param durable the journal's position
     * @return true to resume, false to create
     */
    boolean resumes(LogPosition durable) {
        try {
            Files.createDirectories(storage);
            refuseForeignGroups();
            boolean marked = Files.exists(marker);
            if (marked) {
                checkMarker();
            }
            if (Files.exists(log())) {
                return true;
            }
            if (marked) {
                throw new ConsensusException(
                        Code.STORAGE_LOST,
                        "The Raft storage of " + settings.self() + " is gone (" + group
                                + "). A member that forgot its votes is unsafe: remove it and join under a new peer id");
            }
            if (settings.recovery() == Recovery.RESUME && !durable.equals(LogPosition.NONE)) {
                throw new ConsensusException(
                        Code.STORAGE_LOST,
                        "The journal of " + settings.self() + " holds entries up to index " + durable.index()
                                + " but there is no Raft storage (" + group + "): join under a new peer id");
            }
            return false;
        } catch (IOException e) {
            throw new ConsensusException(Code.STORAGE_IO, "Cannot use the folder " + settings.directory(), e);
        }
    }

    /**
     * Makes durable what Ratis' files are called. It forces what is in them, renames them into place, and leaves it at
     * that, so that a power cut may bring the files of before back.
     */
    void forceNames() {
        try {
            force(log());
        } catch (IOException e) {
            throw new ConsensusException(Code.STORAGE_IO, "Cannot force the folder " + log(), e);
        }
    }

    /** Remembers, durably, that the storage exists; the storage is made durable first. */
    void mark() {
        if (Files.exists(marker)) {
            return;
        }
        Path temporary = marker.resolveSibling("initialised.new");
        byte[] content = String.join("\n", expectedMarker()).concat("\n").getBytes(StandardCharsets.UTF_8);
        try {
            // A marker without what it speaks of would refuse a member after an honest power cut.
            for (Path folder : List.of(log(), group, storage)) {
                force(folder);
            }
            Files.write(temporary, content);
            force(temporary);
            Files.move(temporary, marker, StandardCopyOption.ATOMIC_MOVE);
            force(settings.directory());
        } catch (IOException e) {
            throw new ConsensusException(Code.STORAGE_IO, "Cannot write " + marker, e);
        }
    }

    private void checkMarker() throws IOException {
        // The file may hold anything: read as bytes that cannot fail to decode, and no more of it than needed.
        byte[] content;
        try (var in = Files.newInputStream(marker)) {
            content = in.readNBytes(4_096);
        }
        List<String> lines =
                new String(content, StandardCharsets.ISO_8859_1).lines().toList();
        if (!lines.equals(expectedMarker())) {
            throw new ConsensusException(
                    Code.STORAGE_FOREIGN,
                    marker + " belongs to another peer, group or format; expected " + expectedMarker());
        }
    }

    private List<String> expectedMarker() {
        return List.of(FORMAT, settings.self().value(), settings.group().toString());
    }

    private void refuseForeignGroups() throws IOException {
        // Ratis would resume every group it finds, on the same channel.
        try (Stream<Path> entries = Files.list(storage)) {
            List<Path> foreign = entries.filter(path -> !path.equals(group)).toList();
            if (!foreign.isEmpty()) {
                throw new ConsensusException(
                        Code.STORAGE_FOREIGN, "Not the storage of group " + settings.group() + ": " + foreign);
            }
        }
    }

    private static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
