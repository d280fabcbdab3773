package coco.cli.demo.compare;

import static org.assertj.core.api.Assertions.assertThat;

import coco.cli.Main;
import coco.cli.console.Console;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a wrong command line is told. Nothing is started by any of these. */
final class CompareCommandTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--count 0|--count must be 1 to 20000",
                "--count 20001|--count must be 1 to 20000",
                "--batch 0|--batch must be 1 to 10000",
                "--rate -1|--rate must be 0",
                "--warm-up -1|--warm-up must be 0",
                "--blocks 7|is no range of blocks",
                "--blocks 9..7|ends before it begins",
                "--baseline-today --baseline-block-time 2|contradict each other",
                "--baseline http://127.0.0.1:1 --baseline-today|names a network",
                "--baseline-block-time 0|must be 1 to 600",
                "--transactions /nowhere/at/all|is no folder",
                "--fetch http://127.0.0.1:1|--fetch needs --blocks",
                "--count many|Invalid value for option '--count'"
            })
    void shouldSayWhatIsWrongWithTheOptions(String options, String words) {
        List<String> arguments = new ArrayList<>(List.of("demo", "compare", "--headless"));
        arguments.addAll(List.of(options.split(" ")));

        assertThat(run(arguments)).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains(words).doesNotContain("mistake in Coco");
    }

    @Test
    void shouldSayThatAFolderHoldsNoBlocksOrNoCodes() throws IOException {
        assertThat(run(List.of("demo", "compare", "--headless", "--transactions", folder.toString())))
                .isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("there is no block in");

        Files.writeString(folder.resolve("5000000.json"), BlockFolderTest.block(5_000_000));
        assertThat(run(List.of("demo", "compare", "--headless", "--transactions", folder.toString())))
                .isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("there is no codes.json.gz");
    }

    @Test
    void shouldNotTakeFilesWithoutHeadless() {
        assertThat(run(List.of("demo", "compare", "--json", "x.json"))).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("belong to --headless");
    }

    private int run(List<String> arguments) {
        PrintStream print = new PrintStream(err, true, StandardCharsets.UTF_8);
        return Main.run(new Console(print, print, false, false), Map.of(), arguments.toArray(String[]::new));
    }
}
