package coco.cli.demo.compare;

import coco.client.JsonRpcClient;
import coco.crypto.Hex;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Lets nodes that have just begun execute something before they are measured: a Java process begins interpreted, and
 * nobody runs a network that was started a second ago. What is executed has accounts of its own.
 */
final class WarmUp {
    private static final long POLL_MILLIS = 20;
    /** On a machine that needs longer the figures are no good anyway. */
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private static final Duration AGAIN = Duration.ofSeconds(5);
    private static final int PER_REQUEST = 50;
    private static final int BLOCKS_UNDER_WAY = 2;

    /** What cannot be asked is asked again; nothing of the warm-up is reported. */
    private static void unheard(String words) {}

    private final CocoNetwork network;
    private final IntSupplier batchMaximum;
    private final LongSupplier nanoClock;

    WarmUp(CocoNetwork network, IntSupplier batchMaximum, LongSupplier nanoClock) {
        this.network = network;
        this.batchMaximum = batchMaximum;
        this.nanoClock = nanoClock;
    }

    /** Sends them until all are done, or half a minute is over; what was taken until then is waited for. */
    void run(List<SourceTransaction> transactions) throws InterruptedException {
        if (transactions.isEmpty()) {
            return;
        }
        List<byte[]> raw = new ArrayList<>();
        Map<String, Integer> numbers = new HashMap<>();
        for (SourceTransaction source : SendOrder.of(transactions)) {
            numbers.put("0x" + Hex.encode(source.transaction().hash()), raw.size());
            raw.add(source.transaction().encoded());
        }
        Lane lane = new Lane(raw.size(), 1_000_000_000);
        URI leader = network.leader();
        try (JsonRpcClient rpc = new JsonRpcClient(leader);
                BlockFollower follower = new BlockFollower(rpc, 1, numbers, lane, WarmUp::unheard)) {
            PolledHeads heads =
                    new PolledHeads(rpc, Duration.ofMillis(POLL_MILLIS), nanoClock, follower::has, WarmUp::unheard);
            IntSupplier window = () -> Math.max(PER_REQUEST, BLOCKS_UNDER_WAY * batchMaximum.getAsInt());
            long end = nanoClock.getAsLong() + LONGEST.toNanos();
            LaneSender.Pace pace = new LaneSender.Pace(0, window, PER_REQUEST, AGAIN);
            new LaneSender(leader, pace, nanoClock, () -> nanoClock.getAsLong() - end > 0).send(raw, lane);
            heads.close();
        }
    }
}
