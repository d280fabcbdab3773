package coco.benchmarks.kv;

import com.sun.management.GarbageCollectionNotificationInfo;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;
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
import org.openjdk.jmh.infra.Blackhole;

/** Batches of 500 transactions, each three puts and 20 kB of garbage, over a filled map; the young pauses meanwhile. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
        value = 1,
        jvmArgs = {"-Xmx4g", "-Xmn128m", "-XX:+UseParallelGC"})
@Warmup(iterations = 2, time = 5)
@Measurement(iterations = 3, time = 5)
public class PauseBenchmark {
    @Param({"radix", "HashMap", "TreeMap", "pcollections"})
    private String map = "";

    @Param({"1000", "100000", "1000000", "3000000"})
    private int entries;

    private byte[][] keys = new byte[0][];
    private Subject subject = Subject.of("HashMap");
    private final byte[] value = new byte[12];
    private final Random random = new Random(9);
    private final AtomicLong pauses = new AtomicLong();
    private final AtomicLong pauseMillis = new AtomicLong();
    private final AtomicLong longestMillis = new AtomicLong();

    /** Extra columns of the result. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Pauses {
        public double count;
        public double meanMillis;
        public double longestMillis;
    }

    @Setup
    public void fill() {
        keys = Subject.randomKeys(entries, 32, 1);
        subject = Subject.of(map);
        subject.fill(keys);
        NotificationListener listener = (notification, handback) -> {
            var info = GarbageCollectionNotificationInfo.from((CompositeData) notification.getUserData());
            if (info.getGcAction().contains("minor")) {
                long millis = info.getGcInfo().getDuration();
                pauses.incrementAndGet();
                pauseMillis.addAndGet(millis);
                longestMillis.accumulateAndGet(millis, Math::max);
            }
        };
        for (GarbageCollectorMXBean bean : ManagementFactory.getGarbageCollectorMXBeans()) {
            ((NotificationEmitter) bean).addNotificationListener(listener, null, null);
        }
    }

    @Setup(Level.Iteration)
    public void reset() {
        pauses.set(0);
        pauseMillis.set(0);
        longestMillis.set(0);
    }

    private void report(Pauses result) {
        result.count = pauses.get();
        result.meanMillis = pauses.get() == 0 ? 0 : (double) pauseMillis.get() / pauses.get();
        result.longestMillis = longestMillis.get();
    }

    @Benchmark
    public void batch(Blackhole blackhole, Pauses result) {
        for (int i = 0; i < 500; i++) {
            for (int j = 0; j < 3; j++) {
                random.nextBytes(value);
                subject.put(keys[random.nextInt(keys.length)], value);
            }
            blackhole.consume(new byte[20_000]);
        }
        subject.endBatch();
        report(result);
    }
}
