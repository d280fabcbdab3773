package coco.attestation.snp;

import static org.assertj.core.api.Assertions.assertThat;

import coco.attestation.Collateral;
import coco.attestation.Evidence;
import coco.attestation.Platform;
import coco.attestation.Samples;
import coco.attestation.Verdict;
import coco.attestation.Verdict.Check;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reports and certificates of real processors. */
final class SnpSamplesTest {
    private static final String TRUSTEE = "trustee/deps/verifier/test_data/snp/";
    private static final String SIDECAR = "confidential-sidecar-containers/pkg/attest/test_data/";

    @ParameterizedTest
    @CsvSource({
        TRUSTEE + "test-report.bin," + TRUSTEE + "test-vcek.der,2026-01-01T00:00:00Z,Milan,VCEK",
        TRUSTEE + "test-vlek-report.bin," + TRUSTEE + "test-vlek.der,2025-06-01T00:00:00Z,Milan,VLEK",
        SIDECAR + "snp_report.bin," + SIDECAR + "uvm_host_amd_certificate.json,2026-01-01T00:00:00Z,Milan,VCEK",
        SIDECAR + "snp_report.bin," + SIDECAR + "uvm_host_amd_certificate.pem,2026-01-01T00:00:00Z,Milan,VCEK",
    })
    void shouldVerifyWhatRealProcessorsSigned(
            String report, String certificates, String at, String product, String signingKey) {
        Verdict verdict = verifier(at, Samples.read(certificates)).verify(evidence(Samples.read(report)));
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Verified.class,
                        verified -> assertThat(verified.claims().details())
                                .containsEntry("product", product)
                                .containsEntry("signing_key", signingKey));
    }

    @ParameterizedTest
    @CsvSource({
        // Signed by the chip, and made in debug mode.
        "go-sev-guest/verify/testdata/attestation.bin,go-sev-guest/verify/testdata/vcek.testcer,2026-01-01,DEBUG",
        TRUSTEE + "test-report.bin," + TRUSTEE + "test-vcek-invalid-legacy.der,2026-01-01,CERTIFICATE_CHAIN",
        TRUSTEE + "test-report.bin," + TRUSTEE + "test-vcek-invalid-new.der,2026-01-01,CERTIFICATE_CHAIN",
        TRUSTEE + "test-report.bin,virtee-sev/tests/certs_data/vcek_turin.der,2026-01-01,SIGNATURE",
        TRUSTEE + "test-report.bin," + TRUSTEE + "test-vcek.der,2031-01-01,VALIDITY_PERIOD",
        TRUSTEE + "test-report.bin," + TRUSTEE + "test-vcek.der,2022-01-01,VALIDITY_PERIOD",
        TRUSTEE + "test-vlek-report.bin," + TRUSTEE + "test-vlek.der,2026-11-26,VALIDITY_PERIOD",
        SIDECAR + "snp_report.bin," + TRUSTEE + "test-vcek.der,2026-01-01,SIGNATURE",
    })
    void shouldRefuseForTheReasonThatIsTrue(String report, String certificates, String day, Check reason) {
        Verdict verdict =
                verifier(day + "T00:00:00Z", Samples.read(certificates)).verify(evidence(Samples.read(report)));
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Refused.class,
                        refused -> assertThat(refused.check())
                                .as(refused.toString())
                                .isEqualTo(reason));
    }

    @Test
    void shouldBeIncompleteWhenOnlyTheOtherKindOfKeyIsAtHand() {
        Verdict verdict = verifier("2025-06-01T00:00:00Z", Samples.read(TRUSTEE + "test-vlek.der"))
                .verify(evidence(Samples.read(TRUSTEE + "test-report.bin")));
        assertThat(verdict).isInstanceOf(Verdict.Incomplete.class);
    }

    @Test
    void shouldKnowTheChainOfEveryProduct() {
        List<String> products = new ArrayList<>();
        for (Product product : AmdKeys.PUBLISHED.roots().keySet()) {
            products.add(product.label());
        }
        assertThat(products).containsExactlyInAnyOrder("Milan", "Genoa", "Turin");
        assertThat(AmdKeys.PUBLISHED.intermediates()).hasSize(6);
        // The same certificates come with other projects.
        for (String file : new String[] {"genoa", "milan", "turin"}) {
            Collateral theirs =
                    Collateral.of(List.of(Samples.read("trustee/deps/verifier/src/snp/" + file + "_ask_ark_asvk.pem")));
            assertThat(theirs.certificates())
                    .hasSize(3)
                    .allSatisfy(certificate -> assertThat(
                                    AmdKeys.PUBLISHED.intermediates().contains(certificate)
                                            || AmdKeys.PUBLISHED.roots().containsValue(certificate))
                            .isTrue());
        }
        EndorsementKey turin =
                EndorsementKey.of(Collateral.of(List.of(Samples.read("virtee-sev/tests/certs_data/vcek_turin.der")))
                        .certificates()
                        .getFirst());
        assertThat(turin).isNotNull().satisfies(key -> {
            assertThat(key.hardwareId()).hasSize(8);
            assertThat(AmdChain.build(key.certificate(), AmdKeys.PUBLISHED, List.of())
                            .links())
                    .hasSize(3);
        });
    }

    @Test
    void shouldRefuseWhenAnyByteOfTheReportIsFlipped() {
        byte[] report = Samples.read(TRUSTEE + "test-report.bin");
        SnpVerifier verifier = verifier("2026-01-01T00:00:00Z", Samples.read(TRUSTEE + "test-vcek.der"));
        int format = 0;
        int signature = 0;
        for (int at = 0; at < report.length; at++) {
            byte[] flipped = report.clone();
            flipped[at] ^= (byte) (1 << at % 8);
            Verdict verdict = verifier.verify(evidence(flipped));
            assertThat(verdict).as("byte %d", at).isInstanceOf(Verdict.Refused.class);
            Check check = ((Verdict.Refused) verdict).check();
            format += check == Check.FORMAT ? 1 : 0;
            signature += check == Check.SIGNATURE || check == Check.PRODUCT ? 1 : 0;
        }
        assertThat(format + signature).isEqualTo(report.length);
        assertThat(signature).as("format %d", format).isGreaterThan(700);
    }

    @Test
    void shouldNotVerifyWhenAnyByteOfTheCertificateIsFlipped() {
        byte[] report = Samples.read(TRUSTEE + "test-report.bin");
        byte[] certificate = Samples.read(TRUSTEE + "test-vcek.der");
        for (int at = 0; at < certificate.length; at++) {
            byte[] flipped = certificate.clone();
            flipped[at] ^= (byte) (1 << at % 8);
            assertThat(verifier("2026-01-01T00:00:00Z", flipped).verify(evidence(report)))
                    .as("byte %d", at)
                    .isNotInstanceOf(Verdict.Verified.class);
        }
    }

    @Test
    void shouldNeverThrowWhenInputIsNoise() {
        Random random = new Random(5);
        byte[] report = Samples.read(TRUSTEE + "test-report.bin");
        byte[] certificate = Samples.read(TRUSTEE + "test-vcek.der");
        byte[] whole = new SnpDocument(report, List.of(certificate)).encode();
        SnpVerifier verifier = verifier("2026-01-01T00:00:00Z", Samples.read(TRUSTEE + "test-vlek.der"));
        for (int i = 0; i < 3000; i++) {
            byte[] mutated = java.util.Arrays.copyOf(whole, i % 4 == 0 ? random.nextInt(3000) : whole.length);
            for (int n = 1 + random.nextInt(4); n > 0 && mutated.length > 0; n--) {
                // Past the report most of the time, where the table and the certificate are.
                int from = i % 2 == 0 ? 0 : Math.min(SnpReport.BYTES, mutated.length - 1);
                mutated[from + random.nextInt(mutated.length - from)] = (byte) random.nextInt();
            }
            assertThat(verifier.verify(evidence(mutated)).checks()).isNotEmpty();
        }
    }

    private static Evidence evidence(byte[] document) {
        return new Evidence(Platform.SEV_SNP, document);
    }

    private static SnpVerifier verifier(String at, byte[] certificates) {
        Collateral collateral =
                Collateral.of(List.of(certificates, Samples.read("virtee-sev/src/certs/snp/builtin/milan/ask.pem")));
        return new SnpVerifier(InstantSource.fixed(Instant.parse(at)), () -> collateral);
    }
}
