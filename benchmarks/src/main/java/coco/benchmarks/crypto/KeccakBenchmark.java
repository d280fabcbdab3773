package coco.benchmarks.crypto;

import coco.crypto.Keccak256;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.crypto.digests.KeccakDigest;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Keccak-256 of a storage key (32), a mapping slot (64), one whole block (136) and a contract's code (16,384 bytes).
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class KeccakBenchmark {
    @Param({"32", "64", "136", "16384"})
    int sizeBytes;

    private byte[] input = {};
    private byte[] output = {};
    private KeccakDigest oracle = new KeccakDigest(256);

    @Setup
    public void prepare() {
        input = new byte[sizeBytes];
        new Random(1).nextBytes(input);
        output = new byte[Keccak256.DIGEST_BYTES];
        oracle = new KeccakDigest(256);
    }

    @Benchmark
    public byte[] own() {
        Keccak256.hash(input, 0, input.length, output, 0);
        return output;
    }

    @Benchmark
    public byte[] bouncyCastle() {
        oracle.update(input, 0, input.length);
        oracle.doFinal(output, 0);
        return output;
    }
}
