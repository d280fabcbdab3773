package coco.benchmarks.crypto;

import coco.crypto.Hmac;
import coco.crypto.Sha256;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The pieces of a journal's Merkle tree: a node (two digests) and a salt (one PRF). */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HashBenchmark {
    private final byte[] left = Sha256.hash(new byte[] {1});
    private final byte[] right = Sha256.hash(new byte[] {2});
    private final byte[] node = new byte[65];

    @Benchmark
    public byte[] sha256OfParts() {
        return Sha256.hash(left, right);
    }

    @Benchmark
    public byte[] sha256OfRange() {
        return Sha256.hash(node, 0, node.length);
    }

    @Benchmark
    public byte[] hmacSha256() {
        return Hmac.sha256(left, right);
    }
}
