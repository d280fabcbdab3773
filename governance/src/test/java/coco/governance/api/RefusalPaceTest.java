package coco.governance.api;

import static org.assertj.core.api.Assertions.assertThat;

import coco.governance.GovernanceLimits;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class RefusalPaceTest {
    private Instant now = Instant.parse("2026-11-26T12:00:00Z");
    private final RefusalPace pace = new RefusalPace(() -> now);

    private int begun(String member, int messages) {
        int begun = 0;
        for (int i = 0; i < messages; i++) {
            begun += pace.begins(member) ? 1 : 0;
        }
        return begun;
    }

    @Test
    void shouldLetAMemberBeRefusedSoManyTimesAndThenOnceInAWhile() {
        assertThat(begun("alice", 10_000)).isEqualTo(GovernanceLimits.REFUSALS_AT_ONCE);
        assertThat(begun("bob", 10_000)).as("another").isEqualTo(GovernanceLimits.REFUSALS_AT_ONCE);
        int later = 0;
        for (int millis = 0; millis < 100 * GovernanceLimits.REFUSAL_MILLIS; millis += 100) {
            now = now.plusMillis(100);
            later += begun("alice", 10);
        }
        assertThat(later).isEqualTo(100);
        now = now.plusSeconds(3_600);
        assertThat(begun("alice", 10_000)).as("no more than a burst").isEqualTo(GovernanceLimits.REFUSALS_AT_ONCE);
    }

    @Test
    void shouldTakeNothingFromAMemberWhoseMessagesAreTaken() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(pace.begins("alice")).isTrue();
            pace.taken("alice");
        }
        assertThat(begun("alice", 10_000)).isEqualTo(GovernanceLimits.REFUSALS_AT_ONCE);
    }

    @Test
    void shouldGiveNothingBackWhenTheClockGoesBack() {
        assertThat(begun("alice", 100)).isEqualTo(GovernanceLimits.REFUSALS_AT_ONCE);
        for (int i = 0; i < 100; i++) {
            now = now.minusSeconds(10);
            assertThat(pace.begins("alice")).isFalse();
        }
    }
}
