package coco.core;

import static org.assertj.core.api.Assertions.assertThat;

import coco.consensus.PeerId;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ServiceTimeTest {
    private static final long START = 1_800_000_000_000L;
    private static final PeerId B = new PeerId("b");
    private static final PeerId C = new PeerId("c");

    private long wall = START;
    private long nanos = 77;
    private final ServiceTime time = new ServiceTime(() -> Instant.ofEpochMilli(wall), () -> nanos);

    private void pass(long millis) {
        wall += millis;
        nanos += TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private void hear(PeerId peer, long millis) {
        time.heard(peer, millis, nanos, nanos);
    }

    @Test
    void shouldBeTheOwnClockWhenThereAreNoOthers() {
        assertThat(time.millis()).isEqualTo(START);
        assertThat(time.doubt(START)).isNull();
    }

    @Test
    void shouldBeTheMedianWhenOneOfThreeClocksIsOff() {
        time.voters(Set.of(B, C));
        hear(B, START + 300);
        hear(C, START + Duration.ofDays(3_650).toMillis());

        assertThat(time.millis()).isEqualTo(START + 300);
        assertThat(time.doubt(START)).isNull();
    }

    @Test
    void shouldBeTheLowerMiddleWhenTwoClocksAreKnown() {
        time.voters(Set.of(B, C));
        hear(B, START + 900);

        assertThat(time.millis()).isEqualTo(START);
    }

    @Test
    void shouldDoubtWhenNoMajorityIsKnown() {
        time.voters(Set.of(B, C));

        assertThat(time.doubt(START)).contains("1 of 3").contains("majority");
    }

    @Test
    void shouldDoubtWhenTheOwnClockIsYearsOff() {
        time.voters(Set.of(B, C));
        hear(B, START);
        hear(C, START);
        wall += Duration.ofDays(3_650).toMillis();

        assertThat(time.doubt(START)).contains("this node's clock").contains("315360000000 ms");
        assertThat(time.millis()).isEqualTo(START);
    }

    @Test
    void shouldNotGoBackWhenTheClocksDo() {
        time.voters(Set.of(B, C));
        hear(B, START);
        hear(C, START);
        assertThat(time.millis()).isEqualTo(START);
        hear(B, START - 1_500);
        hear(C, START - 1_500);

        assertThat(time.millis()).isEqualTo(START);
        assertThat(time.doubt(START)).isNull();
    }

    @Test
    void shouldDoubtWhenTimeWouldBeMoreThanTwoSecondsPastTheMedian() {
        time.voters(Set.of(B, C));
        hear(B, START);
        hear(C, START);

        assertThat(time.doubt(START + 2_000)).isNull();
        assertThat(time.doubt(START + 2_001)).contains("2001 ms past the median");
    }

    @Test
    void shouldCarryForwardWhatWasHeardWhenTimePasses() {
        time.voters(Set.of(B, C));
        hear(B, START + 10);
        hear(C, START + 20);
        pass(5_000);

        assertThat(time.millis()).isEqualTo(START + 5_010);
    }

    @Test
    void shouldForgetWhenAVoterIsSilentForLong() {
        time.voters(Set.of(B, C));
        hear(B, START);
        hear(C, START);
        pass(10_001);

        assertThat(time.doubt(START)).contains("1 of 3");
    }

    @Test
    void shouldForgetWhenAVoterIsRemoved() {
        time.voters(Set.of(B, C));
        hear(B, START + 500);
        hear(C, START + 500);
        time.voters(Set.of());

        assertThat(time.millis()).isEqualTo(START);
        assertThat(time.doubt(START)).isNull();
    }

    @Test
    void shouldTakeNothingFromStrangersAndSlowAnswers() {
        time.voters(Set.of(B));
        time.heard(C, START, nanos, nanos);
        time.heard(B, START, nanos, nanos + TimeUnit.MILLISECONDS.toNanos(1_001));

        assertThat(time.doubt(START)).contains("1 of 2");
    }

    @Test
    void shouldReckonHalfOfTheWayWhenAnAnswerTookTime() {
        time.voters(Set.of(B));
        long asked = nanos;
        pass(400);
        time.heard(B, START, asked, nanos);
        wall = START + 2_000;

        assertThat(time.millis()).isEqualTo(START + 200);
    }
}
