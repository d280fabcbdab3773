package coco.node.channel;

import coco.journal.JournalEntry;
import java.util.List;

/**
 * Consecutive entries of a node's journal.
 *
 * @param lastHeight of the newest block that the sender has on disk
 * @param entries may be empty: the sender has none from the height asked for
 */
public record JournalRange(long lastHeight, List<JournalEntry> entries) {
    public JournalRange {
        entries = List.copyOf(entries);
    }
}
