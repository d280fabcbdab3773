package coco.cli.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NodeLogTest {
    @TempDir
    private Path directory = Path.of("");

    @Test
    void shouldGiveTheLastLinesWhenFileIsLarge() throws IOException {
        Path file = directory.resolve("node.log");
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 50_000; i++) {
            text.append("line ").append(i).append('\n');
        }
        Files.writeString(file, text);

        assertThat(NodeLog.lastLines(file, 2)).isEqualTo("line 49998\nline 49999");
        assertThat(new NodeLog(file).tail()).startsWith("line ");
    }

    @Test
    void shouldGiveWhatWasAppendedWhenAskedForMore() throws IOException {
        Path file = directory.resolve("node.log");
        NodeLog log = new NodeLog(file);
        assertThat(log.tail()).isEmpty();

        Files.writeString(file, "one\n");
        assertThat(log.more()).isEqualTo("one\n");
        Files.writeString(file, "two\n", StandardOpenOption.APPEND);
        assertThat(log.more()).isEqualTo("two\n");
        assertThat(log.more()).isEmpty();
        Files.writeString(file, "3\n");
        assertThat(log.more()).as("replaced by a shorter one").isEqualTo("3\n");
    }

    @Test
    void shouldGiveWholeLinesAndCharactersWhenTheNodeIsStillWriting() throws IOException {
        Path file = directory.resolve("node.log");
        byte[] line = "µs are microseconds\n".getBytes(StandardCharsets.UTF_8);
        NodeLog log = new NodeLog(file);

        Files.write(file, Arrays.copyOf(line, 1));
        assertThat(log.more()).isEmpty();
        Files.write(file, Arrays.copyOfRange(line, 1, line.length), StandardOpenOption.APPEND);
        assertThat(log.more()).isEqualTo("µs are microseconds\n");
    }

    @Test
    void shouldGiveTheUnfinishedLineWhenAskedForLastWords() throws IOException {
        Path file = Files.writeString(directory.resolve("node.log"), "one\ntwo\nout of mem");

        assertThat(NodeLog.lastLines(file, 2)).isEqualTo("two\nout of mem");
    }

    @Test
    void shouldTearNoCharacterWhenALineIsLongerThanOneRead() throws IOException {
        Path file = directory.resolve("node.log");
        String text = "x" + "µ".repeat(100_000);
        Files.writeString(file, text + "\n");
        NodeLog log = new NodeLog(file);

        StringBuilder read = new StringBuilder();
        for (String more = log.more(); !more.isEmpty(); more = log.more()) {
            read.append(more);
        }
        assertThat(read.toString().strip()).isEqualTo(text);
    }
}
