package coco.attestation.tsm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.attestation.AttestationException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigfsTsmTest {
    @TempDir
    private Path folder = Path.of("");

    private static byte[] report(byte[] reportData) {
        byte[] report = new byte[1 + reportData.length];
        report[0] = 'o';
        System.arraycopy(reportData, 0, report, 1, reportData.length);
        return report;
    }

    @Test
    void shouldGiveTheReportOverItsBytes() {
        FakeKernel kernel = new FakeKernel("sev_guest", ConfigfsTsmTest::report, new byte[] {'a'});
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
        FakeKernel kernel = new FakeKernel("sev_guest", ConfigfsTsmTest::report, new byte[] {'a'});
        kernel.interruptions = 2;
        assertThat(new ConfigfsTsm(folder, kernel, () -> "coco-1")
                        .report(new byte[64])
                        .outblob())
                .endsWith(0);
        assertThat(kernel.requests).isEqualTo(3);
    }

    @Test
    void shouldGiveUpWhenAnotherProcessAlwaysWrites() {
        FakeKernel kernel = new FakeKernel("sev_guest", ConfigfsTsmTest::report, new byte[] {'a'});
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
}
