package coco.ledgers.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Committed blocks of one ledger, read back from the journal. */
public interface History {
    /**
     * This ledger's block at a journal height.
     *
     * @return null if the block at that height holds none of this ledger, or the height is not applied yet
     * @throws LedgerException if the journal lacks the block; the text names the missing range
     */
    @Nullable
    LedgerBlock block(long height);

    /**
     * Where blocks and transactions with this index key are, newest first: for keys that are few, such as hashes. The
     * index keeps fingerprints: a position may be a false hit, which the caller tells by reading the block.
     */
    List<Position> find(int kind, byte[] key);

    /**
     * The same between two heights, oldest first, for keys that any number of blocks has. Costs time in proportion to
     * what is given. If there are fewer than {@code limit}, these are all; else whoever goes on after the height of the
     * last one misses nothing and gets nothing twice.
     *
     * @param fromHeight first height, inclusive
     * @param toHeight last height, inclusive
     * @param limit most positions, at least 1; more are given only where the last height has more
     */
    List<Position> find(int kind, byte[] key, long fromHeight, long toHeight, int limit);

    /**
     * A place in the journal.
     *
     * @param height journal height
     * @param ordinal as the ledger gave it in {@link IndexKey}
     */
    record Position(long height, int ordinal) {}
}
