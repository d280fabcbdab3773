package coco.client.load;

/**
 * Counts of durations in buckets whose width grows with the value: exact to 1/128 (0.8 %), whatever the size, in
 * constant memory. Not thread-safe; one per thread, then {@link #add}.
 */
public final class LatencyHistogram {
    /** Bits of a value that are kept; the first is always set, so there are 128 buckets per power of two. */
    private static final int SUB_BITS = 8;

    private static final int SUB_BUCKETS = 1 << SUB_BITS;
    /** The largest value told apart, about 73 minutes; longer ones count as this. */
    private static final long MICROS_MAX = (1L << 32) - 1;

    private final long[] counts = new long[bucket(MICROS_MAX) + 1];
    private long count;
    private long sumMicros;
    private long maxMicros;

    /** Counts one duration, so many times. */
    public void record(long micros, int times) {
        long value = Math.clamp(micros, 0, MICROS_MAX);
        counts[bucket(value)] += times;
        count += times;
        sumMicros += value * times;
        maxMicros = Math.max(maxMicros, value);
    }

    /** Counts everything that another histogram has counted. */
    public void add(LatencyHistogram other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
        count += other.count;
        sumMicros += other.sumMicros;
        maxMicros = Math.max(maxMicros, other.maxMicros);
    }

    /** How many durations were counted. */
    public long count() {
        return count;
    }

    /** The longest, in microseconds; 0 if there was none. */
    public long maxMicros() {
        return maxMicros;
    }

    /** The mean, in microseconds; 0 if there was none. */
    public double meanMicros() {
        return count == 0 ? 0 : (double) sumMicros / count;
    }

    /**
     * The duration that the given share of all durations does not exceed, in microseconds: the upper end of its bucket,
     * so never less than the truth. 0 if nothing was counted.
     *
     * @param percent above 0, up to 100
     */
    public long percentileMicros(double percent) {
        long rank = Math.max(1, (long) Math.ceil(count * percent / 100));
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= rank) {
                return Math.min(upperEnd(i), maxMicros);
            }
        }
        return maxMicros;
    }

    /** Values below 256 have a bucket each; above, each power of two is cut into 128. */
    private static int bucket(long micros) {
        int magnitude = Long.SIZE - Long.numberOfLeadingZeros(micros | (SUB_BUCKETS - 1)) - SUB_BITS;
        return (magnitude << (SUB_BITS - 1)) + (int) (micros >>> magnitude);
    }

    private static long upperEnd(int bucket) {
        int magnitude = Math.max(0, (bucket >>> (SUB_BITS - 1)) - 1);
        long mantissa = bucket - ((long) magnitude << (SUB_BITS - 1));
        return ((mantissa + 1) << magnitude) - 1;
    }
}
