package coco.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.client.ClientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AppliedEverywhereTest {
    private final long[] heights = {5, 4, 3};
    private final List<Integer> asked = new ArrayList<>();
    private long nanos;

    @Test
    void shouldAskTheOthersUntilTheLastOneHasIt() {
        everywhere(() -> {
                    heights[1]++;
                    heights[2]++;
                })
                .await(0, 5);

        assertThat(asked).doesNotContain(0).contains(1, 2);
        assertThat(heights[2]).isGreaterThanOrEqualTo(5);
    }

    @Test
    void shouldGiveUpAndNameTheNodeWhenOneStandsStill() {
        assertThatThrownBy(() -> everywhere(() -> {}).await(0, 5))
                .isInstanceOf(ClientException.class)
                .hasMessageContaining("node 2");
        assertThat(Duration.ofNanos(nanos)).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(11));
    }

    private AppliedEverywhere everywhere(Runnable meanwhile) {
        return new AppliedEverywhere(
                3,
                node -> {
                    asked.add(node);
                    return heights[node];
                },
                () -> nanos,
                () -> {
                    nanos += 1_000_000;
                    meanwhile.run();
                });
    }
}
