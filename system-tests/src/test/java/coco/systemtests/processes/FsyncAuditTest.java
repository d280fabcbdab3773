package coco.systemtests.processes;

import static org.assertj.core.api.Assertions.assertThat;

import coco.consensus.LogPosition;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FsyncAuditTest {
    private static final Acknowledged TRANSACTION = new Acknowledged(Acknowledged.KV, "ab".repeat(32));
    private static final LogPosition POSITION = new LogPosition(1, 5);
    private static final JournalContents JOURNAL =
            new JournalContents(List.of(new JournalContents.Block(3, "00", POSITION, List.of(TRANSACTION))));
    private static final Map<LogPosition, Long> NEVER = Map.of();

    private static Map<LogPosition, Long> syncedAt(long micros) {
        return Map.of(POSITION, micros);
    }

    private static List<String> violations(List<Map<LogPosition, Long>> synced) {
        return new FsyncAudit(synced, Map.of(TRANSACTION, 100L)).violations(JOURNAL);
    }

    @Test
    void shouldFindNothingWhenAMajorityHadSyncedBeforeTheAnswer() {
        assertThat(violations(List.of(syncedAt(99), syncedAt(100), NEVER))).isEmpty();
    }

    @Test
    void shouldFindAnAnswerTooEarlyWhenOnlyOneNodeHadSynced() {
        assertThat(violations(List.of(syncedAt(99), syncedAt(101), NEVER))).hasSize(1);
    }

    @Test
    void shouldFindAnAnswerWithoutABlockWhenTheJournalLacksIt() {
        FsyncAudit audit = new FsyncAudit(
                List.of(syncedAt(1), syncedAt(1), syncedAt(1)),
                Map.of(new Acknowledged(Acknowledged.KV, "cd".repeat(32)), 100L));
        assertThat(audit.violations(JOURNAL)).hasSize(1);
    }

    @Test
    void shouldTakeAnAnswerOnlyWhenItSaysCommitted() {
        assertThat(FsyncAudit.answered(
                        List.of(answer(10, "pending"), answer(20, "committed"), answer(30, "committed")),
                        java.util.Set.of(TRANSACTION)))
                .containsExactly(Map.entry(TRANSACTION, 20L));
    }

    private static SystemCall answer(long micros, String status) {
        String text = "\"HTTP/1.1 200 OK\\r\\nCoco-Transaction-Status: " + status
                + "\\r\\n\\r\\n{\\\"transaction\\\":\\\"" + TRANSACTION.id() + "\\\"}\"";
        return new SystemCall("write", List.of("7<socket:[5]>", text, "99"), 99, micros, micros + 1);
    }
}
