package coco.cli.demo.compare;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Throughput over time: at each block, what was done in the window before it, divided by the window. However long a run
 * is, the points stay few: when there are too many, every second one goes.
 */
final class RateCurve {
    /** More than a screen has room for. */
    private static final int POINTS_MAX = 400;

    private final long windowNanos;
    private final Deque<Step> window = new ArrayDeque<>();
    private final List<Point> points = new ArrayList<>();
    private int inWindow;
    private int every = 1;
    private int skipped;

    private record Step(long nanos, int transactions) {}

    /**
     * A point.
     *
     * @param seconds since the first transaction was sent
     * @param perSecond transactions done
     */
    record Point(double seconds, double perSecond) {}

    RateCurve(long windowNanos) {
        this.windowNanos = windowNanos;
    }

    /** So many were done at a time since the start. */
    void add(long nanos, int transactions) {
        window.add(new Step(nanos, transactions));
        inWindow += transactions;
        while (window.getFirst().nanos() <= nanos - windowNanos) {
            inWindow -= window.removeFirst().transactions();
        }
        if (++skipped < every) {
            return;
        }
        skipped = 0;
        double seconds = Math.max(1, Math.min(nanos, windowNanos)) / 1e9;
        points.add(new Point(nanos / 1e9, inWindow / seconds));
        if (points.size() > POINTS_MAX) {
            for (int i = points.size() - 1; i >= 0; i -= 2) {
                points.remove(i);
            }
            every *= 2;
        }
    }

    List<Point> points() {
        return List.copyOf(points);
    }
}
