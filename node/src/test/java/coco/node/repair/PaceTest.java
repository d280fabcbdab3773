package coco.node.repair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PaceTest {
    private final AtomicLong nanos = new AtomicLong(-5);

    /** Each look at the clock takes a millisecond. */
    private final Pace pace = new Pace(1_000, () -> nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(1)));

    @Test
    void shouldLetThroughSoManyBytesASecond() {
        long start = nanos.get();
        for (int i = 0; i < 6; i++) {
            pace.take(5);
        }
        // Five waits of five milliseconds; the sixth is paid for by the next.
        assertThat(nanos.get() - start).isBetween(TimeUnit.MILLISECONDS.toNanos(25), TimeUnit.MILLISECONDS.toNanos(40));
    }

    @Test
    void shouldNotMakeUpForAnIdleWhile() {
        pace.take(5);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(100));
        long start = nanos.get();
        pace.take(5);
        pace.take(5);
        assertThat(nanos.get() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(5));
    }

    @Test
    void shouldEndItsWaitWhenInterrupted() {
        pace.take(1_000_000);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> pace.take(1)).isInstanceOf(Pace.Interrupted.class);
        assertThat(Thread.interrupted()).isTrue();
    }
}
