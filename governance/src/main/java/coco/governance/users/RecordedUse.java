package coco.governance.users;

import coco.crypto.Sha256;
import coco.governance.document.CanonicalJson;
import coco.governance.document.Documents;
import coco.governance.document.Fields;
import coco.kv.Cursor;
import coco.kv.Reader;
import coco.kv.Transaction;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * That an auditor asked for something by its grant. Recorded before the answer is given, and once a minute for each
 * kind of question about the same contracts.
 *
 * @param grant its id
 * @param certificate SHA-256 fingerprint of the grant's certificate, lower-case hexadecimal
 * @param ledger that was asked
 * @param kind of question: the name of a method; {@code *} for a grant that was used for more than is told apart
 * @param contracts that the question named, lower-case hexadecimal; none for one about the whole ledger, {@code *} for
 *     more than are told apart
 * @param seconds service time of the first such question in its minute
 */
public record RecordedUse(
        String grant, String certificate, String ledger, String kind, List<String> contracts, long seconds) {
    private static final byte[] LABEL = "coco use of a grant v1\0".getBytes(StandardCharsets.US_ASCII);
    private static final String EVERYTHING = "*";
    private static final long MINUTE = 60;
    private static final long HOUR = 3_600;
    private static final long DAY = 86_400;

    public RecordedUse {
        contracts = List.copyOf(contracts);
    }

    /** One page of what was recorded, oldest first. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Page(List<RecordedUse> uses, byte @Nullable [] next) {}

    /** The record that counts when more of a grant's uses were recorded today than are told apart. */
    private RecordedUse coarse() {
        return new RecordedUse(grant, certificate, ledger, EVERYTHING, List.of(EVERYTHING), seconds);
    }

    private ObjectNode tree() {
        ObjectNode tree = Documents.object()
                .put("grant", grant)
                .put("certificate", certificate)
                .put("ledger", ledger)
                .put("kind", kind);
        contracts.forEach(tree.putArray("contracts")::add);
        return tree;
    }

    /** The minute in which it is told from others, or for a coarse one the hour, then what it is. */
    private byte[] key() {
        long span = kind.equals(EVERYTHING) ? HOUR : MINUTE;
        byte[] what = CanonicalJson.write(tree(), "").getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES + Sha256.DIGEST_BYTES)
                .putLong(seconds - seconds % span)
                .put(Sha256.hash(LABEL, what))
                .array();
    }

    private byte[] bytes() {
        return CanonicalJson.write(tree().put("time", seconds), "").getBytes(StandardCharsets.UTF_8);
    }

    private static RecordedUse parse(byte[] json) {
        Fields fields = new Fields(Documents.json(json, ""), "");
        RecordedUse use = new RecordedUse(
                fields.text("grant"),
                fields.text("certificate"),
                fields.text("ledger"),
                fields.text("kind"),
                fields.texts("contracts"),
                fields.longInteger("time"));
        fields.finish();
        return use;
    }

    /** Whether so much was recorded of a grant today that further uses are recorded by the hour. */
    public static boolean isCrowded(Reader state, String grant, long seconds) {
        return countToday(state, grant, seconds) >= UserLimits.USES_PER_DAY;
    }

    private static int countToday(Reader state, String grant, long seconds) {
        byte[] found = state.get(UserMaps.USE_COUNTS, UserMaps.ascii(grant));
        ByteBuffer count = found == null ? ByteBuffer.allocate(2 * Integer.BYTES) : ByteBuffer.wrap(found);
        return count.getInt() == seconds / DAY ? count.getInt() : 0;
    }

    /** Writes it down, unless the same was recorded in this minute already. */
    void record(Transaction state) {
        int today = countToday(state, grant, seconds);
        RecordedUse use = today >= UserLimits.USES_PER_DAY ? coarse() : this;
        byte[] key = use.key();
        if (state.get(UserMaps.USES, key) != null) {
            return;
        }
        state.put(UserMaps.USES, key, use.bytes());
        if (!use.kind().equals(EVERYTHING)) {
            state.put(
                    UserMaps.USE_COUNTS,
                    UserMaps.ascii(grant),
                    ByteBuffer.allocate(2 * Integer.BYTES)
                            .putInt((int) (seconds / DAY))
                            .putInt(today + 1)
                            .array());
        }
    }

    /** Forgets some of those that are old enough. */
    static void forget(Transaction state, long seconds) {
        List<byte[]> old = new ArrayList<>();
        Cursor next = state.scanPrefix(UserMaps.USES, new byte[0]);
        while (old.size() < UserLimits.FORGOTTEN
                && next.next()
                && ByteBuffer.wrap(next.key()).getLong() <= seconds - UserLimits.USES_KEPT_SECONDS) {
            old.add(next.key());
        }
        old.forEach(key -> state.remove(UserMaps.USES, key));
    }

    /**
     * What was recorded, oldest first.
     *
     * @param after {@link Page#next} of the page before; empty for the first
     * @param most uses of one page
     */
    public static Page page(Reader state, byte[] after, int most) {
        List<RecordedUse> uses = new ArrayList<>();
        // Behind the last key: it and a zero byte is the next one that there could be.
        byte[] from = after.length == 0 ? after : Arrays.copyOf(after, after.length + 1);
        Cursor next = state.scan(UserMaps.USES, from, null);
        boolean more = next.next();
        byte[] last = from;
        while (more && uses.size() < most) {
            last = next.key();
            uses.add(parse(next.value()));
            more = next.next();
        }
        return new Page(uses, more ? last : null);
    }
}
