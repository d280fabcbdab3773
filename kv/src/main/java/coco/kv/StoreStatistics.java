package coco.kv;

/**
 * What a store holds.
 *
 * @param liveBlocks nodes and long values in use, of all versions that are kept, those waiting to be freed included
 * @param liveBytes bytes of those
 * @param waitingBlocks those that only older versions, or none, can reach: superseded, waiting until leases end
 * @param waitingBytes bytes of those
 * @param slabBytes bytes of the arrays they lie in
 * @param maxBytes most bytes that the store may take; see {@link StoreLimits#maxStoreBytes}
 * @param versions versions that are kept
 */
public record StoreStatistics(
        long liveBlocks,
        long liveBytes,
        long waitingBlocks,
        long waitingBytes,
        long slabBytes,
        long maxBytes,
        int versions) {}
