package coco.attestation.azure;

import static org.assertj.core.api.Assertions.assertThat;

import coco.attestation.Collateral;
import coco.attestation.Evidence;
import coco.attestation.EvidenceVerifier;
import coco.attestation.Platform;
import coco.attestation.Samples;
import coco.attestation.Verdict;
import coco.attestation.Verdict.Check;
import coco.attestation.platforms.EvidenceFile;
import coco.attestation.snp.SnpVerifier;
import coco.crypto.Hex;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Evidence of real Azure machines with processors of AMD's. */
final class AzureSamplesTest {
    private static final String TRUSTEE = "trustee/deps/verifier/test_data/az-snp-vtpm/";
    private static final String TOOLING = "azure-cvm-tooling/az-cvm-vtpm/test/";

    @ParameterizedTest
    @CsvSource({
        TRUSTEE + "evidence-v0.json,challenge,Milan",
        TRUSTEE + "evidence-v1.json,challenge,Milan",
        TRUSTEE + "evidence-v2.json,,Milan",
        TRUSTEE + "evidence-genoa.json,,Genoa",
    })
    void shouldVerifyWhatRealMachinesSent(String file, String nonce, String product) {
        Verdict verdict = verifier(unrelated()).verify(evidence(file));
        assertThat(verdict).isInstanceOfSatisfying(Verdict.Verified.class, verified -> {
            assertThat(verified.claims().details())
                    .containsEntry("product", product)
                    .containsEntry("hardware", "sev-snp")
                    .containsKeys("pcr_00", "pcr_23");
            if (nonce != null) {
                byte[] expected = Arrays.copyOf(nonce.getBytes(java.nio.charset.StandardCharsets.US_ASCII), 64);
                assertThat(verified.claims().reportData()).isEqualTo(expected);
            }
        });
    }

    @Test
    void shouldVerifyABareReportWithoutClaimsOfWhatWasBooted() {
        Collateral vcek = Collateral.of(List.of(Samples.read(TRUSTEE + "vcek.pem")));
        Verdict verdict = verifier(vcek).verify(evidence(TRUSTEE + "hcl-report.bin"));
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Verified.class,
                        verified -> assertThat(verified.claims().details())
                                .doesNotContainKey("pcr_digest")
                                .containsEntry("user_data", "00".repeat(64)));
    }

    @Test
    void shouldRefuseWhenTheCertificateIsOfAnotherChip() {
        Collateral others = Collateral.of(List.of(Samples.read(TOOLING + "certs.pem")));
        Verdict verdict = verifier(others).verify(evidence(TOOLING + "hcl-report-snp.bin"));
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Refused.class,
                        refused -> assertThat(refused.check()).isEqualTo(Check.SIGNATURE));
    }

    @Test
    void shouldBeIncompleteWhenIntelsQuoteIsMissing() {
        Verdict verdict = verifier(unrelated()).verify(evidence(TOOLING + "hcl-report-tdx.bin"));
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Incomplete.class,
                        incomplete -> assertThat(incomplete.missing()).contains("TD quote"));
    }

    @Test
    void shouldBindTheRuntimeDataOfIntelsReports() {
        byte[] file = Samples.read("trustee/deps/verifier/test_data/az-tdx-vtpm/hcl-report.bin");
        HclReport report = Objects.requireNonNull(HclReport.read(file));
        assertThat(Hex.encode(report.reportData())).isEqualTo(Hex.encode(report.expectedReportData()));
        assertThat(report.kind()).isEqualTo(HclReport.Kind.TDX);
    }

    @Test
    void shouldNotVerifyWhenAnyByteIsFlipped() {
        byte[] document = evidence(TRUSTEE + "evidence-v1.json").document();
        EvidenceVerifier verifier = verifier(unrelated());
        for (int at = 0; at < document.length; at++) {
            byte[] flipped = document.clone();
            flipped[at] ^= (byte) (1 << at % 8);
            assertThat(verifier.verify(new Evidence(Platform.AZURE_CVM, flipped)))
                    .as("byte %d", at)
                    .isNotInstanceOf(Verdict.Verified.class);
        }
    }

    @Test
    void shouldRefuseTheFormatWhenTruncated() {
        byte[] document = evidence(TRUSTEE + "evidence-v1.json").document();
        EvidenceVerifier verifier = verifier(unrelated());
        int whole = 0;
        for (int length = 0; length < document.length; length++) {
            Verdict verdict = verifier.verify(new Evidence(Platform.AZURE_CVM, Arrays.copyOf(document, length)));
            if (verdict instanceof Verdict.Refused refused) {
                assertThat(refused.check()).as("%d bytes", length).isEqualTo(Check.FORMAT);
            } else {
                // Cut just behind a field: a shorter document, and a whole one.
                whole++;
                assertThat(verdict).as("%d bytes", length).isInstanceOf(Verdict.Incomplete.class);
            }
        }
        assertThat(whole).isEqualTo(3);
    }

    @Test
    void shouldNeverThrowWhenInputIsNoise() {
        Random random = new Random(11);
        byte[] document = evidence(TRUSTEE + "evidence-v2.json").document();
        EvidenceVerifier verifier = verifier(unrelated());
        for (int i = 0; i < 3000; i++) {
            byte[] mutated = Arrays.copyOf(document, i % 4 == 0 ? random.nextInt(5000) : document.length);
            for (int n = 1 + random.nextInt(6); n > 0 && mutated.length > 0; n--) {
                mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
            }
            assertThat(verifier.verify(new Evidence(Platform.AZURE_CVM, mutated))
                            .checks())
                    .isNotEmpty();
        }
    }

    private static Evidence evidence(String file) {
        EvidenceFile recognised = EvidenceFile.recognise(Samples.read(file));
        assertThat(recognised).isInstanceOf(EvidenceFile.Recognised.class);
        return ((EvidenceFile.Recognised) recognised).evidence();
    }

    /** Something is at hand, but not the key of these machines. */
    private static Collateral unrelated() {
        return Collateral.of(List.of(Samples.read("go-sev-guest/verify/trust/ask_ark_turin_vcek.pem")));
    }

    private static AzureVerifier verifier(Collateral collateral) {
        InstantSource clock = InstantSource.fixed(Instant.parse("2026-06-01T00:00:00Z"));
        return new AzureVerifier(
                new SnpVerifier(clock, () -> collateral),
                evidence -> new Verdict.Refused(Check.PLATFORM, "tdx", "sev-snp"));
    }
}
