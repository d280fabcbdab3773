package coco.benchmarks.attestation;

import coco.attestation.Collateral;
import coco.attestation.Evidence;
import coco.attestation.Verdict;
import coco.attestation.platforms.EvidenceFile;
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
 * Evidence as it arrives: the JDK remembers which certificates it has verified by object, so certificates that come
 * along with evidence are verified each time, and those of collateral once.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class VerifyBenchmark {
    private static final String TRUSTEE = "trustee/deps/verifier/test_data/";

    /** Evidence, below the folder of samples. */
    @Param({TRUSTEE + "snp/test-report.bin", TRUSTEE + "az-snp-vtpm/evidence-v1.json"})
    String file = "";

    private EvidenceVerifiers verifiers = new EvidenceVerifiers(InstantSource.system(), () -> Collateral.EMPTY);
    private byte[] encoded = {};

    @Setup
    public void prepare() throws IOException {
        Path samples = Path.of(System.getProperty("coco.testdata", "../shared/data"), "attestation");
        Collateral collateral =
                Collateral.of(List.of(Files.readAllBytes(samples.resolve(TRUSTEE + "snp/test-vcek.der"))));
        verifiers = new EvidenceVerifiers(InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z")), () -> collateral);
        if (!(EvidenceFile.recognise(Files.readAllBytes(samples.resolve(file)))
                instanceof EvidenceFile.Recognised recognised)) {
            throw new IllegalStateException(file + " is no evidence");
        }
        encoded = recognised.evidence().encode();
        if (!(verify() instanceof Verdict.Verified)) {
            throw new IllegalStateException(file + " does not verify");
        }
    }

    @Benchmark
    public Verdict verify() {
        Evidence evidence = Evidence.decode(encoded);
        if (evidence == null) {
            throw new IllegalStateException("not what was encoded");
        }
        return verifiers.verify(evidence);
    }
}
