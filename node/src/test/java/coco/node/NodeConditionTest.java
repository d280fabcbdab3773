package coco.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When a node calls itself ready, and when no longer. */
final class NodeConditionTest {
    private boolean majority;
    private long now;
    private final NodeCondition condition = new NodeCondition(() -> majority, () -> now);

    @Test
    void shouldBeReadyOnlyOnceAMajorityHasConfirmedARead() throws Exception {
        assertThat(condition.check()).isEqualTo(NodeLimits.READY_RETRY);
        assertThat(condition.word()).isEqualTo(NodeCondition.Word.STARTING);
        pass(NodeLimits.READY_PATIENCE.multipliedBy(5));
        assertThat(condition.check()).isEqualTo(NodeLimits.READY_RETRY);
        assertThat(condition.word()).isEqualTo(NodeCondition.Word.STARTING);

        majority = true;

        assertThat(condition.check()).isEqualTo(NodeLimits.READY_CHECK);
        assertThat(condition.isReady()).isTrue();
    }

    @Test
    void shouldBecomeUnavailableWhenNobodyConfirmsAndComeBack() throws Exception {
        majority = true;
        condition.check();
        majority = false;
        pass(NodeLimits.READY_PATIENCE);
        condition.check();
        assertThat(condition.isReady()).as("an election is no reason").isTrue();

        pass(Duration.ofNanos(1));
        condition.check();
        assertThat(condition.word()).isEqualTo(NodeCondition.Word.UNAVAILABLE);

        majority = true;
        condition.check();
        assertThat(condition.isReady()).isTrue();
        majority = false;
        pass(NodeLimits.READY_PATIENCE);
        condition.check();
        assertThat(condition.isReady()).as("patience begins anew").isTrue();
    }

    @Test
    void shouldNeverBeReadyAgainOnceItsEndIsDecided() throws Exception {
        majority = true;
        condition.check();
        condition.stop();
        condition.check();
        assertThat(condition.word()).isEqualTo(NodeCondition.Word.STOPPING);

        condition.fail();
        condition.stop();
        condition.check();
        assertThat(condition.word()).isEqualTo(NodeCondition.Word.FAILED);
        assertThat(condition.isOver()).isTrue();
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }
}
