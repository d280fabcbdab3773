package coco.journal;

/** What came of reading one height. */
public sealed interface ReadResult {
    /** The entry, its checksum verified. */
    record Found(JournalEntry entry) implements ReadResult {}

    /**
     * The entry should be here and is not: its chunk is damaged or missing, and has to come from another node.
     *
     * @param firstHeight of the range that is missing
     * @param lastHeight of the range that is missing, inclusive
     * @param words why, for people
     */
    record Missing(long firstHeight, long lastHeight, String words) implements ReadResult {}

    /** Above the newest entry, or below the first height that this journal keeps. */
    record OutOfRange() implements ReadResult {}
}
