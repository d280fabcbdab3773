package coco.cli;

import static org.assertj.core.api.Assertions.assertThat;

import coco.cli.console.Console;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MainTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path directory = Path.of("");

    @Test
    void shouldEndWithUsageWhenCommandLineMakesNoSense() {
        assertThat(run()).isEqualTo(2);
        assertThat(run("fly")).isEqualTo(2);
        assertThat(run("status", "--colour")).isEqualTo(2);
        assertThat(run("logs", "-n", "many")).isEqualTo(2);
        assertThat(errors())
                .contains("See: coco status --help")
                .doesNotContain("Exception")
                .doesNotContain("\tat ");
    }

    @Test
    void shouldSayWhatToDoWhenThereIsNoNetwork() {
        for (String command : new String[] {"down", "status", "logs"}) {
            assertThat(run(command, "--dir", directory.toString())).isEqualTo(1);
        }
        assertThat(errors()).contains("there is no network in " + directory).contains("coco up");
    }

    @Test
    void shouldSayWhatToDoWhenDescriptionIsDamaged() throws IOException {
        Files.writeString(directory.resolve("network.json"), "{\"format\": 1, \"nodes\": ");
        assertThat(run("status", "--dir", directory.toString())).isEqualTo(1);
        Files.writeString(
                directory.resolve("network.json"),
                "{\"format\":9,\"preset\":\"DEVELOPMENT\",\"nodes\":3,\"basePort\":8545,\"chainId\":1}");
        assertThat(run("status", "--dir", directory.toString())).isEqualTo(1);
        assertThat(errors())
                .contains("coco up --reset")
                .contains("another version")
                .doesNotContain("\tat ");
    }

    @Test
    void shouldReportEveryNodeAsStoppedWhenNoneRuns() throws IOException {
        Files.writeString(
                directory.resolve("network.json"),
                "{\"format\":1,\"preset\":\"DEVELOPMENT\",\"nodes\":2,\"basePort\":8545,\"chainId\":1337}");

        assertThat(run("status", "--dir", directory.toString())).isEqualTo(1);
        assertThat(results()).contains("stopped").contains("http://127.0.0.1:8546");
        assertThat(run("status", "--json", "--dir", directory.toString())).isEqualTo(1);
        assertThat(results()).contains("\"chainId\" : 1337");
        assertThat(run("down", "--dir", directory.toString())).isZero();
    }

    @Test
    void shouldMakeNothingWhenTheHistoryIsNoHistory() throws IOException {
        Path network = directory.resolve("network");
        Path genesis = Files.writeString(directory.resolve("genesis.json"), "{\"config\": {\"chainId\": 5}}");
        Path blocks = Files.writeString(directory.resolve("chain.rlp"), "no blocks");
        List<String> command =
                List.of("ethereum", "import", "--dir", network.toString(), "--genesis", genesis.toString(), "--blocks");

        assertThat(run(with(command, blocks.toString()))).isEqualTo(1);
        assertThat(errors()).contains("item 1 of the file of blocks is not the RLP of a block");
        Files.writeString(blocks, "");
        assertThat(run(with(command, blocks.toString()))).isEqualTo(1);
        assertThat(errors()).contains("holds no block after the first one");
        assertThat(run(with(command, directory.resolve("none").toString()))).isEqualTo(1);
        assertThat(errors()).contains("Name two files that exist").doesNotContain("\tat ");
        assertThat(run("ethereum", "import")).isEqualTo(2);
        assertThat(run("ethereum")).isEqualTo(2);
        assertThat(network).doesNotExist();
    }

    private static String[] with(List<String> command, String last) {
        List<String> whole = new ArrayList<>(command);
        whole.add(last);
        return whole.toArray(String[]::new);
    }

    @Test
    void shouldPrintKeysToOutputAndWarningElsewhere() {
        assertThat(run("accounts")).isZero();
        assertThat(results().lines()).hasSize(10).allMatch(line -> line.matches("0x[0-9a-fA-F]{40}  0x[0-9a-f]{64}"));
        assertThat(errors()).contains("public knowledge");
    }

    @Test
    void shouldShowTheEffectiveConfigurationWhenNetworkIsMade() {
        assertThat(run("init", "--nodes", "1", "--dir", directory.toString())).isZero();
        assertThat(run("init", "--nodes", "1", "--dir", directory.toString())).isEqualTo(1);

        assertThat(run("config", "show", "--dir", directory.toString())).isZero();

        assertThat(results()).contains("sendReply: 'committed'").contains("enabled: 'true'");
    }

    @Test
    void shouldNameEveryProblemWhenConfigurationIsInvalid() throws IOException {
        Path file = Files.writeString(directory.resolve("node.yaml"), "http:\n  prot: 1\n");

        assertThat(run("config", "show", file.toString())).isEqualTo(1);
        assertThat(errors()).contains("line 2").contains("http.port");
    }

    @Test
    void shouldAskForAMemberWhenPresetIsConsortium() {
        assertThat(run("init", "--preset", "consortium", "--dir", directory.toString()))
                .isEqualTo(2);
        assertThat(errors()).contains("--member ID=CERTIFICATE.pem");
    }

    @Test
    void shouldSayThatAnEmptyFolderProvesNothingWhenVerifyingAJournal() {
        assertThat(run("init", "--nodes", "1", "--dir", directory.resolve("net").toString()))
                .isZero();
        String certificate = directory.resolve("net").resolve("service.pem").toString();

        assertThat(run("journal", "verify", directory.toString(), "--service-cert", certificate))
                .isNotZero();
        assertThat(run("journal", "verify", directory.toString(), "--service-cert", "nowhere.pem"))
                .isEqualTo(1);
        assertThat(errors()).contains("--service-cert");
    }

    @Test
    void shouldEndWithUsageWhenANumberCannotBeMeant() {
        for (String[] words : new String[][] {
            {"up", "--nodes", "0"},
            {"up", "--port", "0"},
            {"up", "--nodes", "11"},
            {"doctor", "--nodes", "0"},
            {"bench", "--transactions", "0"},
            {"bench", "--seconds", "0"},
            {"bench", "--nodes", "0"},
            {"bench", "--curve", "--batch-max", "5"},
            {"demo"},
            {"demo", "supply-chain", "--nodes", "0"},
            {"demo", "supply-chain", "--nodes", "11"},
            {"demo", "supply-chain", "--port", "0"},
            {"demo", "supply-chain", "--colour"},
        }) {
            List<String> command = new ArrayList<>(List.of(words));
            if (!words[0].equals("bench") && words.length > 1) {
                command.addAll(List.of("--dir", directory.toString()));
            }
            assertThat(run(command.toArray(String[]::new)))
                    .as(String.join(" ", words))
                    .isEqualTo(2);
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void shouldPrintTheCompletionScriptAsAResult() {
        assertThat(run("completion")).isZero();
        assertThat(results()).contains("complete -F").contains("journal");
    }

    @Test
    void shouldMeasureTheDiskAndLeaveNothingWhenTheDoctorLooks() {
        run(
                "doctor",
                "--nodes",
                "1",
                "--port",
                "23456",
                "--dir",
                directory.resolve("none").toString());

        assertThat(results()).contains("Fsync: ").contains("Clock: ").doesNotContain("do not lead");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void shouldDoubtTheClockWhenTheNetworkIsFromTheFuture() throws IOException {
        assertThat(run("init", "--nodes", "1", "--dir", directory.toString())).isZero();
        Files.setLastModifiedTime(
                directory.resolve("service.pem"), FileTime.from(Instant.now().plus(Duration.ofDays(1))));

        assertThat(run("doctor", "--nodes", "1", "--dir", directory.toString())).isEqualTo(1);
        assertThat(results()).contains("BAD  Clock").contains("certificates are judged by it");
    }

    private int run(String... arguments) {
        Console console = new Console(printer(out), printer(err), false, false);
        return Main.run(console, Map.of(), arguments);
    }

    private static PrintStream printer(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private String results() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String errors() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
