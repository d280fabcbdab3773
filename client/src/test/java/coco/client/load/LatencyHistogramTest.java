package coco.client.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LatencyHistogramTest {
    @Test
    void shouldBeExactWhenValuesAreSmall() {
        LatencyHistogram histogram = new LatencyHistogram();
        for (int micros = 0; micros < 128; micros++) {
            histogram.record(micros, 1);
        }

        assertThat(histogram.percentileMicros(50)).isEqualTo(63);
        assertThat(histogram.percentileMicros(100)).isEqualTo(127);
        assertThat(histogram.meanMicros()).isEqualTo(63.5);
        assertThat(histogram.maxMicros()).isEqualTo(127);
    }

    @Test
    void shouldStayWithinOnePercentAboveTheTruthWhenValuesAreSpreadOverDecades() {
        long seed = 42;
        Random random = new Random(seed);
        LatencyHistogram histogram = new LatencyHistogram();
        long[] values = new long[20_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = (long) Math.pow(10, 7 * random.nextDouble());
            histogram.record(values[i], 1);
        }
        Arrays.sort(values);

        for (double percent : new double[] {0.1, 1, 10, 50, 90, 95, 99, 99.9, 100}) {
            long truth = values[(int) Math.ceil(values.length * percent / 100) - 1];
            assertThat(histogram.percentileMicros(percent))
                    .as("percentile %s, seed %d", percent, seed)
                    .isBetween(truth, truth + truth / 64 + 1);
        }
    }

    @Test
    void shouldCountEverythingWhenHistogramsAreAdded() {
        LatencyHistogram one = new LatencyHistogram();
        LatencyHistogram other = new LatencyHistogram();
        one.record(1_000, 3);
        other.record(2_000_000, 1);
        one.add(other);

        assertThat(one.count()).isEqualTo(4);
        assertThat(one.percentileMicros(75)).isBetween(1_000L, 1_016L);
        assertThat(one.percentileMicros(100)).isEqualTo(2_000_000);
    }

    @Test
    void shouldGiveZeroWhenNothingWasCounted() {
        LatencyHistogram empty = new LatencyHistogram();

        assertThat(empty.percentileMicros(99)).isZero();
        assertThat(empty.meanMicros()).isZero();
    }

    @Test
    void shouldKeepWithinItsRangeWhenValuesDoNot() {
        LatencyHistogram histogram = new LatencyHistogram();
        histogram.record(-5, 1);
        histogram.record(Long.MAX_VALUE, 1);

        assertThat(histogram.percentileMicros(50)).isZero();
        assertThat(histogram.percentileMicros(100)).isEqualTo((1L << 32) - 1);
    }
}
