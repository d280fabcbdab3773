package coco.governance.ledger;

import coco.governance.GovernanceLimits;
import coco.governance.GovernanceMaps;
import coco.kv.Cursor;
import coco.kv.Transaction;
import coco.ledgers.api.Rejection;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Remembers recorded messages until they expire, each counted to its signer, so that none is recorded twice. */
final class SeenMessages {
    private final Transaction state;
    private final Totals totals;

    SeenMessages(Transaction state, Totals totals) {
        this.state = state;
        this.totals = totals;
    }

    /**
     * Records a message.
     *
     * @param height of the block
     * @return why it is not, with nothing written that counts; null if it is
     */
    @Nullable
    Rejection record(Envelope.Opened message, long height) {
        byte[] key = key(message.message().binding().expires(), message.id());
        if (state.get(GovernanceMaps.MESSAGES, key) != null) {
            return Refusal.REPLAYED.because("this message was recorded before");
        }
        String member = message.member();
        forget(member, height);
        if (isFull(member)) {
            return Refusal.TOO_MANY_MESSAGES.because(GovernanceLimits.MESSAGES_PER_MEMBER + " messages of " + member
                    + " have not expired; sign messages that expire sooner");
        }
        state.put(GovernanceMaps.MESSAGES, key, member.getBytes(StandardCharsets.UTF_8));
        totals.add(Totals.messages(member), 1, key.length);
        return null;
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Expired(byte[] key, String signer) {}

    private boolean isFull(String member) {
        return totals.of(Totals.messages(member)).count() >= GovernanceLimits.MESSAGES_PER_MEMBER;
    }

    /** Those that expired are refused for that. Whoever has used up its number is helped first. */
    private void forget(String member, long height) {
        boolean own = isFull(member);
        List<Expired> over = new ArrayList<>();
        Cursor cursor = state.scan(GovernanceMaps.MESSAGES, new byte[0], key(height + 1, new byte[0]));
        while (over.size() < GovernanceLimits.FORGOTTEN && cursor.next()) {
            String signer = new String(cursor.value(), StandardCharsets.UTF_8);
            if (!own || signer.equals(member)) {
                over.add(new Expired(cursor.key(), signer));
            }
        }
        for (Expired expired : over) {
            state.remove(GovernanceMaps.MESSAGES, expired.key());
            totals.add(Totals.messages(expired.signer()), -1, -expired.key().length);
        }
    }

    private static byte[] key(long expires, byte[] id) {
        return ByteBuffer.allocate(Long.BYTES + id.length)
                .putLong(expires)
                .put(id)
                .array();
    }
}
