package coco.benchmarks.crypto;

import coco.crypto.AesGcm;
import coco.crypto.Sha256;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The private part of a block: a few transactions (1 KiB), and a hundred or so (64 KiB). */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class AesGcmBenchmark {
    @Param({"1024", "65536"})
    int sizeBytes;

    private final byte[] key = Sha256.hash();
    private final byte[] aad = new byte[256];
    private final byte[] openIv = new byte[AesGcm.IV_BYTES];
    private byte[] plaintext = {};
    private byte[] sealed = {};
    private long counter;

    @Setup
    public void prepare() {
        plaintext = new byte[sizeBytes];
        sealed = AesGcm.seal(key, openIv, aad, plaintext);
    }

    @Benchmark
    public byte[] seal() {
        counter++;
        byte[] iv = ByteBuffer.allocate(AesGcm.IV_BYTES).putLong(4, counter).array();
        return AesGcm.seal(key, iv, aad, plaintext);
    }

    @Benchmark
    public byte @Nullable [] open() {
        return AesGcm.open(key, openIv, aad, sealed);
    }
}
