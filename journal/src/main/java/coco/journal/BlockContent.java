package coco.journal;

import java.util.List;

/**
 * The private part of a block, in clear. The header shows only whole seconds of the time.
 *
 * @param timestampMillis service time, milliseconds since 1970
 * @param sections one for each ledger with something in this block, in the order of execution
 */
public record BlockContent(long timestampMillis, List<Section> sections) {
    /** Copies the list. */
    public BlockContent {
        if (timestampMillis < 0) {
            throw new IllegalArgumentException("time before 1970: " + timestampMillis);
        }
        sections = List.copyOf(sections);
    }

    /** Number of transactions in all sections. A transaction's ordinal counts through all sections in order. */
    public int entryCount() {
        int count = 0;
        for (Section section : sections) {
            count += section.entries().size();
        }
        return count;
    }

    /** The transaction with this ordinal. */
    public Entry entry(int ordinal) {
        int rest = ordinal;
        for (Section section : sections) {
            if (rest < section.entries().size()) {
                return section.entries().get(rest);
            }
            rest -= section.entries().size();
        }
        throw new IndexOutOfBoundsException("ordinal " + ordinal + " of " + entryCount());
    }
}
