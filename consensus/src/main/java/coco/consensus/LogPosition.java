package coco.consensus;

/**
 * A place in the Raft log.
 *
 * @param term the term in which the entry was appended, from 0
 * @param index the entry's index, from 0; -1 before the first entry
 */
public record LogPosition(long term, long index) implements Comparable<LogPosition> {
    /** Before the first entry: nothing is durable. */
    public static final LogPosition NONE = new LogPosition(0, -1);

    public LogPosition {
        if (term < 0 || index < -1) {
            throw new IllegalArgumentException("No such log position: term " + term + ", index " + index);
        }
    }

    /** By index: two entries of one log never share it. */
    @Override
    public int compareTo(LogPosition other) {
        return Long.compare(index, other.index);
    }
}
