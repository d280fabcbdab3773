package coco.attestation.platforms;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import coco.attestation.AttestationLimits;
import coco.attestation.Collateral;
import coco.attestation.Evidence;
import coco.attestation.Platform;
import coco.attestation.Samples;
import coco.attestation.Verdict;
import coco.attestation.Verdict.Check;
import coco.crypto.Hex;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EvidenceFileTest {
    private static final String TRUSTEE = "trustee/deps/verifier/test_data/";

    @ParameterizedTest
    @CsvSource({
        "SEV_SNP,1184," + TRUSTEE + "snp/test-report.bin",
        "SEV_SNP,1184," + TRUSTEE + "snp/test-vlek-report.bin",
        "SEV_SNP,1184,go-sev-guest/verify/testdata/attestation.bin",
        "SEV_SNP,2579,trustee/attestation-service/tests/e2e/evidence.json",
        "AZURE_CVM,2606," + TRUSTEE + "az-snp-vtpm/hcl-report.bin",
        "AZURE_CVM,5123," + TRUSTEE + "az-snp-vtpm/evidence-v0.json",
        "AZURE_CVM,5123," + TRUSTEE + "az-snp-vtpm/evidence-v1.json",
        "AZURE_CVM,5162," + TRUSTEE + "az-snp-vtpm/evidence-v2.json",
        "AZURE_CVM,5158," + TRUSTEE + "az-snp-vtpm/evidence-genoa.json",
        "AZURE_CVM,8778," + TRUSTEE + "az-tdx-vtpm/evidence-v0.json",
        "AZURE_CVM,8778," + TRUSTEE + "az-tdx-vtpm/evidence-v1.json",
        "TDX,4936," + TRUSTEE + "az-tdx-vtpm/td-quote.bin",
        "TDX,4936," + TRUSTEE + "tdx_quote_4.dat",
        "TDX,4935,dcap-rs/data/quote_tdx_00806f050000.dat",
        "TDX,4936,dcap-qvl/sample/tdx-quote.hex",
        "SGX,4600,dcap-qvl/sample/sgx_quote",
        "SGX,4733," + TRUSTEE + "occlum_quote.dat",
    })
    void shouldRecogniseTheFilesOfOtherProjects(Platform platform, int length, String file) {
        Evidence evidence = recognised(Samples.read(file));
        assertThat(evidence.platform()).isEqualTo(platform);
        assertThat(evidence.document()).hasSize(length);
    }

    @ParameterizedTest
    @CsvSource({
        TRUSTEE + "cca-claims.json",
        TRUSTEE + "csv_evidence.json",
        TRUSTEE + "az-snp-vtpm/quote.bin",
        TRUSTEE + "az-snp-vtpm/vcek.pem",
        "confidential-sidecar-containers/pkg/common/security-context-test/reference-info-base64",
        "dcap-qvl/sample/sgx_quote_collateral.json",
    })
    void shouldRefuseTheFormatOfOtherFiles(String file) {
        assertUnknown(Samples.read(file));
    }

    @Test
    void shouldRecogniseTextAndOurOwnEncoding() {
        byte[] report = new byte[1184];
        report[0] = 2;
        report[1183] = 7;
        Evidence bare = new Evidence(Platform.SEV_SNP, report);
        String base64 = Base64.getEncoder().encodeToString(report);
        assertThat(recognised(report)).isEqualTo(bare);
        assertThat(recognised((Hex.encode(report) + "\n").getBytes(US_ASCII))).isEqualTo(bare);
        assertThat(recognised(base64.getBytes(US_ASCII))).isEqualTo(bare);
        assertThat(recognised(("{\"quote\": \"" + base64 + "\"}").getBytes(US_ASCII)))
                .isEqualTo(bare);
        for (Platform platform : Platform.values()) {
            Evidence own = new Evidence(platform, new byte[] {9, 9, 9});
            assertThat(recognised(own.encode())).isEqualTo(own);
            assertThat(recognised(Hex.encode(own.encode()).getBytes(US_ASCII))).isEqualTo(own);
        }
    }

    @Test
    void shouldLeaveBytesBehindAReportForTheVerifierToRefuse() {
        byte[] report = Samples.read(TRUSTEE + "snp/test-report.bin");
        for (int length : new int[] {1185, 1184 + 24, 4096}) {
            for (int last : new int[] {0, 1}) {
                byte[] longer = Arrays.copyOf(report, length);
                longer[length - 1] = (byte) last;
                Verdict verdict = verifiers().verify(recognised(longer));
                assertThat(verdict)
                        .isInstanceOfSatisfying(
                                Verdict.Refused.class,
                                refused -> assertThat(refused.check()).isEqualTo(Check.FORMAT));
            }
        }
    }

    @Test
    void shouldRefuseTheFormatWhenTruncatedOrTooLong() {
        byte[] report = Samples.read(TRUSTEE + "snp/test-report.bin");
        for (int length = 0; length < report.length; length++) {
            assertUnknown(Arrays.copyOf(report, length));
        }
        assertUnknown(new byte[AttestationLimits.DEFAULT.evidenceFileBytesMax() + 1]);
        byte[] hcl = Samples.read(TRUSTEE + "az-snp-vtpm/hcl-report.bin");
        // Behind the runtime data are zeros, which may be missing.
        for (int length = 4; length < 2346; length++) {
            Verdict verdict = verifiers().verify(recognised(Arrays.copyOf(hcl, length)));
            assertThat(verdict)
                    .isInstanceOfSatisfying(
                            Verdict.Refused.class,
                            refused -> assertThat(refused.check()).isEqualTo(Check.FORMAT));
        }
    }

    @Test
    void shouldRefuseTheFormatOfEmptyEvidenceOfEveryPlatform() {
        for (Platform platform : Platform.values()) {
            Verdict verdict = verifiers().verify(new Evidence(platform, new byte[0]));
            assertThat(verdict)
                    .isInstanceOfSatisfying(
                            Verdict.Refused.class,
                            refused -> assertThat(refused.check()).isEqualTo(Check.FORMAT));
        }
    }

    @Test
    void shouldNeverThrowWhenInputIsNoise() {
        Random random = new Random(9);
        List<byte[]> seeds = List.of(
                Samples.read(TRUSTEE + "snp/test-report.bin"),
                Samples.read(TRUSTEE + "az-tdx-vtpm/evidence-v1.json"),
                Samples.read(TRUSTEE + "az-snp-vtpm/evidence-v2.json"),
                Samples.read("trustee/attestation-service/tests/e2e/evidence.json"),
                Samples.read("dcap-qvl/sample/sgx_quote"));
        for (int i = 0; i < 4000; i++) {
            byte[] seed = seeds.get(i % seeds.size());
            byte[] mutated = Arrays.copyOf(seed, i % 3 == 0 ? random.nextInt(seed.length) : seed.length);
            for (int n = 1 + random.nextInt(4); n > 0 && mutated.length > 0; n--) {
                mutated[random.nextInt(Math.min(mutated.length, i % 2 == 0 ? 100 : mutated.length))] =
                        (byte) random.nextInt();
            }
            switch (EvidenceFile.recognise(mutated)) {
                case EvidenceFile.Recognised known ->
                    assertThat(known.evidence().document().length)
                            .isLessThan(AttestationLimits.DEFAULT.evidenceBytesMax());
                case EvidenceFile.Unknown unknown ->
                    assertThat(unknown.refusal().check()).isEqualTo(Check.FORMAT);
            }
        }
    }

    private static EvidenceVerifiers verifiers() {
        return new EvidenceVerifiers(
                InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z")), () -> Collateral.EMPTY);
    }

    private static void assertUnknown(byte[] file) {
        assertThat(EvidenceFile.recognise(file))
                .isInstanceOfSatisfying(
                        EvidenceFile.Unknown.class,
                        unknown -> assertThat(unknown.refusal().check()).isEqualTo(Check.FORMAT));
    }

    private static Evidence recognised(byte[] file) {
        EvidenceFile recognised = EvidenceFile.recognise(file);
        assertThat(recognised).isInstanceOf(EvidenceFile.Recognised.class);
        return ((EvidenceFile.Recognised) recognised).evidence();
    }
}
