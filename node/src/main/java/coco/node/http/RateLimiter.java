package coco.node.http;

import coco.ledgers.api.Quota;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Calls by client address; of IPv6 by network of 64 bits, which one subscriber has whole. Headers that claim an address
 * are not read. Any thread.
 */
public final class RateLimiter {
    /** Addresses that are remembered; those whose bucket is full again are forgotten first. */
    private static final int ADDRESSES_MAX = 16_384;

    private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int NETWORK_BYTES = 8;
    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

    private final RateLimit limit;
    private final LongSupplier nanoTime;
    private final ConcurrentMap<String, Bucket> buckets = new ConcurrentHashMap<>();
    /** Of all addresses that find no room among the others. */
    private final Bucket rest;
    /** When full buckets are looked for next: looking for each request would be work for nothing. */
    private final AtomicLong nextSweep;

    /** Nothing is taken yet. */
    public RateLimiter(RateLimit limit, LongSupplier nanoTime) {
        this.limit = limit;
        this.nanoTime = nanoTime;
        this.rest = new Bucket();
        this.nextSweep = new AtomicLong(nanoTime.getAsLong());
    }

    /** The bucket of whoever calls from there. */
    public Quota of(SocketAddress from) {
        if (limit.perSecond() == 0) {
            return Quota.UNLIMITED;
        }
        String name = name(from);
        Bucket known = buckets.get(name);
        if (known != null) {
            return known;
        }
        if (buckets.size() >= ADDRESSES_MAX && isTimeToSweep()) {
            buckets.values().removeIf(Bucket::isFull);
        }
        return buckets.size() >= ADDRESSES_MAX ? rest : buckets.computeIfAbsent(name, each -> new Bucket());
    }

    private boolean isTimeToSweep() {
        long now = nanoTime.getAsLong();
        long next = nextSweep.get();
        return now - next >= 0 && nextSweep.compareAndSet(next, now + SWEEP_NANOS);
    }

    private static String name(SocketAddress from) {
        InetAddress address = from instanceof InetSocketAddress internet ? internet.getAddress() : null;
        if (address == null) {
            return "";
        }
        byte[] bytes = address.getAddress();
        return HexFormat.of().formatHex(address instanceof Inet6Address ? Arrays.copyOf(bytes, NETWORK_BYTES) : bytes);
    }

    private final class Bucket implements Quota {
        private double tokens = limit.burst();
        private long filledNanos = nanoTime.getAsLong();

        private void fill() {
            long now = nanoTime.getAsLong();
            tokens = Math.min(limit.burst(), tokens + (now - filledNanos) / NANOS * limit.perSecond());
            filledNanos = now;
        }

        @Override
        public synchronized boolean take(int calls) {
            fill();
            if (tokens < calls) {
                return false;
            }
            tokens -= calls;
            return true;
        }

        synchronized boolean isFull() {
            fill();
            return tokens >= limit.burst();
        }
    }
}
