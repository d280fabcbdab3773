package coco.core;

import coco.ledgers.api.History;
import java.util.List;

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

    /** Places with this key up to this height, newest first; some may be false hits. */
    List<History.Position> find(int kind, byte[] key, long maxHeight);

    /** Places with this key between two heights, oldest first, at most so many; some may be false hits. */
    List<History.Position> find(int kind, byte[] key, long fromHeight, long toHeight, int limit);
}
