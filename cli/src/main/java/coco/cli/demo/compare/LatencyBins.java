package coco.cli.demo.compare;

import java.util.List;

/** The steps of the distribution that is drawn: from a hundredth of a second to minutes, two or so a doubling. */
final class LatencyBins {
    /** Upper ends, exclusive, in milliseconds; what takes longer is in one more bin. */
    static final List<Integer> UPPER_MILLIS = List.of(
            10, 20, 35, 50, 75, 100, 150, 200, 300, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 35_000, 50_000, 75_000,
            100_000, 150_000, 200_000, 300_000, 600_000);

    private LatencyBins() {}

    static int count() {
        return UPPER_MILLIS.size() + 1;
    }

    /** The bin of a duration. */
    static int of(long micros) {
        int bin = 0;
        while (bin < UPPER_MILLIS.size() && micros >= UPPER_MILLIS.get(bin) * 1_000L) {
            bin++;
        }
        return bin;
    }
}
