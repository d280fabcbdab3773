package coco.journal;

import java.util.List;

/** What came of asking the history index. */
public sealed interface IndexLookup {
    /**
     * Where the key may occur, in order. A fingerprint may belong to two keys, so each is to be checked in the block
     * itself; nothing that is covered is left out.
     *
     * @param positions candidates, lowest first; all of each height
     * @param isComplete whether these are all; if not, go on after the height of the last
     */
    record Candidates(List<Position> positions, boolean isComplete) implements IndexLookup {
        /** Copies the list. */
        public Candidates {
            positions = List.copyOf(positions);
        }
    }

    /** The index is damaged and must be rebuilt from the journal. */
    record Unavailable(String words) implements IndexLookup {}

    /**
     * A place in the journal.
     *
     * @param height of the block
     * @param ordinal within the block, as the caller of {@link HistoryIndex#add} counts
     */
    record Position(long height, int ordinal) {}
}
