package coco.core;

import coco.ledgers.api.History;
import java.util.List;
import java.util.function.LongFunction;

/**
 * Finds committed blocks again by what ledgers indexed them under. The core thread adds, any thread finds. What it
 * holds may be lost and is made again from the journal.
 */
public interface Lookup {
    /** Whether all keys of the block at this height are in already. */
    boolean covers(long height);

    /** Takes a key of the next block in. */
    void add(int kind, byte[] key, long height, int ordinal);

    /**
     * All keys of this block are in.
     *
     * @return whether {@link #maintain} has something to do
     */
    boolean endBlock(long height);

    /** A chunk of the journal is closed: what is in memory is to go to disk. Any thread. */
    void endChunk();

    /**
     * Does a part of the work that is too long for the core thread: writing to disk and putting in order what is there.
     * One thread at a time.
     *
     * @return whether there may be more
     */
    boolean maintain();

    /** Whether something waits to be written. Any thread. */
    boolean isDue();

    /** Whether some of it cannot be read any more, or its beginning is missing: it is to be repaired. Any thread. */
    boolean damaged();

    /**
     * Makes again what is damaged or missing, from committed blocks. In turn with {@link #maintain}.
     *
     * @param keysAt all keys of the block at a height, in order of ordinal
     */
    void repair(LongFunction<List<Key>> keysAt);

    /** One key of a block, as {@link #add} takes it. */
    record Key(int kind, byte[] key, int ordinal) {}

    /** Places with this key up to this height, newest first; some may be false hits. */
    List<History.Position> find(int kind, byte[] key, long maxHeight);

    /** Places with this key between two heights, oldest first, at most so many; some may be false hits. */
    List<History.Position> find(int kind, byte[] key, long fromHeight, long toHeight, int limit);
}
