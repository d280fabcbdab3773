package coco.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class PadmeTest {
    @Test
    void shouldGiveTheLengthsOfThePaper() {
        // E = floor(log2 L), S = floor(log2 E) + 1; the lowest E - S bits are zero.
        int[][] expected = {
            {0, 0},
            {1, 1},
            {2, 2},
            {3, 3},
            {8, 8},
            {9, 10},
            {17, 18},
            {100, 104},
            {1000, 1024},
            {1025, 1088},
            {1_000_000, 1_015_808}
        };
        for (int[] pair : expected) {
            assertThat(Padme.paddedLength(pair[0])).as("length %d", pair[0]).isEqualTo(pair[1]);
        }
    }

    @Test
    void shouldGrowByAtMostTwelvePercentAndNeverShrink() {
        int last = 0;
        for (int length = 1; length < 200_000; length++) {
            int padded = Padme.paddedLength(length);
            assertThat(padded).isBetween(length, length + length * 12 / 100);
            assertThat(padded).isGreaterThanOrEqualTo(last);
            assertThat(Padme.paddedLength(padded)).as("padding twice").isEqualTo(padded);
            last = padded;
        }
    }

    @Test
    void shouldRefuseWhenNoIntHoldsTheResult() {
        assertThat(Padme.paddedLength(2_113_929_216)).isEqualTo(2_113_929_216);
        assertThatThrownBy(() -> Padme.paddedLength(Integer.MAX_VALUE)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Padme.paddedLength(-1)).isInstanceOf(IllegalArgumentException.class);
    }
}
