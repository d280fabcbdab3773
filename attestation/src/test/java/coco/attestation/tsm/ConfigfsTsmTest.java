package coco.attestation.tsm;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.attestation.AttestationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigfsTsmTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void shouldGiveTheReportOverItsBytes() {
        FakeKernel kernel = new FakeKernel();
        byte[] reportData = new byte[64];
        Arrays.fill(reportData, (byte) 7);
        ConfigfsTsm.Report report = new ConfigfsTsm(folder, kernel, () -> "coco-1").report(reportData);
        assertThat(report.provider()).isEqualTo("sev_guest");
        assertThat(report.outblob()).startsWith('o').endsWith(7);
        assertThat(report.auxblob()).containsExactly('a');
        assertThat(folder.resolve("coco-1")).doesNotExist();
    }

    @Test
    void shouldAskAgainWhenAnotherProcessWrites() {
        FakeKernel kernel = new FakeKernel();
        kernel.interruptions = 2;
        assertThat(new ConfigfsTsm(folder, kernel, () -> "coco-1")
                        .report(new byte[64])
                        .outblob())
                .endsWith(0);
        assertThat(kernel.requests).isEqualTo(3);
    }

    @Test
    void shouldGiveUpWhenAnotherProcessAlwaysWrites() {
        FakeKernel kernel = new FakeKernel();
        kernel.interruptions = 100;
        assertThatThrownBy(() -> new ConfigfsTsm(folder, kernel, () -> "coco-1").report(new byte[64]))
                .isInstanceOfSatisfying(
                        AttestationException.class,
                        e -> assertThat(e.code()).isEqualTo(AttestationException.Code.PLATFORM))
                .hasMessageContaining("another process");
        assertThat(kernel.requests).isEqualTo(4);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void shouldSayWhatFailedWhenThereIsNoSuchInterface() {
        ConfigfsTsm tsm = new ConfigfsTsm(folder.resolve("missing"), () -> "coco-1");
        assertThatThrownBy(() -> tsm.report(new byte[64]))
                .isInstanceOf(AttestationException.class)
                .hasMessageContaining("missing");
        // An ordinary folder has none of the files, and does not keep ours.
        ConfigfsTsm ordinary = new ConfigfsTsm(folder, () -> "coco-2");
        assertThatThrownBy(() -> ordinary.report(new byte[64])).hasMessageContaining("generation");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void shouldRefuseWhenReportDataHasAnotherLength() {
        assertThatThrownBy(() -> new ConfigfsTsm(folder, () -> "x").report(new byte[63]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Does to a real folder what the kernel does to its own. */
    private static final class FakeKernel implements TsmFiles {
        private int interruptions;
        private int requests;

        @Override
        public void create(Path folder) throws IOException {
            requests++;
            Files.createDirectory(folder);
            Files.writeString(folder.resolve("generation"), "0\n");
            Files.writeString(folder.resolve("provider"), "sev_guest\n");
            Files.write(folder.resolve("inblob"), new byte[0]);
        }

        @Override
        public void write(Path file, byte[] content) throws IOException {
            REAL.write(file, content);
            Path folder = file.resolveSibling("");
            byte[] report = new byte[1 + content.length];
            report[0] = 'o';
            System.arraycopy(content, 0, report, 1, content.length);
            Files.write(folder.resolve("outblob"), report);
            Files.writeString(folder.resolve("auxblob"), "a");
            int writes = interruptions-- > 0 ? 2 : 1;
            Files.write(folder.resolve("generation"), (writes + "\n").getBytes(US_ASCII));
        }

        @Override
        public byte[] read(Path file, int bytesMax) throws IOException {
            return REAL.read(file, bytesMax);
        }

        @Override
        public boolean exists(Path file) {
            return REAL.exists(file);
        }

        @Override
        public void remove(Path folder) throws IOException {
            for (String name : new String[] {"generation", "provider", "inblob", "outblob", "auxblob"}) {
                Files.deleteIfExists(folder.resolve(name));
            }
            REAL.remove(folder);
        }
    }
}
