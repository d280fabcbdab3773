package coco.benchmarks.attestation;

import coco.attestation.Collateral;
import coco.attestation.Evidence;
import coco.attestation.EvidenceVerifier;
import coco.attestation.Platform;
import coco.attestation.Verdict;
import coco.attestation.platforms.EvidenceVerifiers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * A quote of SGX or TDX judged with all collateral: by a verifier that has seen the collateral before, as a node's has
 * (the machine's certificate is known too), and by one that meets everything for the first time. The samples of
 * dcap-qvl are found by the system property {@code coco.testdata}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class IntelVerifierBenchmark {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2025-07-01T00:00:00Z"));

    @Param({"tdx_quote", "sgx_quote"})
    String sample = "";

    private Evidence evidence = new Evidence(Platform.TDX, new byte[0]);
    private byte[] collateralFile = {};
    private EvidenceVerifier known = any -> new Verdict.Refused(Verdict.Check.PLATFORM, "", "");

    @Setup
    public void prepare() throws IOException {
        Path folder = Path.of(System.getProperty("coco.testdata", ""), "attestation", "dcap-qvl", "sample");
        Platform platform = sample.startsWith("tdx") ? Platform.TDX : Platform.SGX;
        evidence = new Evidence(platform, Files.readAllBytes(folder.resolve(sample)));
        collateralFile = Files.readAllBytes(folder.resolve(sample + "_collateral.json"));
        known = verifier();
        if (!(known.verify(evidence) instanceof Verdict.Verified)) {
            throw new IllegalStateException("the sample is not verified");
        }
    }

    private EvidenceVerifier verifier() {
        Collateral collateral = Collateral.of(List.of(collateralFile));
        return new EvidenceVerifiers(CLOCK, () -> collateral);
    }

    @Benchmark
    public Verdict verifyKnownCollateral() {
        return known.verify(evidence);
    }

    @Benchmark
    public Verdict verifyNewCollateral() {
        return verifier().verify(evidence);
    }
}
