package coco.cli.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NodeProcessTest {
    @TempDir
    private Path directory = Path.of("");

    private NetworkFolder folder = new NetworkFolder(Path.of(""));

    @BeforeEach
    void makeFolder() throws IOException {
        folder = new NetworkFolder(directory);
        Files.createDirectories(folder.node(1));
    }

    @Test
    void shouldFindNothingWhenThereIsNoProcessFile() {
        assertThat(NodeProcess.find(folder, 1)).isEmpty();
    }

    @Test
    void shouldFindNothingWhenProcessFileMakesNoSense() throws IOException {
        for (String text : List.of("", "12", "x y", "-1 -1", "99999999999999999999 1", "1 2 3")) {
            Files.writeString(folder.processFile(1), text);
            assertThat(NodeProcess.find(folder, 1)).as(text).isEmpty();
        }
    }

    @Test
    void shouldNotTakeAnotherProgramForANodeWhenItsNumberWasReused() throws IOException {
        ProcessHandle self = ProcessHandle.current();
        long start = self.info().startInstant().orElseThrow().toEpochMilli();
        Files.writeString(folder.processFile(1), self.pid() + " " + start);
        assertThat(NodeProcess.find(folder, 1)).as("same start, but no node").isEmpty();

        Process other = sleeper();
        try {
            Files.writeString(folder.processFile(1), other.pid() + " " + (start - 3_600_000));
            assertThat(NodeProcess.find(folder, 1))
                    .as("a node's command line, but another start")
                    .isEmpty();
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void shouldStopTheProcessWhenItIsTheNode() throws IOException {
        Process process = sleeper();
        long start = process.toHandle().info().startInstant().orElseThrow().toEpochMilli();
        Files.writeString(folder.processFile(1), process.pid() + " " + start + "\n");

        NodeProcess found = NodeProcess.find(folder, 1).orElseThrow();
        assertThat(found.pid()).isEqualTo(process.pid());
        assertThat(found.isAlive()).isTrue();
        found.requestStop();

        assertThat(found.awaitExit(Duration.ofSeconds(10))).isTrue();
        assertThat(folder.processFile(1)).doesNotExist();
        assertThat(NodeProcess.find(folder, 1)).isEmpty();
    }

    @Test
    void shouldFindTheNodeWhileItBecomesAnotherProgram() throws IOException {
        Path script = Files.writeString(directory.resolve("again.sh"), "exec /bin/sh \"$0\" \"$1\"\n");
        Process process = new ProcessBuilder(
                        "/bin/sh", script.toString(), makeConfiguration().toString())
                .start();
        try {
            long start = process.toHandle().info().startInstant().orElseThrow().toEpochMilli();
            Files.writeString(folder.processFile(1), process.pid() + " " + start + "\n");
            for (int asked = 0; asked < 3_000; asked++) {
                assertThat(NodeProcess.find(folder, 1))
                        .as("asked for the %d. time", asked)
                        .isPresent();
            }
        } finally {
            process.destroyForcibly();
        }
    }

    /** A process whose command line names the configuration file of node 1. */
    private Process sleeper() throws IOException {
        return new ProcessBuilder("sh", "-c", "exec tail -f /dev/null " + makeConfiguration()).start();
    }

    private Path makeConfiguration() throws IOException {
        return Files.writeString(folder.configuration(1), "");
    }
}
