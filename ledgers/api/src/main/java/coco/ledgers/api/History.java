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
     * Where blocks and transactions with this index key are, newest first. The index keeps fingerprints: a position may
     * be a false hit, which the caller tells by reading the block.
     */
    List<Position> find(int kind, byte[] key);

    /**
     * The same between two heights, oldest first, and no more than asked for: to read on, begin after the height of the
     * last one.
     *
     * @param fromHeight first height, inclusive
     * @param toHeight last height, inclusive
     * @param limit most positions; more are given only where the last height has more
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
