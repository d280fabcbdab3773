package coco.benchmarks.journal;

import coco.crypto.Certificates;
import coco.crypto.P256;
import coco.journal.BlockContent;
import coco.journal.BlockOpener;
import coco.journal.BlockSealer;
import coco.journal.ChainHead;
import coco.journal.Entry;
import coco.journal.EpochSecrets;
import coco.journal.EvidenceKey;
import coco.journal.JournalLimits;
import coco.journal.LeafTree;
import coco.journal.OpenResult;
import coco.journal.OpenerKeys;
import coco.journal.SealRoot;
import coco.journal.SealedBlock;
import coco.journal.SealerChange;
import coco.journal.SealerDirectory;
import coco.journal.SealerIdentity;
import coco.journal.SealingKeys;
import coco.journal.Section;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
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

/** A block of ERC-20 transfers: some 260 bytes of transaction and result and 140 of writes for each. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class SealBenchmark {
    private static final int PAYLOAD_BYTES = 260;
    private static final int WRITES_BYTES = 140;

    /** Transactions in the block. */
    @Param({"400"})
    public int entries;

    private final Random random = new Random(1);
    private final byte[] serviceId = new byte[32];
    private final EpochSecrets epoch = new EpochSecrets(serviceId, 0, new byte[32]);
    private final EvidenceKey evidenceKey = new EvidenceKey(serviceId, new byte[32]);
    private final KeyPair keys = P256.generate(new SecureRandom());
    private final X509Certificate certificate = Certificates.selfSigned(
            "node", keys, Instant.EPOCH, Instant.EPOCH.plus(Duration.ofDays(1)), new SecureRandom());
    private final BlockSealer sealer = new BlockSealer(
            new SealerIdentity(serviceId, SealerChange.digest(certificate), keys.getPrivate()),
            new SecureRandom(),
            JournalLimits.DEFAULT);
    private final BlockOpener opener = new BlockOpener(
            serviceId,
            new OpenerKeys() {
                @Override
                public SealRoot sealRoot(long id) {
                    return epoch.sealRoot();
                }

                @Override
                public EvidenceKey evidenceKey(int generation) {
                    return evidenceKey;
                }
            },
            sealers(certificate),
            JournalLimits.DEFAULT);

    private static SealerDirectory sealers(X509Certificate certificate) {
        SealerDirectory.Tracked sealers = new SealerDirectory.Tracked();
        sealers.apply(0, List.of(new SealerChange.Admitted(certificate)));
        return sealers;
    }

    private @Nullable BlockContent content;
    private @Nullable SealedBlock block;

    @Setup
    public void seal() {
        BlockSealer.warmUp();
        List<Entry> list = new ArrayList<>();
        for (int i = 0; i < entries; i++) {
            list.add(new Entry(bytes(32), bytes(32), bytes(PAYLOAD_BYTES), bytes(WRITES_BYTES)));
        }
        content = new BlockContent(1_000_000, List.of(new Section("ethereum", list, bytes(600), new byte[0])));
        block = sealBlock();
    }

    private byte[] bytes(int length) {
        byte[] out = new byte[length];
        random.nextBytes(out);
        return out;
    }

    @Benchmark
    public SealedBlock sealBlock() {
        return sealer.seal(ChainHead.NONE, 1, new SealingKeys(epoch, 0, evidenceKey), prepared(content), new byte[0]);
    }

    @Benchmark
    public OpenResult openBlock() {
        return opener.open(prepared(block), ChainHead.NONE);
    }

    @Benchmark
    public LeafTree leaves() {
        return LeafTree.of(epoch.sealRoot(), 1, prepared(content));
    }

    private static <T> T prepared(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("setup did not run");
        }
        return value;
    }
}
