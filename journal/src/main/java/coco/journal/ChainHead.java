package coco.journal;

/**
 * Where the chain of headers stands: what the next block must build on. An immutable value, so that speculation keeps
 * one for each block in flight and drops back to any of them.
 *
 * @param height of the newest block; -1 before genesis
 * @param hash of its header, 32 bytes; zeros before genesis
 * @param timestampSeconds of its header
 * @param term of its header
 * @param generation of its header
 * @param log frontier over the hashes of all headers up to and including this one
 */
public record ChainHead(long height, byte[] hash, long timestampSeconds, long term, int generation, LogFrontier log) {
    /** Before genesis. */
    public static final ChainHead NONE = new ChainHead(-1, new byte[32], 0, 0, 0, LogFrontier.EMPTY);

    /** The head after this block, which the caller has checked. */
    public ChainHead next(SealedBlock block) {
        return next(block.header(), block.headerHash());
    }

    ChainHead next(BlockHeader header, byte[] headerHash) {
        Invariant.check(header.height() == height + 1, "chain head " + height + " cannot move to " + header.height());
        return new ChainHead(
                header.height(),
                headerHash,
                header.timestampSeconds(),
                header.term(),
                header.generation(),
                log.append(headerHash));
    }
}
