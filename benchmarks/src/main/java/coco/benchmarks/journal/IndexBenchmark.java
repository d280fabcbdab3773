package coco.benchmarks.journal;

import coco.journal.HistoryIndex;
import coco.journal.IndexLookup;
import coco.journal.JournalLimits;
import coco.journal.testing.FaultyStorage;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The history index: adding and writing out a million keys of 32 bytes, and finding one of them. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class IndexBenchmark {
    private static final int KEYS = 1_000_000;
    private static final int KEYS_OF_BLOCK = 2_000;

    /** The key that every block has. */
    private static final byte[] POPULAR = key(-1);

    private @Nullable HistoryIndex filled;
    private final Random random = new Random(1);

    @Setup(Level.Trial)
    public void fill() {
        filled = index();
    }

    private static HistoryIndex index() {
        HistoryIndex index = HistoryIndex.open(
                new FaultyStorage(new Random(1)), new byte[32], new SecureRandom(), JournalLimits.DEFAULT);
        for (int i = 0; i < KEYS; i++) {
            index.add(0, key(i), i / KEYS_OF_BLOCK, i % KEYS_OF_BLOCK);
            if (i == KEYS - 1) {
                index.endChunk();
            }
            if (i % KEYS_OF_BLOCK == KEYS_OF_BLOCK - 1) {
                index.add(1, POPULAR, i / KEYS_OF_BLOCK, 0);
                index.endBlock(i / KEYS_OF_BLOCK);
            }
        }
        index.maintain();
        return index;
    }

    private static byte[] key(int number) {
        return ByteBuffer.allocate(32).putInt(28, number).array();
    }

    /** Per key: fingerprint, memory, sort, encryption; the storage is memory. */
    @Benchmark
    @OperationsPerInvocation(KEYS)
    public HistoryIndex addAndWrite() {
        return index();
    }

    /** One look-up in a run of a million, with 512 of its 3,922 pages cached. */
    @Benchmark
    public IndexLookup find() {
        HistoryIndex index = filled;
        if (index == null) {
            throw new IllegalStateException("setup did not run");
        }
        return index.find(0, key(random.nextInt(KEYS)), 0, Long.MAX_VALUE, 10);
    }

    /** One page of a key that every block has, from anywhere: what an intersection asks of a popular key. */
    @Benchmark
    public IndexLookup findInPopular() {
        HistoryIndex index = filled;
        if (index == null) {
            throw new IllegalStateException("setup did not run");
        }
        return index.find(1, POPULAR, random.nextInt(KEYS / KEYS_OF_BLOCK), Long.MAX_VALUE, 64);
    }
}
