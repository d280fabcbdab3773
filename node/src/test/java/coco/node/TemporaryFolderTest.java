package coco.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where temporary files go. */
final class TemporaryFolderTest {
    private static final String PROPERTY = "java.io.tmpdir";

    private final String before = System.getProperty(PROPERTY, "");

    @TempDir
    Path folder;

    @AfterEach
    void restore() {
        System.setProperty(PROPERTY, before);
    }

    @Test
    void shouldTakeMemoryOnlyWhereCodeMayBeLoadedFromIt() throws IOException {
        assertThat(memory("tmpfs %s tmpfs rw,nosuid,nodev 0 0")).isTrue();
        assertThat(memory("tmpfs %s tmpfs rw,nosuid,nodev,noexec,relatime 0 0")).isFalse();
        assertThat(memory("tmpfs %s tmpfs rw,noexec 0 0\ntmpfs %s tmpfs rw 0 0"))
                .isTrue();
        assertThat(memory("tmpfs /elsewhere tmpfs rw 0 0")).isFalse();
        assertThat(TemporaryFolder.memory(folder.resolve("none"), folder.resolve("mounts")))
                .isEmpty();
    }

    private boolean memory(String lines) throws IOException {
        Path mounts = folder.resolve("mounts");
        Files.writeString(mounts, lines.replace("%s", folder.toString()) + "\n");
        return TemporaryFolder.memory(folder, mounts).isPresent();
    }

    @Test
    void shouldBeTheOwnersOnlyAndLeaveNothingBehind() throws IOException {
        Path data = folder.resolve("node-1");
        Files.createDirectories(data);
        TemporaryFolder opened = TemporaryFolder.open(data, folder, ProcessHandle.current());

        assertThat(System.getProperty(PROPERTY)).isEqualTo(opened.path().toString());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(opened.path())))
                .isEqualTo("rwx------");
        Files.createDirectories(opened.path().resolve("a/b"));
        Files.writeString(opened.path().resolve("a/b/library.so"), "code");

        opened.close();

        assertThat(opened.path()).doesNotExist();
    }

    @Test
    void shouldDeleteWhatAKilledProcessOfTheSameNodeHasLeft() throws IOException {
        Path data = folder.resolve("node-1");
        TemporaryFolder mine = TemporaryFolder.open(data, folder, ProcessHandle.current());
        String name = mine.path().getFileName().toString();
        String prefix = name.substring(0, name.lastIndexOf('-') + 1);
        // Above what any system gives out.
        Path left = Files.createDirectory(folder.resolve(prefix + "999999999"));
        Files.writeString(left.resolve("library.so"), "code");
        Path foreign = Files.createDirectory(folder.resolve("coco-tmp-0-999999999"));

        TemporaryFolder again = TemporaryFolder.open(data, folder, ProcessHandle.current());

        assertThat(left).doesNotExist();
        assertThat(foreign).exists();
        assertThat(again.path()).isEqualTo(mine.path()).isEmptyDirectory();
        again.close();
    }
}
