package coco.governance.ledger;

import coco.governance.GovernanceMaps;
import coco.governance.document.DocumentException;
import coco.governance.document.Documents;
import coco.kv.Cursor;
import coco.kv.Reader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Reads the record of all that was ever decided: height ‖ ordinal → length ‖ framed transaction ‖ outcome. */
public final class History {
    private static final int KEY_BYTES = Long.BYTES + Integer.BYTES;

    private History() {}

    /**
     * One transaction.
     *
     * @param framed its payload: a byte for its kind, then a COSE_Sign1 message, a request to join, or nothing
     * @param outcome what became of it: signer, message, events, and what was taken from outside the state
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Entry(long height, int ordinal, byte[] framed, JsonNode outcome) {
        /** Whether a member signed it. */
        public boolean isSigned() {
            return Submission.of(framed) == Submission.SIGNED;
        }

        /** The COSE_Sign1 message, the request, or nothing. */
        public byte[] content() {
            return Submission.content(framed);
        }
    }

    /**
     * Entries in order.
     *
     * @param fromHeight first height, inclusive
     * @param limit most entries
     */
    public static List<Entry> from(Reader state, long fromHeight, int limit) {
        List<Entry> entries = new ArrayList<>();
        Cursor cursor = state.scan(GovernanceMaps.HISTORY, key(fromHeight, 0), null);
        while (entries.size() < limit && cursor.next()) {
            entries.add(entry(cursor.key(), cursor.value()));
        }
        return entries;
    }

    /** Entries of one block. */
    public static List<Entry> at(Reader state, long height) {
        List<Entry> entries = new ArrayList<>();
        Cursor cursor = state.scan(GovernanceMaps.HISTORY, key(height, 0), key(height + 1, 0));
        while (cursor.next()) {
            entries.add(entry(cursor.key(), cursor.value()));
        }
        return entries;
    }

    static byte[] key(long height, int ordinal) {
        return ByteBuffer.allocate(KEY_BYTES).putLong(height).putInt(ordinal).array();
    }

    static byte[] dueKey(long height, byte[] id) {
        return ByteBuffer.allocate(Long.BYTES + id.length)
                .putLong(height)
                .put(id)
                .array();
    }

    static byte[] value(byte[] framed, byte[] outcome) {
        return ByteBuffer.allocate(Integer.BYTES + framed.length + outcome.length)
                .putInt(framed.length)
                .put(framed)
                .put(outcome)
                .array();
    }

    /** @throws DocumentException if the bytes are no entry */
    static Entry entry(byte[] key, byte[] value) {
        ByteBuffer at = ByteBuffer.wrap(key);
        int length = value.length < Integer.BYTES ? -1 : ByteBuffer.wrap(value).getInt();
        if (key.length != KEY_BYTES || length < 0 || length > value.length - Integer.BYTES) {
            throw new DocumentException("history", "not an entry");
        }
        int end = Integer.BYTES + length;
        return new Entry(
                at.getLong(),
                at.getInt(),
                Arrays.copyOfRange(value, Integer.BYTES, end),
                Documents.json(Arrays.copyOfRange(value, end, value.length), "history"));
    }
}
