package coco.cli.bench;

import java.time.Duration;
import java.util.Locale;

/** The line that shows how far a measurement is. */
final class ProgressBar {
    private static final int WIDTH = 30;

    private ProgressBar() {}

    static String line(
            Duration elapsed, Duration warmUp, Duration measured, boolean warmingUp, long committed, int transactions) {
        double byTime = elapsed.toNanos() / (double) warmUp.plus(measured).toNanos();
        double byWork = committed / (double) transactions;
        double share = Math.clamp(Math.max(byTime, byWork), 0, 1);
        int filled = (int) (WIDTH * share);
        double seconds = Math.max(1e-3, elapsed.toNanos() / 1e9);
        return String.format(
                Locale.ROOT,
                "  [%s%s] %3.0f %%  %,d committed  %,.0f/s%s",
                "#".repeat(filled),
                ".".repeat(WIDTH - filled),
                100 * share,
                committed,
                committed / seconds,
                warmingUp ? "  warming up" : "");
    }
}
