package coco.journal;

/** Bounds of snapshots, each with its reason. Part of the format: all nodes must cut chunks alike. */
public final class SnapshotLimits {
    /**
     * Where a chunk ends. 256 KiB: some 3,000 accounts, read, encrypted and forced in a few milliseconds, after which
     * others have their turn. Four times as much made commits wait that came to the disk meanwhile.
     */
    public static final int CHUNK_BYTES = 1 << 18;

    /** The largest chunk: one node whose value is as long as values may be (16 MiB), and what stands around it. */
    public static final int CHUNK_BYTES_MAX = (16 << 20) + (64 << 10);

    /** Most chunks: 32 GiB of nodes, which is what a store can hold. */
    public static final int CHUNKS = 1 << 17;

    private SnapshotLimits() {}
}
