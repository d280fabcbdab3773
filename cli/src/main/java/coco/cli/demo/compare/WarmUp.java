package coco.cli.demo.compare;

import coco.client.ClientException;
import coco.crypto.Hex;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Lets both networks, and what sends to them, work before they are measured: a Java process begins interpreted, and
 * nobody runs a network that was started a second ago. Both get the same synthetic transactions in the way in which
 * they get those of the race, and for the same time: Coco all of them, the other one as many as it does meanwhile. What
 * is executed has accounts of its own. It ends with a block of the other network, so that the race begins with a whole
 * interval.
 */
final class WarmUp {
    /** On a machine that needs longer the figures are no good anyway. */
    private static final Duration LONGEST = Duration.ofMinutes(1);
    /** More than a network with blocks of seconds does in that time. */
    private static final int BASELINE_MOST = 2_000;

    private static final long WAIT_MILLIS = 50;
    /** Two blocks of 2017. */
    private static final Duration AFTERWARDS = Duration.ofSeconds(30);

    private final CocoNetwork coco;
    private final Baseline baseline;
    private final IntSupplier batchMaximum;
    private final LongSupplier nanoClock;

    WarmUp(CocoNetwork coco, Baseline baseline, IntSupplier batchMaximum, LongSupplier nanoClock) {
        this.coco = coco;
        this.baseline = baseline;
        this.batchMaximum = batchMaximum;
        this.nanoClock = nanoClock;
    }

    /** How many each network has executed. */
    record Done(int coco, int baseline) {
        static final Done NOTHING = new Done(0, 0);
    }

    /** What cannot be asked is asked again; nothing of the warm-up is reported. */
    private static void unheard(String words) {}

    /**
     * Sends until Coco has done all, or a minute is over; what was taken until then is waited for.
     *
     * @param transactions in the order in which they are sent
     * @param footprints of as many of the first ones as the other network may get
     * @throws ClientException a network does not answer
     */
    Done run(List<SourceTransaction> transactions, List<Footprint> footprints) throws InterruptedException {
        if (transactions.isEmpty()) {
            return Done.NOTHING;
        }
        long end = nanoClock.getAsLong() + LONGEST.toNanos();
        BooleanSupplier late = () -> nanoClock.getAsLong() - end > 0;
        AtomicBoolean enough = new AtomicBoolean();
        Work other = new Work(transactions.subList(0, footprints.size()));
        AtomicReference<RuntimeException> failure = new AtomicReference<>();
        Thread thread = Thread.ofPlatform().name("compare-warm-up").daemon().start(() -> {
            try {
                onBaseline(other, footprints, () -> enough.get() || late.getAsBoolean());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                failure.set(e);
            }
        });
        Work ours = new Work(transactions);
        try {
            onCoco(ours, late);
        } finally {
            enough.set(true);
            thread.join();
        }
        RuntimeException failed = failure.get();
        if (failed != null) {
            throw failed;
        }
        return new Done(ours.lane.done(), other.lane.done());
    }

    /** How many of these the other network may get. */
    static List<SourceTransaction> forBaseline(List<SourceTransaction> transactions) {
        return transactions.subList(0, Math.min(BASELINE_MOST, transactions.size()));
    }

    private void onCoco(Work work, BooleanSupplier stopped) throws InterruptedException {
        try (CocoHeads heads = CocoHeads.open(coco, work.numbers, work.lane, nanoClock, WarmUp::unheard)) {
            heads.sender(batchMaximum, 0, nanoClock, stopped)
                    .send(work.raw, SendQueue.inTurn(work.raw.size()), work.lane);
            awaitWaiting(work.lane);
        }
    }

    private void onBaseline(Work work, List<Footprint> footprints, BooleanSupplier stopped)
            throws InterruptedException {
        try (BaselineHeads heads = BaselineHeads.open(baseline, work.numbers, work.lane, nanoClock, WarmUp::unheard)) {
            FullBlockQueue queue = new FullBlockQueue(footprints, work.lane, heads.gasLimit());
            heads.sender(0, nanoClock, stopped).send(work.raw, queue, work.lane);
            awaitWaiting(work.lane);
        }
    }

    private void awaitWaiting(Lane lane) throws InterruptedException {
        long end = nanoClock.getAsLong() + AFTERWARDS.toNanos();
        while (lane.outstanding() > 0 && nanoClock.getAsLong() - end < 0) {
            lane.awaitOutstanding(0, WAIT_MILLIS);
        }
    }

    /** Some transactions, as they are sent, and a lane for them. */
    private static final class Work {
        private final List<byte[]> raw = new ArrayList<>();
        private final Map<String, Integer> numbers = new HashMap<>();
        private final Lane lane;

        Work(List<SourceTransaction> transactions) {
            for (SourceTransaction source : transactions) {
                numbers.put("0x" + Hex.encode(source.transaction().hash()), raw.size());
                raw.add(source.transaction().encoded());
            }
            lane = new Lane(raw.size(), 1_000_000_000);
        }
    }
}
