package coco.governance.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import coco.governance.GovernanceLimits;
import coco.governance.GovernanceMaps;
import coco.kv.Store;
import coco.kv.StoreLimits;
import coco.kv.Transaction;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What the state keeps of what was decided. */
final class HistoryTest {
    private static final int DECIDED = GovernanceLimits.HISTORY_ENTRIES + 100;

    private final Transaction state = new Transaction(new Store(GovernanceMaps.ALL, StoreLimits.DEFAULT).head());

    private void append(long height, Submission kind, int bytes) {
        byte[] outcome = "{}".getBytes(StandardCharsets.US_ASCII);
        byte[] value = History.value(kind.frame(new byte[bytes]), outcome);
        History.append(state, new Totals(state), height, 0, value);
    }

    @Test
    void shouldKeepEveryRecoveryWhenOlderEntriesAreForgotten() {
        append(0, Submission.SIGNED, 1);
        append(1, Submission.RECOVERY, 1);
        append(2, Submission.SIGNED, 1);
        append(3, Submission.RECOVERY, 1);
        for (int i = 0; i < DECIDED; i++) {
            append(4 + i, Submission.SIGNED, 1);
        }
        assertThat(History.at(state, 1)).hasSize(1);
        assertThat(History.at(state, 3)).hasSize(1);
        assertThat(History.at(state, 0)).isEmpty();
        assertThat(History.at(state, 2)).isEmpty();
        assertThat(History.from(state, 0, 0, 2 * DECIDED)).hasSize(GovernanceLimits.HISTORY_ENTRIES);
        assertThat(History.kept(state))
                .as("a recovery that stayed does not tell that all later entries did")
                .isEqualTo(4L + DECIDED - (GovernanceLimits.HISTORY_ENTRIES - 2));
    }
}
