package coco.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where this process puts temporary files, such as the native libraries that it unpacks: in memory where the platform
 * has a file system in memory from which code may be loaded, else in the node's data folder; readable by its owner
 * only.
 */
final class TemporaryFolder {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final Path MOUNTS = Path.of("/proc/self/mounts");
    private static final String PROPERTY = "java.io.tmpdir";
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private final Path folder;

    private TemporaryFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * Makes the folder and has this JVM use it; to be called before anything is unpacked. What a killed process of the
     * same node has left is deleted.
     */
    static TemporaryFolder open(Path dataDirectory) {
        return open(dataDirectory, memory(SHARED_MEMORY, MOUNTS).orElse(dataDirectory), ProcessHandle.current());
    }

    static TemporaryFolder open(Path dataDirectory, Path place, ProcessHandle process) {
        String prefix =
                "coco-tmp-" + Integer.toHexString(dataDirectory.toAbsolutePath().hashCode()) + "-";
        try {
            deleteLeftovers(place, prefix);
            Path made = place.resolve(prefix + process.pid());
            NodeFiles.deleteTree(made);
            Files.createDirectory(made, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            System.setProperty(PROPERTY, made.toString());
            return new TemporaryFolder(made);
        } catch (IOException failed) {
            throw new NodeException("cannot make a folder for temporary files in " + place, failed);
        }
    }

    /** A folder in memory, if there is one that may be written to and that code may be loaded from. */
    static Optional<Path> memory(Path folder, Path mounts) {
        if (!Files.isDirectory(folder) || !Files.isWritable(folder) || !Files.isReadable(mounts)) {
            return Optional.empty();
        }
        try {
            List<String> lines = Files.readAllLines(mounts, StandardCharsets.ISO_8859_1);
            // The last mount of a place is the one that is seen.
            return lines.reversed().stream()
                    .map(line -> line.split(" ", -1))
                    .filter(words -> words.length > 3 && words[1].equals(folder.toString()))
                    .findFirst()
                    .filter(words -> !List.of(words[3].split(",", -1)).contains("noexec"))
                    .map(words -> folder);
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    Path path() {
        return folder;
    }

    /** Deletes it with all that is in it. */
    void close() {
        try {
            NodeFiles.deleteTree(folder);
        } catch (IOException failed) {
            throw new NodeException("cannot delete " + folder, failed);
        }
    }

    private static void deleteLeftovers(Path place, String prefix) throws IOException {
        try (Stream<Path> all = Files.list(place)) {
            for (Path left : all.filter(path -> path.getFileName().toString().startsWith(prefix))
                    .toList()) {
                String pid = left.getFileName().toString().substring(prefix.length());
                if (pid.matches("[0-9]{1,18}")
                        && ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
                    NodeFiles.deleteTree(left);
                }
            }
        }
    }
}
