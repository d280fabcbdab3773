package coco.node.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class FreshnessTest {
    private final List<CompletableFuture<Void>> asked = new ArrayList<>();
    private long nanos;

    private final Freshness freshness = new Freshness(
            () -> {
                asked.add(new CompletableFuture<>());
                return asked.getLast();
            },
            () -> nanos,
            Duration.ofSeconds(1));

    @Test
    void shouldCountFromWhenAMajorityWasAskedAndAskAgainInTime() {
        assertThat(freshness.isFresh()).as("nobody has confirmed anything").isFalse();
        assertThat(freshness.isFresh()).isFalse();
        assertThat(asked).as("one round trip at a time").hasSize(1);
        nanos = Duration.ofMillis(400).toNanos();
        asked.getFirst().complete(null);
        assertThat(freshness.isFresh()).isTrue();
        assertThat(asked).hasSize(1);

        nanos = Duration.ofMillis(900).toNanos();
        assertThat(freshness.isFresh()).as("from when it was asked for").isTrue();
        assertThat(asked).as("half of the time is over").hasSize(2);
        asked.getLast().completeExceptionally(new IllegalStateException("no majority"));
        nanos = Duration.ofMillis(1_001).toNanos();
        assertThat(freshness.isFresh()).isFalse();
    }

    @Test
    void shouldAnswerNobodyWhileNoMajorityConfirms() throws InterruptedException {
        CompletableFuture<Void> failed = CompletableFuture.failedFuture(new IllegalStateException("alone"));
        Freshness alone = new Freshness(() -> failed, () -> nanos, Duration.ofSeconds(1));
        assertThat(alone.await()).isFalse();
        Freshness together =
                new Freshness(() -> CompletableFuture.completedFuture(null), () -> nanos, Duration.ofSeconds(1));
        assertThat(together.await()).isTrue();
    }

    @Test
    void shouldTakeEachOwnNonceOnceAndInTime() {
        Nonces here = new Nonces(new SecureRandom());
        Nonces elsewhere = new Nonces(new SecureRandom());
        String nonce = here.next(1_000);
        assertThat(nonce).matches("[a-z0-9]{8,}");
        assertThat(elsewhere.use(nonce, 1_001)).as("another node's").isFalse();
        assertThat(here.use(nonce.toUpperCase(java.util.Locale.ROOT), 1_001))
                .as("another text")
                .isFalse();
        assertThat(here.use(nonce, 1_600)).as("over").isFalse();
        assertThat(here.use(nonce, 1_001)).isTrue();
        assertThat(here.use(nonce, 1_001)).as("used").isFalse();
        assertThat(here.use("zz", 1_001)).isFalse();
    }
}
