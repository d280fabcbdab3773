package coco.ledgers.ethereum.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import coco.ledgers.api.AnswerGrid;
import coco.ledgers.api.testing.SingleNode;
import coco.ledgers.ethereum.EthereumLedgerFactory;
import coco.ledgers.ethereum.testing.Keys;
import coco.ledgers.ethereum.testing.Rpc;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerGridTest {
    private final SingleNode node = new SingleNode(new EthereumLedgerFactory(), Keys.genesis(1));
    private final List<Long> waits = new ArrayList<>();
    private final AnswerGrid grid =
            new AnswerGrid(node.clock(), () -> node.settings().answerGridMillis(), waits::add);

    @ParameterizedTest
    @CsvSource({
        "0, 3000, none",
        "5, 0, none",
        "5, 1, 4999",
        "5, 1000, 4000",
        "5, 4999, 1",
        "5, 5000, none",
        "5, 7200, 2800",
        "100, 1500, 98500"
    })
    void shouldWaitForTheNextStepSinceTheRequestCame(long gridMillis, long takenMicros, String expected) {
        node.settings(Rpc.withAnswerGrid(gridMillis));
        grid.await(node.clock().instant().minus(Duration.ofNanos(takenMicros * 1_000)));
        assertThat(waits).isEqualTo(expected.equals("none") ? List.of() : List.of(Long.parseLong(expected) * 1_000));
    }

    @Test
    void shouldLeaveAfterTheSameTimeWheneverTheRequestComesAndWhateverItTakes() {
        node.settings(Rpc.withAnswerGrid(5));
        Random random = new Random(7);
        Instant now = node.clock().instant();
        for (int i = 0; i < 1_000; i++) {
            long taken = 1 + random.nextLong(4_999_999);
            waits.clear();
            grid.await(now.minusNanos(taken));
            assertThat(taken + waits.getFirst()).isEqualTo(5_000_000);
        }
    }
}
