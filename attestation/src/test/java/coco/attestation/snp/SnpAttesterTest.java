package coco.attestation.snp;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.attestation.AttestationException;
import coco.attestation.Attester;
import coco.attestation.Collateral;
import coco.attestation.Platform;
import coco.attestation.Verdict;
import coco.attestation.tsm.FakeKernel;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SnpAttesterTest {
    private final TestMachine machine = new TestMachine();

    @TempDir
    private Path folder = Path.of("");

    @Test
    void shouldMakeEvidenceByConfigfsWithTheHostsCertificates() {
        byte[] certificates = new SnpDocument(new byte[0], List.of(TestMachine.der(machine.key()))).encode();
        Attester attester = SnpAttester.of(FakeKernel.tsm(
                folder, "sev_guest", data -> machine.report(report -> report.put(0x50, data)), certificates));
        byte[] reportData = TestMachine.filled(64, 0x33);
        Collateral intermediateOnly = Collateral.of(List.of(TestMachine.der(machine.intermediate())));
        Verdict verdict = machine.verifier(intermediateOnly).verify(attester.attest(reportData));
        assertThat(verdict.expectingReportData(reportData)).isInstanceOf(Verdict.Verified.class);
        // A host without certificates hands out an empty page.
        Attester bare = SnpAttester.of(FakeKernel.tsm(
                folder, "sev_guest", data -> machine.report(report -> report.put(0x50, data)), new byte[4096]));
        assertThat(bare.attest(reportData).document()).hasSize(SnpReport.BYTES);
        assertThatThrownBy(() -> SnpAttester.of(FakeKernel.tsm(folder, "tdx_guest", data -> data, new byte[0])))
                .isInstanceOf(AttestationException.class)
                .hasMessageContaining("tdx_guest gave 64 bytes");
    }

    @Test
    void shouldMakeEvidenceByTheDevice() {
        Attester attester = SnpAttester.of(new SevGuestDevice(this::kernel));
        assertThat(attester.platform()).isEqualTo(Platform.SEV_SNP);
        assertThat(attester.measurement()).isEqualTo(TestMachine.filled(48, 2));
        byte[] reportData = TestMachine.filled(64, 0x33);
        Verdict verdict = machine.verifier().verify(attester.attest(reportData)).expectingReportData(reportData);
        assertThat(verdict).isInstanceOf(Verdict.Verified.class);
    }

    /** What the driver does: reads the request where the argument points, writes the response where it points. */
    @SuppressWarnings("restricted")
    private int kernel(long request, MemorySegment argument) {
        assertThat(request).isEqualTo(0xc0205300L);
        assertThat(argument.byteSize()).isEqualTo(32);
        assertThat(argument.get(JAVA_BYTE, 0)).isEqualTo((byte) 1);
        MemorySegment in =
                MemorySegment.ofAddress(argument.get(JAVA_LONG_UNALIGNED, 8)).reinterpret(96);
        MemorySegment out =
                MemorySegment.ofAddress(argument.get(JAVA_LONG_UNALIGNED, 16)).reinterpret(4000);
        assertThat(in.get(JAVA_INT_UNALIGNED, 64)).as("privilege level").isZero();
        byte[] reportData = in.asSlice(0, 64).toArray(JAVA_BYTE);
        byte[] report = machine.report(r -> r.put(0x50, reportData));
        out.set(JAVA_INT_UNALIGNED, 4, report.length);
        MemorySegment.copy(report, 0, out, JAVA_BYTE, 32, report.length);
        return 0;
    }

    @Test
    void shouldFailByTypeWhenTheDeviceRefuses() {
        assertThatThrownBy(() -> SnpAttester.of(new SevGuestDevice((request, argument) -> 5)))
                .isInstanceOf(AttestationException.class)
                .hasMessageContaining("error number 5");
        assertThatThrownBy(() -> SnpAttester.of(new SevGuestDevice((request, argument) -> {
                    argument.set(JAVA_LONG_UNALIGNED, 24, 0x1b);
                    return 0;
                })))
                .hasMessageContaining("0x1b");
        assertThatThrownBy(() -> SnpAttester.of(new SevGuestDevice((request, argument) -> 0)))
                .hasMessageContaining("with 0 bytes");
        // A report over other bytes than asked for.
        assertThatThrownBy(() -> SnpAttester.of(new SevGuestDevice((request, argument) -> {
                    kernel(request, argument);
                    return other(argument);
                })))
                .hasMessageContaining("other report data");
    }

    @SuppressWarnings("restricted")
    private static int other(MemorySegment argument) {
        MemorySegment out =
                MemorySegment.ofAddress(argument.get(JAVA_LONG_UNALIGNED, 16)).reinterpret(4000);
        out.set(JAVA_BYTE, 32 + 0x50, (byte) 1);
        return 0;
    }

    @Test
    void shouldSpeakToTheKernelThroughTheCLibrary() {
        // These devices exist everywhere, and know no such request.
        assertThatThrownBy(() -> new SevGuestDevice(Path.of("/dev/null")).report(new byte[64]))
                .isInstanceOf(AttestationException.class)
                .hasMessageContaining("error number 25");
        assertThatThrownBy(() -> new SevGuestDevice(Path.of("/dev/no-such-device")).report(new byte[64]))
                .isInstanceOf(AttestationException.class)
                .hasMessageContaining("/dev/no-such-device cannot be opened: error number 2");
    }
}
