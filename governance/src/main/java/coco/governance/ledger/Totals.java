package coco.governance.ledger;

import coco.governance.GovernanceMaps;
import coco.kv.Transaction;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** How much of something the state holds, so that a bound costs no count. Kept in the state: all nodes must agree. */
final class Totals {
    /** Closed proposals, and what they ask for. */
    static final String CLOSED = "closed";

    /** Entries of the history. */
    static final String HISTORY = "history";

    private final Transaction state;

    Totals(Transaction state) {
        this.state = state;
    }

    /** Recorded messages of a member that have not been forgotten. */
    static String messages(String member) {
        return "messages " + member;
    }

    /** A count, and bytes. */
    record Total(long count, long bytes) {}

    Total of(String name) {
        byte[] value = state.get(GovernanceMaps.TOTALS, key(name));
        if (value == null) {
            return new Total(0, 0);
        }
        ByteBuffer at = ByteBuffer.wrap(value);
        return new Total(at.getLong(), at.getLong());
    }

    /** Counts what came, or with negative numbers what went. */
    void add(String name, long count, long bytes) {
        Total before = of(name);
        Total after = new Total(before.count() + count, before.bytes() + bytes);
        if (after.count() == 0) {
            state.remove(GovernanceMaps.TOTALS, key(name));
        } else {
            byte[] value = ByteBuffer.allocate(2 * Long.BYTES)
                    .putLong(after.count())
                    .putLong(after.bytes())
                    .array();
            state.put(GovernanceMaps.TOTALS, key(name), value);
        }
    }

    private static byte[] key(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }
}
