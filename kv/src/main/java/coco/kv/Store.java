package coco.kv;

import java.util.List;

/** The maps, in all their versions. One writer thread. */
@SuppressWarnings("DoNotCallSuggester")
public final class Store {
    public Store(List<MapSpec> maps, StoreLimits limits) {}

    /** The newest version, without a lease for the caller: for the writer thread. */
    public Version head() {
        throw new UnsupportedOperationException();
    }

    /** The newest version with a lease for the caller, who closes it. Any thread. */
    public Version leaseHead() {
        throw new UnsupportedOperationException();
    }

    /** Begins the version after {@code base}, which must be the head; one draft at a time. */
    public Draft draft(Version base) {
        throw new UnsupportedOperationException();
    }

    /** Drops every version later than {@code version}, which must be leased; it becomes the head. */
    public void rollBackTo(Version version) {
        throw new UnsupportedOperationException();
    }

    public StoreStatistics statistics() {
        throw new UnsupportedOperationException();
    }
}
