package coco.kv;

/**
 * What a store refuses.
 *
 * @param maxKeyBytes longest key. Nodes count path nibbles in 10 bits and the walks recurse once per nibble, so never
 *     more than 256.
 * @param maxValueBytes longest value. Nodes count value bytes in 24 bits, so never 16 MiB or more.
 * @param maxStoreBytes memory the store may take for nodes of all versions it must keep. Node ids are 32 bits of 8
 *     bytes each, so never more than 32 GiB; memory is taken 512 KiB at a time, so never less than 1 MiB.
 * @param maxWriteSetBytes longest serialised write set that {@link WriteSet#parse} takes.
 */
public record StoreLimits(int maxKeyBytes, int maxValueBytes, long maxStoreBytes, int maxWriteSetBytes) {
    /**
     * 256-byte keys (the longest in use are 64), values under 16 MiB (contract code is 24 KB; 10 MiB is the largest
     * thing anyone stores whole), all the memory that node ids can address (the heap is the real limit), write sets of
     * 64 MiB (eight times the largest block).
     */
    public static final StoreLimits DEFAULT = new StoreLimits(256, (1 << 24) - 1, 1L << 35, 64 << 20);

    /** The same limits, with this much memory for nodes. */
    public StoreLimits withStoreBytes(long bytes) {
        return new StoreLimits(maxKeyBytes, maxValueBytes, bytes, maxWriteSetBytes);
    }

    public StoreLimits {
        if (maxKeyBytes < 1 || maxKeyBytes > 256) {
            throw new IllegalArgumentException("maxKeyBytes must be 1..256");
        }
        if (maxValueBytes < 0 || maxValueBytes >= 1 << 24) {
            throw new IllegalArgumentException("maxValueBytes must be 0..2^24-1");
        }
        if (maxStoreBytes < 1 << 20 || maxStoreBytes > 1L << 35) {
            throw new IllegalArgumentException("maxStoreBytes must be 2^20..2^35");
        }
        if (maxWriteSetBytes < 2) {
            throw new IllegalArgumentException("maxWriteSetBytes must be at least 2");
        }
    }
}
