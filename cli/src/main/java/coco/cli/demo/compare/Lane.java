package coco.cli.demo.compare;

import coco.client.load.LatencyHistogram;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What was measured of one network: of each transaction when it was meant to be sent and when it was seen to be done,
 * of each block when it came and what it held. Times are of one monotonic clock. Safe for any number of threads.
 */
final class Lane {
    /** Not yet. */
    static final long NEVER = Long.MIN_VALUE;

    private final int count;
    private final long[] sentNanos;
    private final long[] doneNanos;
    private final long[] blockOf;
    private final @Nullable String[] refusals;
    private int sent;
    private int done;
    private int refused;
    private int blocks;
    private long lastDoneNanos = NEVER;
    private long firstSentNanos = NEVER;
    private final RateCurve curve;
    private final LatencyHistogram latency = new LatencyHistogram();
    private final long[] bins = new long[LatencyBins.count()];

    /**
     * Nothing has been sent.
     *
     * @param count how many transactions there are
     * @param windowNanos over which a rate is taken: long enough for a few blocks of the network
     */
    Lane(int count, long windowNanos) {
        this.count = count;
        this.sentNanos = new long[count];
        this.doneNanos = new long[count];
        this.blockOf = new long[count];
        this.refusals = new String[count];
        Arrays.fill(sentNanos, NEVER);
        Arrays.fill(doneNanos, NEVER);
        Arrays.fill(blockOf, -1);
        this.curve = new RateCurve(windowNanos);
    }

    /** A transaction was meant to leave at this time, and has been taken by the network. */
    synchronized void sent(int transaction, long meantNanos) {
        if (firstSentNanos == NEVER) {
            firstSentNanos = meantNanos;
        }
        sentNanos[transaction] = meantNanos;
        sent++;
    }

    /** The network refused a transaction. */
    synchronized void refused(int transaction, String why) {
        refusals[transaction] = why;
        refused++;
        notifyAll();
    }

    /**
     * A block came.
     *
     * @param transactions which of ours are in it
     * @param seenNanos when it was seen, on all nodes where there are several
     */
    synchronized void block(long number, List<Integer> transactions, long seenNanos) {
        if (transactions.isEmpty()) {
            return;
        }
        blocks++;
        int fresh = 0;
        for (int transaction : transactions) {
            if (doneNanos[transaction] == NEVER) {
                doneNanos[transaction] = seenNanos;
                blockOf[transaction] = number;
                fresh++;
                long took = seenNanos - sentNanos[transaction];
                if (sentNanos[transaction] != NEVER) {
                    latency.record(took / 1_000, 1);
                    bins[LatencyBins.of(took / 1_000)]++;
                }
            }
        }
        done += fresh;
        lastDoneNanos = Math.max(lastDoneNanos, seenNanos);
        curve.add(seenNanos - firstSentNanos, fresh);
        notifyAll();
    }

    /** How many are on their way. */
    synchronized int outstanding() {
        return sent - done - refused;
    }

    /** How many are done or were refused. */
    synchronized int settled() {
        return done + refused;
    }

    /** Whether this one is done or was refused. */
    synchronized boolean isSettled(int transaction) {
        return doneNanos[transaction] != NEVER || refusals[transaction] != null;
    }

    /** How many are done. */
    synchronized int done() {
        return done;
    }

    /** Those that are on their way. */
    synchronized List<Integer> pending() {
        List<Integer> pending = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (sentNanos[i] != NEVER && doneNanos[i] == NEVER && refusals[i] == null) {
                pending.add(i);
            }
        }
        return pending;
    }

    /** Waits until at most so many are on their way, or the time is over. */
    synchronized void awaitOutstanding(int most, long millis) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        long left = millis;
        while (sent - done - refused > most && left > 0) {
            wait(left);
            left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        }
    }

    /** Whether every transaction is done or was refused. */
    synchronized boolean isComplete() {
        return done + refused >= count;
    }

    synchronized Figures figures() {
        double seconds = lastDoneNanos == NEVER ? 0 : (lastDoneNanos - firstSentNanos) / 1e9;
        return new Figures(
                count,
                sent,
                done,
                refused,
                blocks,
                seconds,
                seconds > 0 ? done / seconds : 0,
                latency.percentileMicros(50) / 1e3,
                latency.percentileMicros(95) / 1e3,
                latency.percentileMicros(99) / 1e3,
                latency.maxMicros() / 1e3,
                curve.points(),
                bins.clone());
    }

    /** When it was meant to leave, in nanoseconds of the clock; {@link #NEVER} if it was not sent. */
    synchronized long sentNanos(int transaction) {
        return sentNanos[transaction];
    }

    /** When it was done; {@link #NEVER} if it was not. */
    synchronized long doneNanos(int transaction) {
        return doneNanos[transaction];
    }

    /** The number of its block; -1 for none. */
    synchronized long block(int transaction) {
        return blockOf[transaction];
    }

    /** Why it was refused; null if it was not. */
    synchronized @Nullable String refusal(int transaction) {
        return refusals[transaction];
    }

    /** When the first one was meant to leave; {@link #NEVER} before that. */
    synchronized long firstSentNanos() {
        return firstSentNanos;
    }

    /**
     * What is shown.
     *
     * @param seconds from the first transaction sent to the last one done
     * @param perSecond done in that time
     * @param curve points of throughput over time
     * @param bins how many transactions took how long
     */
    @SuppressWarnings("ArrayRecordComponent") // Read once, never compared.
    record Figures(
            int count,
            int sent,
            int done,
            int refused,
            int blocks,
            double seconds,
            double perSecond,
            double p50Millis,
            double p95Millis,
            double p99Millis,
            double maxMillis,
            List<RateCurve.Point> curve,
            long[] bins) {}
}
