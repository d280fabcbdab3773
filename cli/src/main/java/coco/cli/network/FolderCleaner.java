package coco.cli.network;

import coco.cli.console.CliException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Deletes what a network consists of, by name, and nothing else. Symbolic links are removed, never followed. */
final class FolderCleaner {
    private FolderCleaner() {}

    static void clean(NetworkFolder folder) {
        List<Path> ours = new ArrayList<>(List.of(folder.serviceCertificate(), folder.genesis()));
        for (int node = 1; node <= PortPlan.NODES_MAX; node++) {
            ours.add(folder.node(node));
            ours.add(folder.sealingKey(node));
        }
        ours.add(folder.sealingFolder());
        ours.add(folder.members());
        // Last, so that a folder cleaned by half is still known as ours.
        ours.add(folder.unfinished());
        ours.add(folder.description());
        try {
            for (Path path : ours) {
                delete(path);
            }
        } catch (IOException e) {
            throw new CliException("cannot delete " + e.getMessage(), "Check the rights of " + folder.root() + ".", e);
        }
    }

    /** Deletes a file, or a folder with all that is in it. */
    static void delete(Path path) throws IOException {
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            Files.deleteIfExists(path);
            return;
        }
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
