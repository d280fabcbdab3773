package coco.benchmarks.crypto;

import coco.crypto.Keccak256;
import coco.crypto.Secp256k1;
import java.util.Objects;
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

/** Ethereum's signatures: recovery is paid once for each transaction of the whole network. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class Secp256k1Benchmark {
    @Param({"native", "bouncyCastle"})
    String implementation = "native";

    private final byte[] secret = Keccak256.hash(new byte[] {1});
    private final byte[] hash = Keccak256.hash(new byte[] {2});
    private Secp256k1 subject = Secp256k1.bouncyCastle();
    private byte[] publicKey = {};
    private byte[] signature = {};
    private int recoveryId;

    @Setup
    public void prepare() {
        subject = implementation.equals("native")
                ? Objects.requireNonNull(Secp256k1.nativeLibrary(), Secp256k1.nativeLibraryProblem())
                : Secp256k1.bouncyCastle();
        publicKey = subject.publicKey(secret);
        Secp256k1.Signature signed = subject.sign(hash, secret);
        signature = signed.rs();
        recoveryId = signed.recoveryId();
    }

    @Benchmark
    public byte @Nullable [] recover() {
        return subject.recover(hash, signature, recoveryId);
    }

    @Benchmark
    public Secp256k1.Signature sign() {
        return subject.sign(hash, secret);
    }

    @Benchmark
    public boolean verify() {
        return subject.verify(hash, signature, publicKey);
    }
}
