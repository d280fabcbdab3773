package coco.systemtests.processes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TracedDiskTest {
    private static final Path ROOT = Path.of("/n");
    private static final Path LOG = ROOT.resolve("log");

    @TempDir
    private Path before = Path.of("");

    private long micros;

    @BeforeEach
    void oneFile() throws IOException {
        Files.writeString(before.resolve("old"), "old");
    }

    /** One call that took two microseconds, two after the one before. */
    private SystemCall call(String name, long result, String... arguments) {
        micros += 4;
        return new SystemCall(name, List.of(arguments), result, micros, micros + 2);
    }

    private SystemCall create(String path) {
        return call("openat", 7, "AT_FDCWD</n>", "\"" + path + "\"", "O_RDWR|O_CREAT", "0666");
    }

    private SystemCall write(String text) {
        return call("write", text.length(), "7</n/log>", "\"" + text + "\"", Integer.toString(text.length()));
    }

    private SystemCall sync(String path) {
        return call("fdatasync", 0, "7<" + path + ">");
    }

    private TracedDisk disk(SystemCall... calls) throws IOException {
        TracedDisk disk = new TracedDisk(ROOT, before);
        List.of(calls).forEach(disk::apply);
        return disk;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8).replace("\0", "");
    }

    @Test
    void shouldLoseWhatWasWrittenWhenNobodySynced() throws IOException {
        TracedDisk disk = disk(create("/n/log"), write("one"));
        assertThat(disk.sure(LOG)).isEmpty();
        assertThat(disk.shown().get(LOG)).asString(StandardCharsets.UTF_8).isEqualTo("one");
    }

    @Test
    void shouldKeepWhatWasSyncedAndLoseWhatCameAfterWhenThePowerGoes() throws IOException {
        TracedDisk disk = disk(create("/n/log"), write("one"), sync("/n/log"), write("two"));
        assertThat(text(disk.sure(LOG))).isEqualTo("one");
    }

    @Test
    void shouldLoseAWriteWhenItEndedAfterTheSyncHadBegun() throws IOException {
        SystemCall created = create("/n/log");
        SystemCall first = write("one");
        SystemCall late = write("two");
        SystemCall early = new SystemCall("fsync", List.of("7</n/log>"), 0, late.endMicros() - 1, late.endMicros() + 1);
        assertThat(text(disk(created, first, late, early).sure(LOG))).isEqualTo("one");
    }

    @Test
    void shouldKeepANewNameWhenItsFolderIsSynced() throws IOException {
        SystemCall[] renamed = {create("/n/log"), sync("/n/log"), call("rename", 0, "\"/n/log\"", "\"/n/new\"")};
        assertThat(text(disk(renamed).sure(LOG))).isEmpty();
        Files.writeString(before.resolve("log"), "first");
        TracedDisk disk = disk(renamed);
        assertThat(text(disk.sure(LOG))).isEqualTo("first");
        disk.apply(sync("/n"));
        assertThat(disk.sure(LOG)).isEmpty();
        assertThat(text(disk.sure(ROOT.resolve("new")))).isEqualTo("first");
    }

    @Test
    void shouldKeepAnEarlierNewNameWhenANewFileIsSynced() throws IOException {
        TracedDisk disk = disk(call("rename", 0, "\"/n/old\"", "\"/n/new\""), create("/n/log"), sync("/n/log"));
        assertThat(disk.sureFiles()).containsExactlyInAnyOrder(LOG, ROOT.resolve("new"));
    }

    @Test
    void shouldLoseANewNameWhenOnlyAFileOfOldIsSynced() throws IOException {
        Files.writeString(before.resolve("log"), "first");
        TracedDisk disk = disk(call("rename", 0, "\"/n/old\"", "\"/n/new\""), create("/n/log"), sync("/n/log"));
        assertThat(disk.sureFiles()).containsExactlyInAnyOrder(LOG, ROOT.resolve("old"));
    }

    @Test
    void shouldBringAFileBackWhenItsRemovalIsNotSynced() throws IOException {
        TracedDisk disk = disk(call("unlink", 0, "\"/n/old\""));
        assertThat(text(disk.sure(ROOT.resolve("old")))).isEqualTo("old");
        disk.apply(sync("/n"));
        assertThat(disk.sure(ROOT.resolve("old"))).isEmpty();
    }

    @Test
    void shouldFollowThePositionWhenItIsSetAndWhenTheCallNamesIt() throws IOException {
        TracedDisk disk = disk(
                create("/n/log"),
                write("abc"),
                call("lseek", 1, "7</n/log>", "1", "SEEK_SET"),
                write("x"),
                call("pwrite64", 1, "7</n/log>", "\"z\"", "1", "4"),
                write("y"));
        assertThat(disk.shown().get(LOG)).containsExactly('a', 'x', 'y', 0, 'z');
    }

    @Test
    void shouldShortenAFileWhenItIsCut() throws IOException {
        TracedDisk disk = disk(create("/n/log"), write("abc"), call("ftruncate", 0, "7</n/log>", "1"));
        assertThat(disk.shown().get(LOG)).containsExactly('a');
    }
}
