package coco.benchmarks.kv;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Fills a map once and counts bytes per entry: by the radix's own statistics and, for all, by what the heap holds more
 * than before, keys and values of 12 bytes included.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgs = {"-Xmx4g", "-XX:+UseParallelGC"})
@Warmup(iterations = 0)
@Measurement(iterations = 1)
public class MemoryBenchmark {
    @Param({"radix", "radixDigest", "HashMap", "TreeMap", "pcollections"})
    private String map = "";

    @Param({"1000", "100000", "1000000", "3000000"})
    private int entries;

    /** An address; a hash, or a word of storage; an address and a word. */
    @Param({"20", "32", "52"})
    private int keyBytes;

    private byte[][] keys = new byte[0][];
    private Subject subject = Subject.of("HashMap");

    /** Extra columns of the result. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Bytes {
        public double heapBytesPerEntry;
        public double nodeBytesPerEntry;
    }

    @Setup(Level.Iteration)
    public void prepare() {
        keys = Subject.randomKeys(entries, keyBytes, 1);
    }

    @Benchmark
    public Subject fill(Bytes bytes) {
        long before = usedAfterCollection();
        subject = Subject.of(map);
        subject.fill(keys);
        bytes.heapBytesPerEntry = (double) (usedAfterCollection() - before) / entries;
        bytes.nodeBytesPerEntry = (double) subject.bytes() / entries;
        return subject;
    }

    private static long usedAfterCollection() {
        Runtime runtime = Runtime.getRuntime();
        for (int i = 0; i < 3; i++) {
            runtime.gc();
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
