package coco.core;

import coco.consensus.PeerId;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Service time: the median of the voters' clocks. A clock belongs to its host, and hosts are hostile; the median of a
 * majority is off only if a majority of the hosts is.
 *
 * <p>What a voter said is carried forward by this node's monotonic clock, not by its wall clock, so that a host that
 * turns its clock moves one value of the median and not all of them. Of an even number the lower middle counts: time
 * that is late does less harm than time that is early, because it never goes back.
 *
 * <p>A node may make blocks only while it knows the clocks of a majority and the time that it would write lies within
 * {@link #TOLERANCE_MILLIS} of the median: else {@link #doubt} says why not. Any thread.
 */
public final class ServiceTime {
    /** How far a node's own clock, or time that cannot go back, may lie from the median: see the design's page. */
    public static final long TOLERANCE_MILLIS = 2_000;

    /** What a voter said is forgotten after this: its clock may have been turned since, or the voter be gone. */
    static final long FORGET_MILLIS = 10_000;

    /** An answer that took longer tells too little: half of its way is how wrong it may be. */
    static final long ROUND_TRIP_MILLIS_MAX = 1_000;

    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final Map<PeerId, Heard> heard = new HashMap<>();
    private Set<PeerId> others = Set.of();
    private long newest = Long.MIN_VALUE;

    /** What a voter's clock showed when this node's monotonic clock showed {@code nanos}. */
    private record Heard(long millis, long nanos) {}

    /**
     * Time from this node's own clock, until there are others to hear.
     *
     * @param clock of this node's host
     * @param nanoTime a clock that only goes forward
     */
    public ServiceTime(InstantSource clock, LongSupplier nanoTime) {
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /** From now on these are the voters beside this node; what any other said is forgotten. */
    public synchronized void voters(Set<PeerId> othersNow) {
        others = Set.copyOf(othersNow);
        heard.keySet().retainAll(others);
    }

    /**
     * Takes in what a voter's clock showed.
     *
     * @param millis since 1970
     * @param askedNanos this node's monotonic clock when it asked
     * @param answeredNanos and when it had the answer
     */
    public synchronized void heard(PeerId peer, long millis, long askedNanos, long answeredNanos) {
        long roundTrip = answeredNanos - askedNanos;
        if (others.contains(peer)
                && roundTrip >= 0
                && roundTrip <= TimeUnit.MILLISECONDS.toNanos(ROUND_TRIP_MILLIS_MAX)) {
            heard.put(peer, new Heard(millis, askedNanos + roundTrip / 2));
        }
    }

    /** Service time in milliseconds since 1970; never less than what it was before. */
    public synchronized long millis() {
        newest = Math.max(newest, median());
        return newest;
    }

    /** Whether the clocks of most voters are known, this node's own among them. */
    public synchronized boolean knowsMajority() {
        return 2 * known() > others.size() + 1;
    }

    /**
     * Why this node may make no blocks now, in words for an operator; null if it may.
     *
     * @param parentMillis the time of the block that the next one follows: no block may be earlier
     */
    public synchronized @Nullable String doubt(long parentMillis) {
        if (!knowsMajority()) {
            return "the clocks of " + known() + " of " + (others.size() + 1)
                    + " voters are known, which is no majority";
        }
        long median = median();
        long own = clock.millis() - median;
        if (Math.abs(own) > TOLERANCE_MILLIS) {
            return "this node's clock is " + own + " ms from the median of the voters' clocks, and " + TOLERANCE_MILLIS
                    + " are allowed";
        }
        long ahead = Math.max(Math.max(newest, parentMillis), median) - median;
        return ahead <= TOLERANCE_MILLIS
                ? null
                : "service time is " + ahead + " ms past the median of the voters' clocks, and " + TOLERANCE_MILLIS
                        + " are allowed";
    }

    private int known() {
        long now = nanoTime.getAsLong();
        return 1
                + (int) heard.values().stream()
                        .filter(each -> isFresh(each, now))
                        .count();
    }

    private long median() {
        long now = nanoTime.getAsLong();
        long[] clocks = new long[heard.size() + 1];
        int count = 0;
        clocks[count++] = clock.millis();
        for (Heard each : heard.values()) {
            if (isFresh(each, now)) {
                clocks[count++] = each.millis + TimeUnit.NANOSECONDS.toMillis(now - each.nanos);
            }
        }
        Arrays.sort(clocks, 0, count);
        return clocks[(count - 1) / 2];
    }

    private static boolean isFresh(Heard each, long now) {
        return now - each.nanos <= TimeUnit.MILLISECONDS.toNanos(FORGET_MILLIS);
    }
}
