package coco.governance.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import coco.governance.GovernanceLimits;
import coco.governance.GovernanceMaps;
import coco.governance.rules.Choice;
import coco.kv.Store;
import coco.kv.StoreLimits;
import coco.kv.Transaction;
import coco.ledgers.api.Rejection;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Replay protection that no member can make grow without end. */
final class SeenMessagesTest {
    private final Transaction state = new Transaction(new Store(GovernanceMaps.ALL, StoreLimits.DEFAULT).head());
    private final SeenMessages seen = new SeenMessages(state, new Totals(state));

    private @Nullable Refusal record(String member, int number, long expires, long height) {
        byte[] id = ByteBuffer.allocate(32).putInt(number).array();
        Message.Binding binding = new Message.Binding("", 0, expires, "");
        Rejection refused =
                seen.record(new Envelope.Opened(id, member, new Message.Vote(binding, "", "", Choice.ACCEPT)), height);
        return refused == null ? null : Refusal.of(refused);
    }

    @Test
    void shouldRefuseAMessageUntilItExpires() {
        assertThat(record("alice", 1, 100, 5)).isNull();
        assertThat(record("alice", 1, 100, 99)).isEqualTo(Refusal.REPLAYED);
    }

    @Test
    void shouldLimitTheMessagesOfOneMemberAndHelpWhoeverHasUsedThemUpFirst() {
        for (int i = 0; i < GovernanceLimits.MESSAGES_PER_MEMBER; i++) {
            // Those of others, which expire first, are in the way of whoever forgets in that order alone.
            assertThat(record(i % 2 == 0 ? "bob" : "carol", 1_000_000 + i, 50, 5))
                    .isNull();
            assertThat(record("alice", i, 60, 5)).isNull();
        }
        assertThat(record("alice", 77_777, 60, 5)).isEqualTo(Refusal.TOO_MANY_MESSAGES);
        assertThat(record("bob", 77_778, 60, 5)).isNull();

        for (int i = 0; i < 100; i++) {
            assertThat(record("alice", 88_000 + i, 200, 70)).as("message %d", i).isNull();
        }
    }

    @Test
    void shouldForgetMoreThanItRecordsOnceMessagesExpire() {
        for (int i = 0; i < 700; i++) {
            record("alice", i, 50, 5);
        }
        for (int i = 0; i < 100; i++) {
            record("bob", i, 500, 60);
        }
        assertThat(state.size(GovernanceMaps.MESSAGES)).isEqualTo(100);
        assertThat(new Totals(state).of(Totals.messages("alice")).count()).isZero();
        assertThat(new Totals(state).of(Totals.messages("bob")).count()).isEqualTo(100);
    }
}
