package coco.node.join;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

final class PaceTest {
    private Instant now = Instant.parse("2026-11-26T12:00:00Z");
    private final Pace pace = new Pace(() -> now);

    @Test
    void shouldRecordANewcomerOnceInAWhileWhateverItSays() {
        assertThat(pace.allows("node-4", "acme")).isTrue();
        for (int i = 0; i < 1_000; i++) {
            assertThat(pace.allows("node-4", "acme")).isFalse();
        }
        assertThat(pace.allows("node-5", "acme")).as("another").isTrue();
        now = now.plus(Pace.BETWEEN).minusMillis(1);
        assertThat(pace.allows("node-4", "acme")).isFalse();
        now = now.plusMillis(1);
        assertThat(pace.allows("node-4", "acme")).isTrue();
        now = now.minusSeconds(3_600);
        assertThat(pace.allows("node-4", "acme")).as("the clock went back").isTrue();
    }

    @Test
    void shouldNotRecordMoreOfAnOwnerThanMayWaitHoweverManyNodesItMakesUp() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(pace.allows("node-" + i, "acme")).as("node %d", i).isEqualTo(i < Pace.OF_ONE_OWNER);
        }
        assertThat(pace.allows("node-1000", "beta")).as("another owner").isTrue();
        now = now.plus(Pace.BETWEEN);
        assertThat(pace.allows("node-1001", "acme")).isTrue();
    }
}
