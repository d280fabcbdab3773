package coco.core;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * When each ledger last had a block, and whether it is time for an empty one. Followers keep count too, so that a new
 * leader goes on where the last one was. Core thread only.
 */
final class Heartbeats {
    private final long intervalNanos;
    private final Map<String, Long> lastNanos = new HashMap<>();

    /** @param intervalMillis 0 for never */
    Heartbeats(Collection<String> ledgers, long intervalMillis, long nowNanos) {
        this.intervalNanos = TimeUnit.MILLISECONDS.toNanos(intervalMillis);
        ledgers.forEach(ledger -> had(ledger, nowNanos));
    }

    /** The ledger had a block, or was asked for one and had none. */
    void had(String ledger, long nowNanos) {
        lastNanos.put(ledger, nowNanos);
    }

    /** These ledgers had a block. */
    void had(Collection<String> ledgers, long nowNanos) {
        ledgers.forEach(ledger -> had(ledger, nowNanos));
    }

    /** Whether this ledger has had no block for the interval. */
    boolean isDue(String ledger, long nowNanos) {
        return intervalNanos > 0 && nowNanos - lastNanos.getOrDefault(ledger, nowNanos) >= intervalNanos;
    }

    /** Whether any ledger has had no block for the interval. */
    boolean isAnyDue(long nowNanos) {
        if (intervalNanos > 0) {
            for (long last : lastNanos.values()) {
                if (nowNanos - last >= intervalNanos) {
                    return true;
                }
            }
        }
        return false;
    }
}
