package coco.node;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A node's data folder: where everything lies in it, which format it has, and the lock that keeps a second process out.
 *
 * @param root {@code node.dataDirectory}
 */
record NodeFolder(Path root) {
    private static final String FORMAT = "coco node data, version 1\n";

    Path journal() {
        return root.resolve("journal");
    }

    Path raft() {
        return root.resolve("raft");
    }

    Path snapshots() {
        return root.resolve("snapshots");
    }

    Path index() {
        return root.resolve("index");
    }

    /** Stands once a newcomer's journal was fetched and verified: what comes later comes by consensus. */
    Path fetched() {
        return root.resolve("journal.fetched");
    }

    /** Ranges that were fetched before there were keys to judge them by. */
    UnjudgedRanges unjudged() {
        return new UnjudgedRanges(root.resolve("journal.unjudged"));
    }

    /** Where the other nodes are. */
    KnownNodes knownNodes() {
        return new KnownNodes(root.resolve("nodes"));
    }

    boolean isMade() {
        return Files.exists(formatFile());
    }

    /** Empties the folders that belong to one name in consensus. */
    void forgetAllButJournal() throws IOException {
        for (Path folder : List.of(raft(), index())) {
            NodeFiles.deleteTree(folder);
            Files.createDirectories(folder);
        }
    }

    private Path formatFile() {
        return root.resolve("format");
    }

    /** Makes an empty data folder. */
    void create() throws IOException {
        Files.createDirectories(root);
        if (Files.exists(formatFile())) {
            throw new NodeException(root + " already holds a node's data; remove it or choose another folder");
        }
        Files.createDirectories(journal());
        Files.createDirectories(raft());
        Files.createDirectories(index());
        Files.writeString(formatFile(), FORMAT, StandardCharsets.US_ASCII);
    }

    /** Refuses folders of another format, or none at all. */
    void checkFormat() {
        if (!Files.isDirectory(root)) {
            throw new NodeException("node.dataDirectory: there is no folder " + root);
        }
        String found = new String(NodeFiles.read(formatFile(), 1024, "node.dataDirectory"), StandardCharsets.US_ASCII);
        if (!found.equals(FORMAT)) {
            throw new NodeException("node.dataDirectory: " + formatFile() + " says '" + found.strip()
                    + "', this software reads '" + FORMAT.strip() + "'; use the release that wrote it");
        }
    }

    /** Takes the lock for as long as the process lives, or until it is released. */
    Lock lock() {
        Path file = root.resolve("lock");
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock;
            try {
                lock = channel.tryLock();
            } catch (OverlappingFileLockException _) {
                lock = null;
            }
            if (lock == null) {
                channel.close();
                throw new NodeException("node.dataDirectory: another process runs this node (" + file + " is locked)");
            }
            return new Lock(channel);
        } catch (IOException failed) {
            throw new NodeException("node.dataDirectory: cannot lock " + file, failed);
        }
    }

    /** A held lock. */
    record Lock(FileChannel channel) {
        void release() {
            try {
                channel.close();
            } catch (IOException failed) {
                throw new NodeException("cannot release the data folder", failed);
            }
        }
    }
}
