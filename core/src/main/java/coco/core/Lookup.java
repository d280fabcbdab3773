package coco.core;

import coco.ledgers.api.History;
import java.util.List;

/**
 * Finds committed blocks again by what ledgers indexed them under. The core thread adds, any thread finds. What it holds may
 * be lost and made again from the journal.
 */
public interface Lookup {
    /** Takes a key in. Heights never go down. */
    void add(int kind, byte[] key, long height, int ordinal);

    /** All places with this key, newest first; some may be false hits. */
    List<History.Position> find(int kind, byte[] key);

    /** The highest height whose keys survived the last stop; replay adds those above it. -1: none. */
    long coveredHeight();
}
