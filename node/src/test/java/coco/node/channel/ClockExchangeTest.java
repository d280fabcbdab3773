package coco.node.channel;

import static org.assertj.core.api.Assertions.assertThat;

import coco.consensus.PeerId;
import coco.core.ServiceTime;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class ClockExchangeTest {
    private static final long START = 1_800_000_000_000L;
    private static final PeerId B = new PeerId("b");
    private static final PeerId C = new PeerId("c");

    private final ServiceTime time = new ServiceTime(() -> Instant.ofEpochMilli(START), () -> 0);
    private final CompletableFuture<Long> fromB = new CompletableFuture<>();
    private final CompletableFuture<Long> fromC = new CompletableFuture<>();
    private Set<PeerId> others = Set.of(B, C);
    private final ClockExchange exchange =
            new ClockExchange(time, () -> others, peer -> peer.equals(B) ? fromB : fromC, () -> 0);

    @Test
    void shouldKnowAMajorityWhenOneOfTwoOthersAnswers() {
        exchange.askAll();
        assertThat(time.knowsMajority()).isFalse();

        fromB.completeExceptionally(new ChannelException("gone"));
        fromC.complete(START - 5);

        assertThat(time.knowsMajority()).isTrue();
        assertThat(time.millis()).isEqualTo(START - 5);
    }

    @Test
    void shouldForgetWhoIsNoVoterWhenTheVotersChange() {
        fromB.complete(START + 900);
        fromC.complete(START + 900);
        exchange.askAll();
        assertThat(time.millis()).isEqualTo(START + 900);

        others = Set.of();
        exchange.askAll();

        assertThat(time.knowsMajority()).isTrue();
        assertThat(time.doubt(START)).isNull();
    }
}
