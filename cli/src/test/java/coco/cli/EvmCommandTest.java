package coco.cli;

import static org.assertj.core.api.Assertions.assertThat;

import coco.cli.console.Console;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EvmCommandTest {
    /** Adds 1 and 2 and stores the sum: 20,012 gas. */
    private static final String ADDITION = """
            {"addition": {
              "env": {"currentCoinbase": "0x2adc25665018aa1fe0e6bc666dac8fc2697ff9ba", "currentDifficulty": "0x020000",
                      "currentGasLimit": "0x0f4240", "currentNumber": "0x01", "currentTimestamp": "0x03e8"},
              "exec": {"address": "0x0f572e5295c57f15886f9b263e2f6d2d6c7b5ec6", "caller": "0xcd1722f2947def4cf144679da39c4c32bdc35681",
                       "code": "0x60016002016000550000", "data": "0x", "gas": "0x0186a0", "gasPrice": "0x0c",
                       "origin": "0xcd1722f2947def4cf144679da39c4c32bdc35681", "value": "0x0b"},
              "gas": "0x013874", "logs": "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347", "out": "0x",
              "pre": {"0x0f572e5295c57f15886f9b263e2f6d2d6c7b5ec6": {"balance": "0x0d", "nonce": "0x00", "storage": {},
                      "code": "0x60016002016000550000"}},
              "post": {"0x0f572e5295c57f15886f9b263e2f6d2d6c7b5ec6": {"balance": "0x0d", "nonce": "0x00", "storage": {"0x00": "0x03"},
                      "code": "0x60016002016000550000"}}
            }}""";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path directory = Path.of("");

    private Path file = Path.of("");

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(directory.resolve("addition.json"), ADDITION);
    }

    private int run(String... arguments) {
        Console console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false);
        return Main.run(console, Map.of(), arguments);
    }

    private String results() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldCountWhatPassesInAFileAFolderAndAnArchive() throws IOException {
        Path archive = directory.resolve("tests.zip");
        try (OutputStream bytes = Files.newOutputStream(archive);
                ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("VMTests/addition.json"));
            zip.write(ADDITION.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(run("evm", "vmtest", file.toString())).isZero();
        assertThat(run("evm", "vmtest", "--guard", directory.toString())).isZero();
        assertThat(run("evm", "vmtest", "--jobs", "3", archive.toString(), file.toString()))
                .isZero();
        assertThat(results()).isEqualToIgnoringNewLines("1 passed, 0 failed1 passed, 0 failed2 passed, 0 failed");
    }

    @Test
    void shouldNameAccountAndFieldWhenATestFails() throws IOException {
        Files.writeString(file, ADDITION.replace("\"0x00\": \"0x03\"", "\"0x00\": \"0x04\""));
        Path json = directory.resolve("results.txt");
        assertThat(run("evm", "vmtest", "--json", json.toString(), file.toString()))
                .isEqualTo(1);
        assertThat(results())
                .contains("addition.json: addition: account 0x0f572e5295c57f15886f9b263e2f6d2d6c7b5ec6 storage 0x0: "
                        + "expected 0x4, is 0x3")
                .endsWith("0 passed, 1 failed" + System.lineSeparator());
        assertThat(json).content().contains("\"outcome\" : \"failed\"");
    }

    @Test
    void shouldReportDamagedFilesAsFailures() throws IOException {
        Files.writeString(file, ADDITION.substring(0, 400));
        assertThat(run("evm", "vmtest", file.toString())).isEqualTo(1);
        assertThat(run("evm", "statetest", file.toString())).isEqualTo(1);
        assertThat(run("evm", "blocktest", file.toString())).isEqualTo(1);
        Files.writeString(file, "{\"empty\": {}}");
        assertThat(run("evm", "statetest", file.toString())).isEqualTo(1);
        assertThat(run("evm", "blocktest", file.toString())).isEqualTo(1);
        assertThat(results()).contains("the field env is missing").contains("the field network is missing");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void shouldEndWithUsageOrIncompleteWhenThereIsNothingToRun() {
        assertThat(run("evm")).isEqualTo(2);
        assertThat(run("evm", "vmtest")).isEqualTo(2);
        assertThat(run("evm", "vmtest", directory.resolve("missing").toString()))
                .isEqualTo(2);
        assertThat(run("evm", "replay", file.toString())).isEqualTo(2);
        assertThat(run("evm", "vmtest", "--filter", "subtraction", file.toString()))
                .isEqualTo(3);
        assertThat(run("evm", "--help")).isZero();
    }

    @Test
    void shouldRunTheOthersWhenAFileCannotBeRead() throws IOException {
        Files.write(directory.resolve("cut.json.gz"), new byte[] {0x1F, (byte) 0x8B, 8, 0});
        Files.writeString(directory.resolve("numbers.json"), "[1, 2]");
        Files.writeString(
                directory.resolve("pointer.json.gz"), "version https://git-lfs.github.com/spec/v1\noid sha256:00\n");
        assertThat(run("evm", "vmtest", directory.toString())).isEqualTo(1);
        assertThat(results())
                .contains("cut.json.gz: cannot be read")
                .contains("numbers.json: not an object of tests")
                .contains("pointer.json.gz: a Git LFS pointer")
                .endsWith("1 skipped" + System.lineSeparator() + "1 passed, 2 failed" + System.lineSeparator());
    }

    @Test
    void shouldFollowLinksToFoldersAndIgnoreFoldersNamedLikeFiles() throws IOException {
        Path tests = Files.createDirectory(directory.resolve("tests"));
        Files.createDirectory(tests.resolve("folder.json"));
        Files.createSymbolicLink(tests.resolve("link"), Files.createDirectory(directory.resolve("elsewhere")));
        Files.move(file, directory.resolve("elsewhere/addition.json"));
        Path link = Files.createSymbolicLink(directory.resolve("all"), tests);
        assertThat(run("evm", "vmtest", link.toString())).isZero();
        assertThat(results()).isEqualToIgnoringNewLines("1 passed, 0 failed");
    }

    @Test
    void shouldRefuseOptionsThatCannotBeFollowedBeforeAnythingRuns() {
        assertThat(run("evm", "vmtest", "--jobs", "0", file.toString())).isEqualTo(2);
        assertThat(run("evm", "vmtest", "--jobs", "536870912", file.toString())).isEqualTo(2);
        assertThat(run("evm", "vmtest", "--json", directory.toString(), file.toString()))
                .isEqualTo(1);
        assertThat(results()).isEmpty();
    }

    @Test
    void shouldSayThatTheCodeOfContractsIsMissingWhenBlocksAreReplayedWithoutIt() {
        assertThat(run("evm", "replay", directory.toString())).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("There is no codes.json.gz");
        assertThat(results()).contains("the field fork is missing").contains("0 passed, 1 failed");
    }

    @Test
    void shouldSkipTestsOfTheEngineApi() throws IOException {
        Files.writeString(file, "{\"engine\": {\"network\": \"Osaka\", \"engineNewPayloads\": []}}");
        assertThat(run("evm", "blocktest", file.toString())).isEqualTo(3);
        assertThat(results()).contains("a test of the engine API");
    }
}
