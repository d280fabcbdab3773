package coco.kv;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * An immutable state of all maps. Any thread may read it while a lease is held, and must not afterwards: its memory is
 * used again. Reading without a lease is refused where it is noticed, with {@link IllegalStateException}.
 */
public final class Version extends Roots implements AutoCloseable {
    private final long number;
    private final AtomicInteger leases = new AtomicInteger(1);
    /** What this version replaced; the writer thread's. */
    private HandleList superseded;

    private final long supersededBytes;

    Version(
            Arena arena,
            Maps maps,
            long number,
            int[] roots,
            long[] sizes,
            AtomicReferenceArray<byte @Nullable []> digests,
            HandleList superseded) {
        super(arena, maps, roots, sizes, digests);
        this.number = number;
        this.superseded = superseded;
        this.supersededBytes = superseded.longs() << 3;
    }

    /** Takes one more lease, from any thread; {@link IllegalStateException} if none is held. Returns this version. */
    public Version lease() {
        Invariant.check(tryLease() != null, "the version is not leased any more");
        return this;
    }

    /** As {@link #lease} but null if no lease is held any more. */
    public @Nullable Version tryLease() {
        int held = leases.get();
        while (held > 0) {
            if (leases.compareAndSet(held, held + 1)) {
                return this;
            }
            held = leases.get();
        }
        return null;
    }

    /** Gives one lease back, from any thread. */
    @Override
    public void close() {
        Invariant.check(leases.decrementAndGet() >= 0, "the version is closed more often than it was leased");
    }

    /** Grows with every version made; numbers of dropped versions are not used again. */
    public long number() {
        return number;
    }

    /**
     * Bytes of what this version replaced of the one before: what keeping that one costs for as long as this one and
     * all between are wanted too.
     */
    public long supersededBytes() {
        return supersededBytes;
    }

    /** Once false it stays false. */
    boolean isHeld() {
        return leases.get() > 0;
    }

    HandleList superseded() {
        return superseded;
    }

    HandleList takeSuperseded() {
        HandleList taken = superseded;
        superseded = new HandleList();
        return taken;
    }

    @Override
    void checkReadable() {
        Invariant.check(leases.get() > 0, "the version is read without a lease");
    }

    @Override
    long changes() {
        return 0;
    }
}
