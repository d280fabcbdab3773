package coco.cli.demo.compare;

import coco.crypto.Hex;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Sends the same transactions to both networks at once and measures. On Coco a transaction is done when all nodes have
 * its block, as {@code coco bench} counts; on the other network when all nodes that were named have it.
 */
final class Race {
    private static final long COCO_WINDOW_NANOS = 500_000_000;
    /** A block of 2017 comes every 14 seconds; a rate over less than two of them jumps between nothing and much. */
    private static final long BASELINE_WINDOW_NANOS = 30_000_000_000L;

    private static final int COMPLAINTS_MAX = 8;

    private final Choice choice;
    private final List<Footprint> footprints;
    private final CocoNetwork coco;
    private final Baseline baseline;
    private final double rate;
    private final IntSupplier batchMaximum;
    private final LongSupplier nanoClock;
    private final Lane cocoLane;
    private final Lane baselineLane;
    private final Set<String> complaints = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;
    private volatile boolean cocoFailed;
    private volatile boolean baselineFailed;

    /**
     * A race that has not begun.
     *
     * @param footprints of the transactions, in their order
     * @param rate transactions a second to both; 0 to keep two full blocks under way on Coco, and a full one waiting on
     *     the other network
     * @param batchMaximum the largest block of Coco, which may change
     */
    Race(
            Choice choice,
            List<Footprint> footprints,
            CocoNetwork coco,
            Baseline baseline,
            double rate,
            IntSupplier batchMaximum,
            LongSupplier nanoClock) {
        this.choice = choice;
        this.footprints = List.copyOf(footprints);
        this.coco = coco;
        this.baseline = baseline;
        this.rate = rate;
        this.batchMaximum = batchMaximum;
        this.nanoClock = nanoClock;
        int count = choice.transactions().size();
        this.cocoLane = new Lane(count, COCO_WINDOW_NANOS);
        this.baselineLane = new Lane(count, BASELINE_WINDOW_NANOS);
    }

    Lane cocoLane() {
        return cocoLane;
    }

    Lane baselineLane() {
        return baselineLane;
    }

    /** What went wrong on the way, a few of it. */
    List<String> complaints() {
        return complaints.stream().sorted().toList();
    }

    /** Ends the race; what was measured until then stays. */
    void stop() {
        stopped = true;
    }

    /** Runs until every transaction is done on both, or somebody stops it. */
    void run() throws InterruptedException {
        List<byte[]> raw = new ArrayList<>();
        Map<String, Integer> numbers = new HashMap<>();
        for (SourceTransaction source : choice.transactions()) {
            numbers.put("0x" + Hex.encode(source.transaction().hash()), raw.size());
            raw.add(source.transaction().encoded());
        }
        Thread baselineThread = Thread.ofPlatform()
                .name("compare-baseline")
                .daemon()
                .start(() -> baselineFailed = !guarded("baseline", () -> runBaseline(raw, numbers)));
        Thread cocoThread = Thread.ofPlatform()
                .name("compare-coco")
                .daemon()
                .start(() -> cocoFailed = !guarded("Coco", () -> runCoco(raw, numbers)));
        cocoThread.join();
        baselineThread.join();
    }

    /** Whether a network could not be driven to the end. */
    boolean failed() {
        return cocoFailed || baselineFailed;
    }

    boolean wasStopped() {
        return stopped;
    }

    private interface Part {
        void run() throws InterruptedException;
    }

    private boolean guarded(String network, Part part) {
        try {
            part.run();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (RuntimeException e) {
            complain(network + ": " + e.getMessage());
            return false;
        }
    }

    private void complain(String text) {
        if (complaints.size() < COMPLAINTS_MAX) {
            complaints.add(text);
        }
    }

    private void runCoco(List<byte[]> raw, Map<String, Integer> numbers) throws InterruptedException {
        try (CocoHeads heads = CocoHeads.open(coco, numbers, cocoLane, nanoClock, text -> complain("Coco: " + text))) {
            LaneSender sender = heads.sender(batchMaximum, rate, nanoClock, () -> stopped);
            send("Coco", sender, raw, SendQueue.inTurn(raw.size()), cocoLane);
        }
    }

    private void send(String network, LaneSender sender, List<byte[]> raw, SendQueue queue, Lane lane)
            throws InterruptedException {
        int again = sender.send(raw, queue, lane);
        if (again > 0) {
            complain(network + ": " + again + " were in no block for long and sent again");
        }
        if (!stopped && lane.outstanding() > 0) {
            complain(network + ": " + lane.outstanding() + " transactions came into no block");
        }
    }

    private void runBaseline(List<byte[]> raw, Map<String, Integer> numbers) throws InterruptedException {
        try (BaselineHeads heads =
                BaselineHeads.open(baseline, numbers, baselineLane, nanoClock, text -> complain("baseline: " + text))) {
            FullBlockQueue queue = new FullBlockQueue(footprints, baselineLane, heads.gasLimit());
            send("baseline", heads.sender(rate, nanoClock, () -> stopped), raw, queue, baselineLane);
        }
    }
}
