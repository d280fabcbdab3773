package coco.attestation.azure;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.attestation.AttestationException;
import coco.attestation.CheckList;
import coco.attestation.Claims;
import coco.attestation.Evidence;
import coco.attestation.EvidenceVerifier;
import coco.attestation.Platform;
import coco.attestation.TcbStatus;
import coco.attestation.Verdict;
import coco.attestation.Verdict.Check;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The attester against a TPM written by hand, and the verifier on what comes out. */
final class AzureAttesterTest {
    private final FakeTpm tpm = new FakeTpm(AzureAttesterTest::snpReport);
    private final AtomicInteger pauses = new AtomicInteger();

    @TempDir
    private Path folder = Path.of("");

    @Test
    void shouldMakeEvidenceThatBindsReportDataAndRegisters() {
        tpm.delay = 2;
        byte[] reportData = filled(9);
        AzureAttester attester = attester(AzureAttesterTest::noQuote);
        Evidence evidence = attester.attest(reportData);
        assertThat(pauses).hasValue(2);
        assertThat(attester.measurement()).isEqualTo(Arrays.copyOf(filled(7), 48));
        assertThat(verifier(0).verify(evidence)).isInstanceOfSatisfying(Verdict.Verified.class, verified -> {
            Claims claims = verified.claims();
            assertThat(claims.platform()).isEqualTo(Platform.AZURE_CVM);
            assertThat(claims.reportData()).isEqualTo(reportData);
            assertThat(claims.measurement()).isEqualTo(attester.measurement());
            assertThat(claims.details())
                    .containsEntry("hardware", "sev-snp")
                    .containsEntry("pcr_00", "00".repeat(32))
                    .containsEntry("pcr_23", "17".repeat(32));
        });
        // The index exists now, and the next evidence binds other bytes.
        assertThat(verifier(0).verify(attester.attest(filled(8))).expectingReportData(filled(8)))
                .isInstanceOf(Verdict.Verified.class);
    }

    @Test
    void shouldBringIntelsQuoteWhenTheProcessorIsIntels() {
        tpm.hardware = 4;
        AzureAttester attester = attester(report -> {
            assertThat(report).hasSize(1024);
            return new byte[] {4, 5, 6};
        });
        EvidenceVerifier azure = new AzureVerifier(
                evidence -> {
                    throw new AssertionError("not AMD's");
                },
                evidence -> {
                    assertThat(evidence).isEqualTo(new Evidence(Platform.TDX, new byte[] {4, 5, 6}));
                    return new Verdict.Refused(Check.SIGNATURE, "seen", "allowed");
                });
        assertThat(azure.verify(attester.attest(filled(9))))
                .isInstanceOfSatisfying(
                        Verdict.Refused.class,
                        refused -> assertThat(refused.check()).isEqualTo(Check.SIGNATURE));
    }

    @Test
    void shouldQuoteAgainWhenARegisterIsExtendedMeanwhile() {
        AzureAttester attester = attester(AzureAttesterTest::noQuote);
        tpm.extensions = 2;
        assertThat(verifier(0).verify(attester.attest(filled(9)))).isInstanceOf(Verdict.Verified.class);
        tpm.extensions = 100;
        assertThatThrownBy(() -> attester.attest(filled(9)))
                .isInstanceOf(AttestationException.class)
                .hasMessageContaining("no quote");
    }

    @Test
    void shouldGiveUpWhenTheParavisorNeverBindsTheData() {
        AzureAttester attester = attester(AzureAttesterTest::noQuote);
        tpm.delay = 1000;
        assertThatThrownBy(() -> attester.attest(filled(9)))
                .isInstanceOf(AttestationException.class)
                .hasMessageContaining("no report over the data");
        assertThat(pauses).hasValue(9);
    }

    @Test
    void shouldFailByTypeWhenTheTpmAnswersNonsense() {
        for (byte[] answer : List.of(
                new byte[0], new byte[9], new byte[10], new byte[] {(byte) 0x80, 1, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0})) {
            assertThatThrownBy(() -> new AzureAttester(command -> answer, AzureAttesterTest::noQuote, () -> {}))
                    .isInstanceOf(AttestationException.class);
        }
        assertThatThrownBy(() ->
                        new AzureAttester(TpmTransport.of(folder.resolve("tpm")), AzureAttesterTest::noQuote, () -> {}))
                .isInstanceOf(AttestationException.class);
    }

    @Test
    void shouldRefuseReportsThatTheGuestAskedForItself() {
        assertThat(verifier(2).verify(attester(AzureAttesterTest::noQuote).attest(filled(9))))
                .isInstanceOfSatisfying(Verdict.Refused.class, refused -> {
                    assertThat(refused.check()).isEqualTo(Check.PLATFORM);
                    assertThat(refused.seen()).isEqualTo("privilege level 2");
                });
    }

    @Test
    void shouldTakeTheExtraDataForReportDataWhenItIsNotTheDigestOfUserData() {
        AzureAttester attester = attester(AzureAttesterTest::noQuote);
        attester.attest(filled(9));
        byte[] message = FakeTpm.message(new byte[] {1, 2, 3}, tpm.registers);
        AzureDocument.Quote quote = new AzureDocument.Quote(message, tpm.sign(message), new byte[0]);
        Verdict verdict = verify(AzureDocument.withoutTdQuote(tpm.report(), quote, List.of()));
        assertThat(verdict).isInstanceOfSatisfying(Verdict.Verified.class, verified -> {
            assertThat(verified.claims().reportData()).isEqualTo(Arrays.copyOf(new byte[] {1, 2, 3}, 64));
            assertThat(verified.claims().details()).doesNotContainKey("pcr_00").containsKey("pcr_digest");
        });
        assertThat(verify(AzureDocument.withoutTdQuote(tpm.report(), null, List.of())))
                .isInstanceOfSatisfying(
                        Verdict.Verified.class,
                        verified -> assertThat(verified.claims().reportData()).isEqualTo(filled(9)));
    }

    @Test
    void shouldRefuseWhenRegistersDoNotFitTheQuote() {
        byte[] message = FakeTpm.message(new byte[0], tpm.registers);
        byte[] registers = new byte[24 * 32];
        AzureDocument.Quote other = new AzureDocument.Quote(message, tpm.sign(message), registers);
        assertRefused(AzureDocument.withoutTdQuote(tpm.report(), other, List.of()), Check.MEASUREMENT);
        AzureDocument.Quote few = new AzureDocument.Quote(message, tpm.sign(message), new byte[23 * 32]);
        assertRefused(AzureDocument.withoutTdQuote(tpm.report(), few, List.of()), Check.MEASUREMENT);
        AzureDocument.Quote unsigned = new AzureDocument.Quote(message, new byte[256], new byte[0]);
        assertRefused(AzureDocument.withoutTdQuote(tpm.report(), unsigned, List.of()), Check.SIGNATURE);
    }

    @Test
    void shouldRefuseOtherRuntimeData() {
        for (String json : new String[] {
            "",
            "[]",
            "{\"keys\":[]}",
            "{\"keys\":[{\"kid\":\"HCLAkPub\",\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"AQAB\"}]}",
            "{\"keys\":[],\"keys\":[]}",
            "{".repeat(1000)
        }) {
            byte[] report = json.isEmpty() ? tpm.report(new byte[] {' '}) : tpm.report(json.getBytes(US_ASCII));
            assertRefused(AzureDocument.withoutTdQuote(report, null, List.of()), Check.FORMAT);
        }
    }

    private void assertRefused(AzureDocument document, Check check) {
        assertThat(verify(document))
                .isInstanceOfSatisfying(
                        Verdict.Refused.class,
                        refused -> assertThat(refused.check()).isEqualTo(check));
    }

    private static Verdict verify(AzureDocument document) {
        return verifier(0).verify(new Evidence(Platform.AZURE_CVM, document.encode()));
    }

    private AzureAttester attester(UnaryOperator<byte[]> quotes) {
        return new AzureAttester(tpm, quotes, pauses::incrementAndGet);
    }

    private static byte[] noQuote(byte[] report) {
        throw new AssertionError("a quote of Intel's on a processor of AMD's, of " + report.length + " bytes");
    }

    /** A report as far as this package looks at it: report data and measurement. */
    private static byte[] snpReport(byte[] reportData) {
        byte[] report = new byte[1184];
        System.arraycopy(reportData, 0, report, 0x50, 64);
        System.arraycopy(filled(7), 0, report, 0x90, 48);
        return report;
    }

    /** Judges nothing of AMD's; only hands out what the report says. */
    private static AzureVerifier verifier(int level) {
        return new AzureVerifier(
                evidence -> {
                    byte[] report = evidence.document();
                    CheckList checks = new CheckList();
                    checks.require(Check.SIGNATURE, true, "", "");
                    return checks.conclude(new Claims(
                            Platform.SEV_SNP,
                            Arrays.copyOfRange(report, 0x90, 0xc0),
                            Arrays.copyOfRange(report, 0x50, 0x90),
                            TcbStatus.NOT_APPLICABLE,
                            false,
                            new byte[48],
                            0,
                            List.of(),
                            Map.of("vmpl", Integer.toString(level))));
                },
                evidence -> {
                    throw new AssertionError("not Intel's");
                });
    }

    private static byte[] filled(int value) {
        byte[] out = new byte[64];
        Arrays.fill(out, (byte) value);
        return out;
    }
}
