package coco.cli;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BackupCommandTest {
    private static final Path VECTORS = Path.of(System.getProperty("coco.root", ".."), "docs/specs/vectors/journal");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path directory = Path.of("");

    /** A node's folder, with what must not be copied. */
    @BeforeEach
    void node() throws IOException {
        Path data = Files.createDirectories(directory.resolve("data"));
        for (String secret : List.of("keys/signing.key.sealed", "raft/log_inprogress_0", "index/1.run", "lock")) {
            Files.createDirectories(data.resolve(secret).getParent());
            Files.writeString(data.resolve(secret), "secret");
        }
        Path journal = Files.createDirectories(data.resolve("journal"));
        for (String chunk : List.of("00000000000000000000.chunk", "00000000000000000005.chunk")) {
            Files.copy(VECTORS.resolve(chunk), journal.resolve(chunk));
        }
        Files.writeString(journal.resolve("00000000000000000009.chunk.quarantined"), "damaged");
        Files.copy(VECTORS.resolve("service.pem"), directory.resolve("service.pem"));
        Files.writeString(directory.resolve("genesis.json"), "{\"chainId\":1337}");
        Files.writeString(directory.resolve("node.yaml"), """
                node:
                  id: node-1
                  dataDirectory: %s
                  keysDirectory: %s
                  sealingKeyFile: %s
                  genesisFile: %s
                  serviceCertificateFile: %s
                """.formatted(
                        data,
                        data.resolve("keys"),
                        directory.resolve("sealing.key"),
                        directory.resolve("genesis.json"),
                        directory.resolve("service.pem")));
    }

    private int run(String... arguments) {
        Console console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false);
        return Main.run(console, Map.of(), arguments);
    }

    private int backup(Path to) {
        return run("backup", directory.resolve("node.yaml").toString(), "--to", to.toString());
    }

    @Test
    void shouldCopyJournalGenesisAndCertificateAndNothingElse() throws IOException {
        Path copy = directory.resolve("copy");
        assertThat(backup(copy)).isZero();
        List<String> files = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(copy)) {
            walk.filter(Files::isRegularFile)
                    .forEach(file -> files.add(copy.relativize(file).toString()));
        }
        assertThat(files)
                .containsExactlyInAnyOrder(
                        "genesis.json",
                        "service.pem",
                        "journal/00000000000000000000.chunk",
                        "journal/00000000000000000005.chunk");
        assertThat(Files.mismatch(
                        copy.resolve("journal/00000000000000000000.chunk"),
                        VECTORS.resolve("00000000000000000000.chunk")))
                .isEqualTo(-1);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("2 files copied, 0 were there");
        assertThat(backup(copy)).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("1 files copied, 1 were there");
    }

    @Test
    void shouldNameADamagedFileAndFail() throws IOException {
        Path chunk = directory.resolve("data/journal/00000000000000000000.chunk");
        byte[] bytes = Files.readAllBytes(chunk);
        bytes[700] ^= 1;
        Files.write(chunk, bytes);
        assertThat(backup(directory.resolve("copy"))).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("00000000000000000000.chunk");
    }

    @Test
    void shouldRefuseToCopyIntoTheNodesOwnFolder() {
        assertThat(backup(directory.resolve("data/copy"))).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("--to");
    }
}
