package coco.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import coco.attestation.Evidence;
import coco.attestation.simulated.SimulatedPlatform;
import coco.cli.console.Console;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class AttestCommandTest {
    private static final String TRUSTEE = "trustee/deps/verifier/test_data/";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path directory = Path.of("");

    /** Each with the folder it lies in, and whatever else is there, as collateral; then without any. */
    @ParameterizedTest
    @CsvSource({
        "sev-snp,2026-01-01," + TRUSTEE + "snp/test-report.bin",
        "sev-snp,2025-06-01," + TRUSTEE + "snp/test-vlek-report.bin",
        "sev-snp,2026-01-01,confidential-sidecar-containers/pkg/attest/test_data/snp_report.bin",
        "sev-snp,2026-01-01,trustee/attestation-service/tests/e2e/evidence.json",
        "azure-cvm,2026-01-01," + TRUSTEE + "az-snp-vtpm/evidence-v0.json",
        "azure-cvm,2026-01-01," + TRUSTEE + "az-snp-vtpm/evidence-v1.json",
        "azure-cvm,2026-01-01," + TRUSTEE + "az-snp-vtpm/evidence-v2.json",
        "azure-cvm,2026-01-01," + TRUSTEE + "az-snp-vtpm/evidence-genoa.json",
        "azure-cvm,2026-01-01," + TRUSTEE + "az-snp-vtpm/hcl-report.bin",
    })
    void shouldVerifyRealEvidenceWithCollateralAndBeIncompleteWithout(String platform, String at, String file) {
        String path = samples().resolve(file).toString();
        String all = samples().toString();
        assertThat(run(path, "--at", at, "--collateral", all, "--json")).isZero();
        JsonNode root = JsonMapper.shared().readTree(out.toString(StandardCharsets.UTF_8));
        assertThat(root.path("platform").asString()).isEqualTo(platform);
        assertThat(root.path("verdict").asString()).isEqualTo("verified");
        assertThat(root.path("reason").isNull()).isTrue();
        assertThat(verdict(root, "signature")).isEqualTo("passed");
        assertThat(verdict(root, "certificate_chain")).isEqualTo("passed");
        assertThat(verdict(root, "revocation")).isEqualTo("not_checked");
        assertThat(root.path("claims").path("measurement").asString()).hasSize(96);
        assertThat(run(path, "--at", at)).isEqualTo(3);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("verdict: incomplete, missing: any collateral");
    }

    @ParameterizedTest
    @CsvSource({
        "debug,2026-01-01,go-sev-guest/verify/testdata/attestation.bin,go-sev-guest",
        "signature,2026-01-01,azure-cvm-tooling/az-cvm-vtpm/test/hcl-report-snp.bin,azure-cvm-tooling",
        "validity_period,2026-11-26," + TRUSTEE + "snp/test-vlek-report.bin," + TRUSTEE + "snp",
        "format,2026-01-01," + TRUSTEE + "snp/test-vcek.der," + TRUSTEE + "snp",
    })
    void shouldNameTheReasonWhenItRefuses(String reason, String at, String file, String collateral) {
        Path folder = samples();
        int code = run(
                folder.resolve(file).toString(), "--at", at, "--json", "--collateral", folder.resolve(collateral) + "");
        assertThat(code).isEqualTo(1);
        JsonNode root = JsonMapper.shared().readTree(out.toString(StandardCharsets.UTF_8));
        assertThat(root.path("verdict").asString()).isEqualTo("refused");
        assertThat(root.path("reason").asString()).startsWith(reason + ": ");
        assertThat(verdict(root, reason)).isEqualTo("failed");
        assertThat(root.path("claims").isNull()).isTrue();
    }

    @Test
    void shouldVerifyEvidenceOfADebugGuestOnlyWhenAskedTo() {
        Path folder = samples().resolve("go-sev-guest");
        String[] words = {
            folder.resolve("verify/testdata/attestation.bin").toString(),
            "--at",
            "2026-01-01",
            "--collateral",
            folder.toString(),
            "--json"
        };
        assertThat(run(words)).isEqualTo(1);
        String[] more = Arrays.copyOf(words, words.length + 1);
        more[words.length] = "--allow-debug";
        assertThat(run(more)).isZero();
        JsonNode root = JsonMapper.shared().readTree(out.toString(StandardCharsets.UTF_8));
        assertThat(root.path("verdict").asString()).isEqualTo("verified");
        assertThat(root.path("claims").path("debug").asBoolean()).isTrue();
        assertThat(verdict(root, "signature")).isEqualTo("passed");
        assertThat(verdict(root, "debug")).isEqualTo("not_checked");
        // Whatever else speaks against evidence still does.
        more[2] = "2031-01-01";
        assertThat(run(more)).isEqualTo(1);
    }

    @Test
    void shouldRefuseOtherReportDataAndOtherPlatforms() throws IOException {
        String file = simulated().toString();
        assertThat(run(file, "--report-data", "0705")).isZero();
        assertThat(run(file, "--report-data", "0x0705" + "00".repeat(62))).isZero();
        assertThat(run(file, "--report-data", "0706")).isEqualTo(1);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("failed       report_data");
        assertThat(run(file, "--platform", "Simulated")).isZero();
        assertThat(run(file, "--platform", "snp")).isEqualTo(1);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("verdict: refused, platform: simulated; allowed: sev-snp");
    }

    @Test
    void shouldEndWithUsageWhenTheCommandLineMakesNoSense() throws IOException {
        String file = simulated().toString();
        assertThat(run()).isEqualTo(2);
        assertThat(run(directory.resolve("missing").toString())).isEqualTo(2);
        assertThat(run(file, "--at", "yesterday")).isEqualTo(2);
        assertThat(run(file, "--platform", "abacus")).isEqualTo(2);
        assertThat(run(file, "--report-data", "xyz")).isEqualTo(2);
        assertThat(run(file, "--report-data", "00".repeat(65))).isEqualTo(2);
        assertThat(run(file, "--collateral", directory.resolve("missing").toString()))
                .isEqualTo(2);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(run(file, "--at", "2026-01-31T08:00+01:00")).isZero();
    }

    private Path simulated() throws IOException {
        SimulatedPlatform platform = new SimulatedPlatform(new byte[32], new byte[32], new SecureRandom());
        byte[] reportData = new byte[64];
        reportData[0] = 7;
        reportData[1] = 5;
        Evidence evidence = platform.attester().attest(reportData);
        return Files.write(directory.resolve("evidence"), evidence.encode());
    }

    private static String verdict(JsonNode root, String check) {
        for (JsonNode entry : root.path("checks")) {
            if (entry.path("name").asString().equals(check)) {
                return entry.path("verdict").asString();
            }
        }
        return "none";
    }

    private static Path samples() {
        Path folder = Path.of(System.getProperty("coco.testdata", "."), "attestation");
        assumeTrue(Files.isDirectory(folder), () -> "no test data: " + folder + " is missing (-Dcoco.testdata=DIR)");
        return folder;
    }

    private int run(String... arguments) {
        out.reset();
        List<String> all = new ArrayList<>(List.of("attest", "verify"));
        all.addAll(List.of(arguments));
        Console console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false);
        return Main.run(console, Map.of(), all.toArray(String[]::new));
    }
}
