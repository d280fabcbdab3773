package coco.core;

import coco.kv.StoreStatistics;
import coco.kv.Version;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The committed states of recent blocks, the newest included. Keeping one costs what later blocks replaced of it, so
 * the oldest go when there are too many, when they cost too much, or when the state itself needs the room. The core
 * thread keeps, any thread leases.
 */
public final class StateHistory {
    private final CoreLimits limits;
    /** By height, without gaps. */
    private final ConcurrentHashMap<Long, Version> kept = new ConcurrentHashMap<>();

    private volatile int count;
    /** What the versions after the oldest replaced. */
    private volatile long bytes;

    StateHistory(CoreLimits limits) {
        this.limits = limits;
    }

    /**
     * Keeps the state after the block at the height after the last one's, with a lease of its own, and lets old ones
     * go.
     *
     * @param store what the store holds, this version included
     */
    void keep(long height, Version version, StoreStatistics store) {
        int keptNow = count + 1;
        long bytesNow = bytes + (kept.isEmpty() ? 0 : version.supersededBytes());
        kept.put(height, version.lease());
        long most = Math.min(limits.stateBytes(), room(store));
        while (keptNow > 1 && (keptNow > limits.stateBlocks() || bytesNow > most)) {
            present(kept.remove(height - keptNow + 1)).close();
            keptNow--;
            bytesNow -= present(kept.get(height - keptNow + 1)).supersededBytes();
        }
        count = keptNow;
        bytes = bytesNow;
    }

    private static Version present(@Nullable Version version) {
        return Invariant.present(version, "states are kept without gaps");
    }

    /** What of the store may be old states: the newest one and what replaces it come first. */
    private static long room(StoreStatistics store) {
        long newest = store.liveBytes() - store.waitingBytes();
        return Math.max(0, store.maxBytes() - store.maxBytes() / CoreLimits.HISTORY_FREE_PART - newest);
    }

    /**
     * The state after the block at a height, with a lease that the caller closes; null if it is not kept. Any thread.
     */
    @Nullable
    Version lease(long height) {
        Version version = kept.get(height);
        return version == null ? null : version.tryLease();
    }

    /** Of how many blocks the state is kept. Any thread. */
    public int count() {
        return count;
    }

    /** Memory that keeping all but the newest costs. Any thread. */
    public long bytes() {
        return bytes;
    }
}
