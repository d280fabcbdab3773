package coco.journal;

/**
 * Every bound of this module, each with its reason.
 *
 * @param chunkBytes a chunk is closed before it would grow past this. 64 MB: big enough that a chunk is minutes of full
 *     load, small enough to fetch from a peer or to hash in well under a second. Must be equal on all nodes, or their
 *     chunk files differ.
 * @param allocateBytes the open chunk grows by this many zeros at a time, so that a force need not write file metadata.
 *     4 MB: one force interval of full load.
 * @param blockBytes the largest sealed block. 256 MB: genesis may hold a million accounts, and comes by no log; what is
 *     replicated is bounded far lower by core and by the limit of one Raft entry.
 * @param sections the most ledgers in one block. 64: a block carries at most one block of each ledger.
 * @param entries the most transactions in one block. 65,536: 65 times the largest batch setting.
 * @param findings how many findings a verifier report lists; the rest are counted. 1,000: what a person can act on.
 * @param forceBytes the owner forces when so many bytes are unforced. 4 MB.
 * @param forceMillis the owner forces after so many milliseconds at the latest. 100.
 * @param indexMemoryEntries the history index sets aside what it holds in memory when it is so many entries, if no
 *     chunk was closed before. 2,000,000: some 50 MB, about twice what the keys of one chunk come to; it holds at most
 *     twice that, when writing runs is slower than adding.
 * @param indexCachePages how many decrypted index pages of 4 kB are kept. 512: 2 MB, the upper levels of many searches.
 * @param openChunks how many closed chunks are kept open for reading. 16: a scan touches one, a busy node a few.
 */
public record JournalLimits(
        int chunkBytes,
        int allocateBytes,
        int blockBytes,
        int sections,
        int entries,
        int findings,
        int forceBytes,
        int forceMillis,
        int indexMemoryEntries,
        int indexCachePages,
        int openChunks) {

    /** What a node runs with. */
    public static final JournalLimits DEFAULT =
            new JournalLimits(64 << 20, 4 << 20, 1 << 28, 64, 65_536, 1_000, 4 << 20, 100, 2_000_000, 512, 16);

    /** Checks that the limits fit each other. */
    public JournalLimits {
        if (chunkBytes < 256 || allocateBytes < 1 || blockBytes < 1 || sections < 1 || entries < 1 || openChunks < 1) {
            throw new IllegalArgumentException("journal limits must be positive");
        }
        if (blockBytes > 1 << 28 || chunkBytes > 1 << 30) {
            throw new IllegalArgumentException(
                    "offsets in a chunk are 32 bits: blocks and chunks must stay far below 2 GB");
        }
    }

    /** The same limits with another bound on blocks. */
    public JournalLimits withBlockBytes(int bytes) {
        return new JournalLimits(
                chunkBytes,
                allocateBytes,
                bytes,
                sections,
                entries,
                findings,
                forceBytes,
                forceMillis,
                indexMemoryEntries,
                indexCachePages,
                openChunks);
    }

    /** The same limits with another size of the index in memory, which tests use to write runs often. */
    public JournalLimits withIndexMemoryEntries(int entries) {
        return new JournalLimits(
                chunkBytes,
                allocateBytes,
                blockBytes,
                sections,
                this.entries,
                findings,
                forceBytes,
                forceMillis,
                entries,
                indexCachePages,
                openChunks);
    }

    /** The same limits with another chunk size, which tests use to close chunks often. */
    public JournalLimits withChunkBytes(int bytes) {
        return new JournalLimits(
                bytes,
                Math.min(allocateBytes, bytes),
                blockBytes,
                sections,
                entries,
                findings,
                forceBytes,
                forceMillis,
                indexMemoryEntries,
                indexCachePages,
                openChunks);
    }
}
