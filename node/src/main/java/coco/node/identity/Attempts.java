package coco.node.identity;

import coco.node.http.RateLimiter;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.function.LongSupplier;

/** How often clients may try to be known: each address, and all together. Any thread. */
final class Attempts {
    private static final SocketAddress EVERYBODY = InetSocketAddress.createUnresolved("everybody", 0);

    private final RateLimiter each;
    private final RateLimiter all;

    Attempts(LongSupplier nanoTime) {
        this.each = new RateLimiter(IdentityLimits.PER_ADDRESS, nanoTime);
        this.all = new RateLimiter(IdentityLimits.IN_TOTAL, nanoTime);
    }

    /** Counts one; false if there were too many. */
    boolean take(SocketAddress from) {
        return each.of(from).take(1) && all.of(EVERYBODY).take(1);
    }
}
