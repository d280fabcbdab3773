package coco.attestation.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.attestation.AttestationException;
import coco.attestation.AttestationException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SecretFileTest {
    @TempDir
    Path folder = Path.of(".");

    private Path file = Path.of(".");
    private Path dataFolder = Path.of(".");

    @BeforeEach
    void choosePaths() {
        file = folder.resolve("machine/deep/tee.key");
        dataFolder = folder.resolve("node-1");
    }

    @Test
    void shouldCreateAFileOnlyItsOwnerReadsWhenThereIsNone() throws IOException {
        byte[] secret = load(1);
        assertThat(secret).hasSize(32);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("machine/deep"))))
                .isEqualTo("rwx------");
        try (Stream<Path> left = Files.list(folder.resolve("machine/deep"))) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void shouldGiveTheSameSecretWhenLoadedAgain() {
        assertThat(load(1)).isEqualTo(load(2));
    }

    @Test
    void shouldGiveOneSecretWhenManyProcessesStartAtOnce() throws InterruptedException, ExecutionException {
        List<byte[]> secrets = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<byte[]>> loads = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                int seed = i;
                loads.add(threads.submit(() -> load(seed)));
            }
            for (Future<byte[]> each : loads) {
                secrets.add(each.get());
            }
        }
        assertThat(secrets).allSatisfy(secret -> assertThat(secret).isEqualTo(secrets.getFirst()));
    }

    @Test
    void shouldRefuseWhenOthersHaveAnyPermission() throws IOException {
        load(1);
        for (String mode : List.of("rw-r-----", "rw--w----", "rw----r--", "rw-------", "rwx------")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
            if (mode.equals("rw-------")) {
                assertThat(load(1)).hasSize(32);
            } else {
                assertRefused(Code.KEY_EXPOSED, "chmod 600");
            }
        }
    }

    @Test
    void shouldRefuseWhenTheFileLiesInTheDataFolder() throws IOException {
        dataFolder = folder.resolve("machine");
        assertRefused(Code.KEY_EXPOSED, "data folder");
        assertThat(file).doesNotExist();
        Files.createDirectories(folder.resolve("real"));
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("real"));
        dataFolder = folder.resolve("real");
        file = folder.resolve("link/tee.key");
        assertRefused(Code.KEY_EXPOSED, "data folder");
    }

    @Test
    void shouldRefuseWhenTheFileIsALinkOrAFolder() throws IOException {
        load(1);
        Path original = file;
        file = folder.resolve("link.key");
        Files.createSymbolicLink(file, original);
        assertRefused(Code.KEY_MALFORMED, "not a regular file");
        file = folder.resolve("folder.key");
        Files.createDirectory(file);
        assertRefused(Code.KEY_MALFORMED, "not a regular file");
        file = folder.resolve("dangling.key");
        Files.createSymbolicLink(file, folder.resolve("nowhere"));
        assertRefused(Code.KEY_MALFORMED, "not a regular file");
    }

    @Test
    void shouldRefuseOrGiveThirtyTwoBytesWhenContentIsMutated() throws IOException {
        load(1);
        byte[] content = Files.readAllBytes(file);
        Random random = new Random(5);
        for (int i = 0; i < 500; i++) {
            byte[] mutated = i % 4 == 0 ? Arrays.copyOf(content, random.nextInt(2000)) : content.clone();
            if (mutated.length > 0) {
                mutated[random.nextInt(mutated.length)] ^= (byte) (1 + random.nextInt(255));
            }
            Files.write(file, mutated);
            try {
                assertThat(load(1)).hasSize(32);
            } catch (AttestationException e) {
                assertThat(e.code()).isEqualTo(Code.KEY_MALFORMED);
            }
        }
    }

    @Test
    void shouldReportStorageWhenTheFolderCannotBeMade() throws IOException {
        Files.writeString(folder.resolve("machine"), "a file in the way");
        assertRefused(Code.STORAGE, "cannot be read or made");
    }

    @Test
    void shouldUnsealAfterRestartWhenOpenedFromTheFile() {
        SimulatedPlatform first = SimulatedPlatform.open(file, dataFolder, new byte[32], new TestRandom(1));
        byte[] sealed = first.sealing().seal("x", new byte[] {1, 2});
        SimulatedPlatform second = SimulatedPlatform.open(file, dataFolder, new byte[32], new TestRandom(2));
        assertThat(second.sealing().unseal("x", sealed)).containsExactly(1, 2);
    }

    private byte[] load(int seed) {
        return SecretFile.loadOrCreate(file, dataFolder, new TestRandom(seed));
    }

    private void assertRefused(Code code, String words) {
        assertThatThrownBy(() -> load(1))
                .isInstanceOfSatisfying(
                        AttestationException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(words);
    }
}
