package coco.attestation.platforms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.attestation.AttestationException;
import coco.attestation.Platform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DevicesTest {
    @TempDir
    private Path root = Path.of("");

    private Devices devices() {
        return Devices.ofLinux(root, new Devices.Helpers(() -> "request", report -> report, () -> {}));
    }

    @Test
    void shouldNameWhatWasLookedForWhenThereIsNoDevice() {
        Map<Platform, String> expected = Map.of(
                Platform.SEV_SNP,
                "no guest of sev-snp: there is neither " + root + "/sys/kernel/config/tsm/report nor " + root
                        + "/dev/sev-guest",
                Platform.TDX,
                "no guest of tdx: there is no " + root + "/sys/kernel/config/tsm/report",
                Platform.SGX,
                "no guest of sgx: there is no " + root + "/dev/attestation",
                Platform.AZURE_CVM,
                "no guest of azure-cvm: there is no " + root + "/dev/tpmrm0");
        expected.forEach((platform, words) -> assertThatThrownBy(() -> devices().open(platform))
                .isInstanceOf(AttestationException.class)
                .hasMessageContaining(words));
        assertThat(expected).hasSize(Platform.values().length - 1);
        assertThatThrownBy(() -> devices().open(Platform.SIMULATED)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldPreferTheNewerInterfaceAndSayWhatItAnswered() throws Exception {
        Files.createDirectories(root.resolve("sys/kernel/config/tsm/report"));
        Files.createDirectories(root.resolve("dev"));
        Files.createFile(root.resolve("dev/sev-guest"));
        // A plain folder makes no files of itself, as the kernel's does.
        for (Platform platform : new Platform[] {Platform.SEV_SNP, Platform.TDX}) {
            assertThatThrownBy(() -> devices().open(platform))
                    .isInstanceOf(AttestationException.class)
                    .hasMessageContaining("tsm");
        }
        Files.createDirectories(root.resolve("dev/attestation"));
        Files.writeString(root.resolve("dev/attestation/attestation_type"), "none\n");
        assertThatThrownBy(() -> devices().open(Platform.SGX)).hasMessageContaining("no quotes here");
    }
}
