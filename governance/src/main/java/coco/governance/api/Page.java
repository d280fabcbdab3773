package coco.governance.api;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One answer's share of a list that may be long. An entry may have half a megabyte, so that a count alone bounds
 * nothing: the share ends with the entry that passes a mark.
 */
final class Page {
    /** Entries of one answer, at some kilobytes each. */
    static final int ENTRIES = 500;

    /** What a listener bears in one answer, and a client in one go. */
    static final int BYTES = 4 << 20;

    private final ArrayNode list;
    private final int entries;
    private long bytes;
    private @Nullable String last;

    /**
     * An empty list in an answer.
     *
     * @param entries most of them
     */
    Page(ObjectNode answer, String name, int entries) {
        this.list = answer.putArray(name);
        this.entries = entries;
    }

    boolean isFull() {
        return list.size() >= entries || bytes >= BYTES;
    }

    /**
     * Adds an entry.
     *
     * @param place by which its successor is asked for
     */
    void add(JsonNode entry, String place) {
        list.add(entry);
        bytes += entry.toString().getBytes(StandardCharsets.UTF_8).length;
        last = place;
    }

    /** Says in the answer how to go on; null where this was all. */
    void end(ObjectNode answer, boolean isAll) {
        answer.put("next", isAll ? null : last);
    }
}
