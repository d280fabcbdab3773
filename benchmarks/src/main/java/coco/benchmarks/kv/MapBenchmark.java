package coco.benchmarks.kv;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Time of a get, and of a put of a new value to a key that is there, in batches of 500. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgs = {"-Xmx4g", "-XX:+UseParallelGC"})
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
public class MapBenchmark {
    private static final int BATCH = 500;

    @Param({"radix", "HashMap", "TreeMap", "pcollections"})
    private String map = "";

    @Param({"1000", "100000", "1000000", "3000000"})
    private int entries;

    /** An address; a hash, or a word of storage; an address and a word. */
    @Param({"20", "32", "52"})
    private int keyBytes;

    private byte[][] probes = new byte[0][];
    private Subject subject = Subject.of("HashMap");
    private final byte[] value = new byte[12];
    private int next;
    private int putsInBatch;

    @Setup
    public void fill() {
        byte[][] keys = Subject.randomKeys(entries, keyBytes, 1);
        probes = Subject.probes(keys);
        subject = Subject.of(map);
        subject.fill(keys);
    }

    /** CPU time of the thread: on a machine shared with others it is what the wall clock would be alone. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Cpu {
        public double cpuNanosPerCall;

        private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        private long calls;
        private long begin;

        @Setup(Level.Iteration)
        public void begin() {
            calls = 0;
            begin = threads.getCurrentThreadCpuTime();
        }

        @TearDown(Level.Iteration)
        public void end() {
            cpuNanosPerCall = (double) (threads.getCurrentThreadCpuTime() - begin) / calls;
        }
    }

    private byte[] nextProbe() {
        next = next + 1 < probes.length ? next + 1 : 0;
        return probes[next];
    }

    @Benchmark
    public byte @Nullable [] get(Cpu cpu) {
        cpu.calls++;
        return subject.get(nextProbe());
    }

    @Benchmark
    public void put(Cpu cpu) {
        cpu.calls++;
        value[0]++;
        value[next & 7]++;
        subject.put(nextProbe(), value);
        if (++putsInBatch == BATCH) {
            putsInBatch = 0;
            subject.endBatch();
        }
    }
}
