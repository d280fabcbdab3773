package coco.attestation.intel;

import static coco.attestation.intel.IntelSamples.GO;
import static coco.attestation.intel.IntelSamples.INTEL;
import static coco.attestation.intel.IntelSamples.QVL;
import static coco.attestation.intel.IntelSamples.RS;
import static coco.attestation.intel.IntelSamples.TRUSTEE;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import coco.attestation.CheckResult.Outcome;
import coco.attestation.Claims;
import coco.attestation.Collateral;
import coco.attestation.Evidence;
import coco.attestation.Platform;
import coco.attestation.Verdict;
import coco.attestation.Verdict.Check;
import coco.attestation.sgx.SgxVerifier;
import coco.attestation.tdx.TdxVerifier;
import coco.crypto.Hex;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every public sample of SGX and TDX gets the verdict that its source, or Intel's own algorithm, gives it. */
final class IntelSamplesTest {
    private static final String ALL = "";
    private static final String NEAR = "dcap-qvl/tests/near/contracts/gas-test/tests/quote/";

    /**
     * A sample.
     *
     * @param collateral files and folders, separated by blanks; empty for the folder of all samples
     * @param at when it is judged
     * @param words what the verdict begins with
     */
    private record Sample(String quote, String collateral, String at, String words) {}

    private static final List<Sample> SAMPLES = List.of(
            // States that dcap-qvl's own tests expect.
            new Sample(
                    QVL + "sgx_quote",
                    QVL + "sgx_quote_collateral.json",
                    "2025-06-19T12:00:00Z",
                    "verified ConfigurationAndSWHardeningNeeded INTEL-SA-00289,INTEL-SA-00615"),
            new Sample(QVL + "sgx_quote", ALL, "2025-07-19T00:00:00Z", "verified ConfigurationAndSWHardeningNeeded"),
            new Sample(
                    QVL + "tdx_quote", QVL + "tdx_quote_collateral.json", "2025-06-19T12:00:00Z", "verified UpToDate"),
            new Sample(QVL + "tdx_quote", ALL, "2025-07-18T00:00:00Z", "verified UpToDate"),
            new Sample(
                    NEAR + "quote_hex.txt",
                    NEAR + "quote_collateral.json",
                    "2025-09-10T00:00:00Z",
                    "verified UpToDate"),
            // Its component 8 (SEAMLDR) is 3 where the lowest level has 5: TCB_NOT_SUPPORTED in Intel's library.
            new Sample(
                    QVL + "tdx_quote_outdated",
                    QVL + "tdx_quote_outdated_collateral.json",
                    "2026-03-01T00:00:00Z",
                    "refused tcb the platform is below every stated level"),
            // "It will result in TCB status failure", says go-tdx-guest of the pair: components 3 where 5 is the
            // lowest.
            new Sample(
                    GO + "tdx_prod_quote_SPR_E4.dat",
                    GO,
                    "2023-07-01T01:00:00Z",
                    "refused tcb the platform is below every stated level"),
            new Sample(GO + "quote_v5_sample.dat", ALL, "2026-02-20T00:00:00Z", "verified UpToDate"),
            new Sample(GO + "ccel/cos-113-tdx-quote.dat", ALL, "2025-03-01T00:00:00Z", "verified UpToDate"),
            new Sample(
                    RS + "quote_tdx_00806f050000.dat",
                    RS,
                    "2025-03-01T00:00:00Z",
                    "verified OutOfDate INTEL-SA-00960,INTEL-SA-00982,INTEL-SA-00986"),
            // Without collateral, all that needs none is checked.
            new Sample(TRUSTEE + "tdx_quote_5.dat", "none", "2025-11-01T00:00:00Z", "incomplete "),
            new Sample(TRUSTEE + "az-tdx-vtpm/td-quote.bin", "none", "2025-11-01T00:00:00Z", "incomplete "),
            new Sample(QVL + "tdx-quote.hex", "none", "2025-11-01T00:00:00Z", "incomplete "),
            new Sample(QVL + "quote-from-tappd.hex", "none", "2025-11-01T00:00:00Z", "incomplete "),
            // Negatives.
            new Sample(TRUSTEE + "tdx_quote_4.dat", "none", "2025-11-01T00:00:00Z", "refused debug"),
            new Sample(TRUSTEE + "tdx_quote_4.dat", ALL, "2025-11-01T00:00:00Z", "refused debug"),
            new Sample(TRUSTEE + "occlum_quote.dat", "none", "2025-11-01T00:00:00Z", "refused debug"),
            new Sample(TRUSTEE + "occlum_quote.dat", ALL, "2025-11-01T00:00:00Z", "refused debug"),
            new Sample(INTEL + "quote.dat", INTEL, "2023-01-01T00:00:00Z", "refused root"),
            new Sample(INTEL + "quote.dat", ALL, "2023-01-01T00:00:00Z", "refused root"),
            new Sample(INTEL + "tdx/quote.dat", INTEL + "tdx", "2023-01-01T00:00:00Z", "refused root"),
            // The clock.
            new Sample(
                    QVL + "tdx_quote",
                    QVL + "tdx_quote_collateral.json",
                    "2025-07-20T00:00:00Z",
                    "refused validity_period revocations by Intel SGX PCK Platform CA"),
            new Sample(
                    QVL + "tdx_quote",
                    QVL + "tdx_quote_collateral.json",
                    "2025-06-19T10:10:00Z",
                    "refused validity_period TCB info"),
            new Sample(QVL + "tdx_quote", "none", "2034-01-01T00:00:00Z", "refused validity_period Intel SGX PCK"),
            // Another machine's collateral alone.
            new Sample(
                    QVL + "tdx_quote",
                    QVL + "tdx_quote_outdated_collateral.json",
                    "2026-03-01T00:00:00Z",
                    "incomplete TCB info of TDX for FMSPC B0C06F000000: https://"));

    @TestFactory
    List<DynamicTest> shouldGiveTheVerdictOfTheSource() {
        return SAMPLES.stream()
                .map(sample -> DynamicTest.dynamicTest(
                        sample.quote + " with " + sample.collateral + " at " + sample.at,
                        () -> assertThat(IntelSamples.words(IntelSamples.verify(
                                        IntelSamples.bytes(sample.quote),
                                        collateral(sample.collateral),
                                        Instant.parse(sample.at))))
                                .startsWith(sample.words)))
                .toList();
    }

    private static Collateral collateral(String names) {
        return names.equals("none") ? Collateral.EMPTY : IntelSamples.collateral(names.split(" ", -1));
    }

    @Test
    void shouldVerifyIntelsOwnSampleUnderItsOwnRoot() {
        X509Certificate root = IntelSamples.root(INTEL + "trustedRootCaCert.pem");
        Verdict verdict = IntelSamples.verify(
                IntelSamples.bytes(INTEL + "quote.dat"),
                IntelSamples.collateral(INTEL),
                Instant.parse("2023-01-01T00:00:00Z"),
                root);
        assertThat(IntelSamples.words(verdict)).startsWith("verified UpToDate");
    }

    @Test
    void shouldAcceptTheChainsOfIntelsTdxSampleButNotItsMadeUpQuotingEnclave() {
        X509Certificate root = IntelSamples.root(INTEL + "tdx/trustedRootCaCert.pem");
        Verdict verdict = IntelSamples.verify(
                IntelSamples.bytes(INTEL + "tdx/quote.dat"),
                IntelSamples.collateral(INTEL + "tdx"),
                Instant.parse("2023-01-01T00:00:00Z"),
                root);
        // MRSIGNER of its report differs from that of its identity: the sample is random numbers, well signed.
        assertThat(IntelSamples.words(verdict)).startsWith("refused quoting_enclave MRSIGNER");
        assertThat(verdict.checks())
                .filteredOn(result -> result.check() == Check.ROOT || result.check() == Check.SIGNATURE)
                .allMatch(result -> result.outcome() == Outcome.PASSED);
    }

    @Test
    void shouldClaimWhatATrustDomainIs() {
        Claims claims = verified(QVL + "tdx_quote", QVL + "tdx_quote_collateral.json");
        assertThat(claims.platform()).isEqualTo(Platform.TDX);
        assertThat(Hex.encode(claims.measurement()))
                .startsWith("91eb2b44d141d4ece09f0c75c2c53d24")
                .hasSize(96);
        assertThat(Hex.encode(claims.reportData()))
                .startsWith("9a9d48e7f6799642")
                .hasSize(128);
        assertThat(claims.signer()).isNull();
        assertThat(claims.securityVersion()).isEqualTo(0x0106);
        assertThat(claims.details())
                .containsEntry("td_attributes", "0000001000000000")
                .containsEntry("xfam", "e702060000000000")
                .containsEntry("fmspc", "b0c06f000000")
                .containsEntry("tcb_evaluation_data_number", "17")
                .containsEntry("root_ca_crl_number", "1")
                .containsEntry("pck_crl_number", "1")
                .containsKeys("rtmr0", "rtmr1", "rtmr2", "rtmr3", "mr_config_id", "mr_owner", "tee_tcb_svn");
    }

    @Test
    void shouldClaimWhatAnEnclaveIs() {
        Claims claims = verified(QVL + "sgx_quote", QVL + "sgx_quote_collateral.json");
        assertThat(claims.platform()).isEqualTo(Platform.SGX);
        assertThat(Hex.encode(claims.measurement()))
                .startsWith("33d8736db756ed49")
                .hasSize(64);
        assertThat(Hex.encode(Objects.requireNonNull(claims.signer())))
                .startsWith("815f42f11cf64430")
                .hasSize(64);
        assertThat(new String(claims.reportData(), US_ASCII)).startsWith("Hello, world!");
        assertThat(claims.details()).containsEntry("fmspc", "00a067110000").containsEntry("quote_version", "3");
    }

    private static Claims verified(String quote, String collateral) {
        Verdict verdict = IntelSamples.verify(
                IntelSamples.bytes(quote), IntelSamples.collateral(collateral), Instant.parse("2025-07-01T00:00:00Z"));
        assertThat(verdict).isInstanceOf(Verdict.Verified.class);
        return ((Verdict.Verified) verdict).claims();
    }

    @Test
    void shouldRefuseAQuoteOfTheOtherKind() {
        InstantSource clock = InstantSource.fixed(Instant.parse("2025-07-01T00:00:00Z"));
        byte[] tdx = IntelSamples.bytes(QVL + "tdx_quote");
        byte[] sgx = IntelSamples.bytes(QVL + "sgx_quote");
        assertThat(IntelSamples.words(
                        new SgxVerifier(clock, () -> Collateral.EMPTY).verify(new Evidence(Platform.SGX, tdx))))
                .startsWith("refused platform");
        assertThat(IntelSamples.words(
                        new TdxVerifier(clock, () -> Collateral.EMPTY).verify(new Evidence(Platform.TDX, sgx))))
                .startsWith("refused platform");
        assertThat(IntelSamples.words(
                        new TdxVerifier(clock, () -> Collateral.EMPTY).verify(new Evidence(Platform.SGX, sgx))))
                .startsWith("refused platform");
    }

    @Test
    void shouldRefuseOtherReportDataWhenSomeIsExpected() {
        Verdict verdict = IntelSamples.verify(
                IntelSamples.bytes(QVL + "tdx_quote"),
                IntelSamples.collateral(QVL + "tdx_quote_collateral.json"),
                Instant.parse("2025-07-01T00:00:00Z"));
        assertThat(IntelSamples.words(verdict.expectingReportData(new byte[64])))
                .startsWith("refused report_data");
    }

    @Test
    void shouldSayAllThatIsMissingWhenNothingIsAtHand() {
        Verdict verdict = IntelSamples.verify(
                IntelSamples.bytes(QVL + "tdx_quote"), Collateral.EMPTY, Instant.parse("2025-07-01T00:00:00Z"));
        assertThat(IntelSamples.words(verdict))
                .contains(
                        "pckcrl?ca=platform",
                        "IntelSGXRootCA.der",
                        "tcb?fmspc=B0C06F000000",
                        "tdx/certification/v4/qe");
        assertThat(IntelSamples.words(IntelSamples.verify(
                        IntelSamples.bytes(INTEL + "quote.dat"),
                        Collateral.EMPTY,
                        Instant.parse("2023-01-01T00:00:00Z"))))
                .startsWith("incomplete the PCK certificate");
    }
}
