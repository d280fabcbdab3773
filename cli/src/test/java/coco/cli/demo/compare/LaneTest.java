package coco.cli.demo.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LaneTest {
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000 * MILLI;

    @Test
    void shouldCountFromTheFirstSentToTheLastDone() {
        Lane lane = new Lane(4, SECOND);
        IntStream.range(0, 4).forEach(i -> lane.sent(i, 5 * SECOND + i * MILLI));

        lane.block(1, List.of(0, 1), 6 * SECOND);
        lane.block(2, List.of(), 7 * SECOND);
        lane.block(3, List.of(2), 9 * SECOND);
        lane.refused(3, "no room");
        Lane.Figures figures = lane.figures();

        assertThat(figures.done()).isEqualTo(3);
        assertThat(figures.refused()).isEqualTo(1);
        assertThat(figures.blocks()).isEqualTo(2);
        assertThat(figures.seconds()).isEqualTo(4.0);
        assertThat(figures.perSecond()).isEqualTo(0.75);
        assertThat(figures.p50Millis()).isBetween(999.0, 1_010.0);
        assertThat(figures.maxMillis()).isEqualTo(3_998.0);
        assertThat(lane.isComplete()).isTrue();
        assertThat(lane.outstanding()).isZero();
        assertThat(lane.block(2)).isEqualTo(3);
        assertThat(lane.refusal(3)).isEqualTo("no room");
        assertThat(IntStream.range(0, LatencyBins.count())
                        .mapToLong(i -> figures.bins()[i])
                        .sum())
                .isEqualTo(3);
    }

    @Test
    void shouldSayNothingOfWhatWasNotMeasured() {
        Lane.Figures figures = new Lane(2, SECOND).figures();

        assertThat(figures.perSecond()).isZero();
        assertThat(figures.curve()).isEmpty();
        assertThat(figures.seconds()).isZero();
    }

    @Test
    void shouldCountATransactionOnceWhateverItIsToldTwice() {
        Lane lane = new Lane(1, SECOND);
        lane.sent(0, 0);

        lane.block(1, List.of(0), SECOND);
        lane.block(2, List.of(0), 2 * SECOND);

        assertThat(lane.figures().done()).isEqualTo(1);
        assertThat(lane.doneNanos(0)).isEqualTo(SECOND);
    }

    @Test
    void shouldDrawRatesOverTheWindowBeforeEachBlock() {
        RateCurve curve = new RateCurve(2 * SECOND);
        curve.add(SECOND, 10);
        curve.add(2 * SECOND, 20);
        curve.add(4 * SECOND, 30);

        assertThat(curve.points())
                .containsExactly(new RateCurve.Point(1, 10), new RateCurve.Point(2, 15), new RateCurve.Point(4, 15));
    }

    @Test
    void shouldKeepFewPointsHoweverLongItRuns() {
        RateCurve curve = new RateCurve(SECOND);
        IntStream.range(0, 100_000).forEach(i -> curve.add(i * 10L * MILLI, 5));

        assertThat(curve.points()).hasSizeBetween(150, 401);
        assertThat(curve.points().getLast().perSecond()).isEqualTo(500);
    }

    @Test
    void shouldPutEveryLatencyIntoItsBin() {
        assertThat(LatencyBins.of(0)).isZero();
        assertThat(LatencyBins.of(9_999)).isZero();
        assertThat(LatencyBins.of(10_000)).isEqualTo(1);
        assertThat(LatencyBins.of(Long.MAX_VALUE)).isEqualTo(LatencyBins.count() - 1);
        assertThat(LatencyBins.UPPER_MILLIS).isSorted().doesNotHaveDuplicates();
    }
}
