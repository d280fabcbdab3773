package coco.benchmarks.crypto;

import coco.crypto.P256;
import coco.crypto.Sha256;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The signatures of blocks: one made by the leader and checked by each follower for every block. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class P256Benchmark {
    private final KeyPair keys = P256.derive(Sha256.hash(), new byte[] {1});
    private final byte[] hash = Sha256.hash(new byte[] {2});
    private final byte[] signature = P256.sign(keys.getPrivate(), hash);

    @Benchmark
    public byte[] sign() {
        return P256.sign(keys.getPrivate(), hash);
    }

    @Benchmark
    public boolean verify() {
        return P256.verify(keys.getPublic(), hash, signature);
    }

    @Benchmark
    public byte[] signByJdk() throws GeneralSecurityException {
        Signature signer = Signature.getInstance("NONEwithECDSAinP1363Format");
        signer.initSign(keys.getPrivate());
        signer.update(hash);
        return signer.sign();
    }

    @Benchmark
    public boolean verifyByJdk() throws GeneralSecurityException {
        Signature verifier = Signature.getInstance("NONEwithECDSAinP1363Format");
        verifier.initVerify(keys.getPublic());
        verifier.update(hash);
        return verifier.verify(signature);
    }
}
