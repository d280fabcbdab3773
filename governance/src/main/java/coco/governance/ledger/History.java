package coco.governance.ledger;

import coco.governance.GovernanceLimits;
import coco.governance.GovernanceMaps;
import coco.governance.document.DocumentException;
import coco.governance.document.Documents;
import coco.kv.Cursor;
import coco.kv.MalformedWriteSetException;
import coco.kv.Reader;
import coco.kv.Transaction;
import coco.kv.WriteSet;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * The record of what was decided: height ‖ ordinal → length ‖ framed transaction ‖ outcome. The state holds the newest
 * entries, and every recovery; all of them stand in the journal, in the public writes of the blocks that made them.
 */
public final class History {
    /** Kind of index key under which every transaction of this ledger is found, see {@link #indexKey}. */
    public static final int INDEX_KIND = 1;

    private static final byte[] INDEX_KEY = "history".getBytes(StandardCharsets.US_ASCII);
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
     * Entries that the state holds, in order.
     *
     * @param height of the first entry, inclusive
     * @param ordinal of it within its block, inclusive
     * @param limit most entries
     */
    public static List<Entry> from(Reader state, long height, int ordinal, int limit) {
        List<Entry> entries = new ArrayList<>();
        Cursor cursor = state.scan(GovernanceMaps.HISTORY, key(height, ordinal), null);
        while (entries.size() < limit && cursor.next()) {
            entries.add(entry(cursor.key(), cursor.value()));
        }
        return entries;
    }

    /** Height from which on the state holds all entries; the largest number if nobody can tell. */
    public static long kept(Reader state) {
        Cursor cursor = state.scanPrefix(GovernanceMaps.HISTORY, new byte[0]);
        while (cursor.next()) {
            if (!isForGood(cursor.value())) {
                return ByteBuffer.wrap(cursor.key()).getLong();
            }
        }
        return Long.MAX_VALUE;
    }

    /** A recovery: clients that follow the service's identity are shown who decided each, however long ago. */
    private static boolean isForGood(byte[] value) {
        return value.length > Integer.BYTES
                && Submission.of(Arrays.copyOfRange(value, Integer.BYTES, Integer.BYTES + 1)) == Submission.RECOVERY;
    }

    /**
     * Entries that a block of the journal made, in order.
     *
     * @param publicWrites of the block
     * @throws DocumentException if they are no public writes
     */
    public static List<Entry> of(byte[] publicWrites) {
        List<Entry> entries = new ArrayList<>();
        try {
            WriteSet.parsePart(publicWrites, List.of(GovernanceMaps.HISTORY)).forEach((map, key, value) -> {
                if (value != null) {
                    entries.add(entry(key, value));
                }
            });
        } catch (MalformedWriteSetException malformed) {
            throw new DocumentException("history", "not the public writes of a block");
        }
        return entries;
    }

    /** Adds the entry of a transaction, and forgets old ones where there are more than the state shall hold. */
    static void append(Transaction state, Totals totals, long height, int ordinal, byte[] value) {
        Totals.Total total = totals.of(Totals.HISTORY);
        long count = total.count() + 1;
        long bytes = total.bytes() + value.length;
        List<byte[]> over = new ArrayList<>();
        // What this block made stays: the journal's reader finds it among the block's writes.
        Cursor cursor = state.scan(GovernanceMaps.HISTORY, new byte[0], key(height, 0));
        while ((count > GovernanceLimits.HISTORY_ENTRIES || bytes > GovernanceLimits.HISTORY_BYTES)
                && over.size() < GovernanceLimits.PRUNED
                && cursor.next()) {
            if (isForGood(cursor.value())) {
                continue;
            }
            over.add(cursor.key());
            count--;
            bytes -= cursor.value().length;
        }
        over.forEach(key -> state.remove(GovernanceMaps.HISTORY, key));
        state.put(GovernanceMaps.HISTORY, key(height, ordinal), value);
        totals.add(Totals.HISTORY, count - total.count(), bytes - total.bytes());
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

    /** The one index key of that kind: where it is, this ledger recorded something. */
    public static byte[] indexKey() {
        return INDEX_KEY.clone();
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
