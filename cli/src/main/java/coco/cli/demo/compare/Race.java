package coco.cli.demo.compare;

import coco.client.ClientException;
import coco.client.ClientLimits;
import coco.client.JsonRpcClient;
import coco.crypto.Hex;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
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
    /** One block is being committed while the next one is filled. */
    private static final int BLOCKS_UNDER_WAY = 2;
    /** More than a node would find reasonable to parse at once. */
    private static final int REQUEST_MOST = 100;
    /** Fine for blocks of seconds. */
    private static final Duration POLL = Duration.ofMillis(100);

    private static final long COCO_WINDOW_NANOS = 500_000_000;
    /** A block of 2017 comes every 14 seconds; a rate over less than two of them jumps between nothing and much. */
    private static final long BASELINE_WINDOW_NANOS = 30_000_000_000L;

    /** Longer than any election. */
    private static final Duration COCO_AGAIN = Duration.ofSeconds(5);
    /** Two blocks of 2017. */
    private static final Duration BASELINE_AGAIN = Duration.ofSeconds(30);

    private static final int COMPLAINTS_MAX = 8;

    private final Choice choice;
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
     * @param rate transactions a second to both; 0 to keep two full blocks under way on Coco, and to send to the other
     *     network as fast as it takes them
     * @param batchMaximum the largest block of Coco, which may change
     */
    Race(
            Choice choice,
            CocoNetwork coco,
            Baseline baseline,
            double rate,
            IntSupplier batchMaximum,
            LongSupplier nanoClock) {
        this.choice = choice;
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
        URI leader = coco.leader();
        List<SocketHeads> heads = new ArrayList<>();
        try (JsonRpcClient rpc = new JsonRpcClient(leader);
                HttpClient sockets = HttpClient.newHttpClient();
                BlockFollower follower = new BlockFollower(
                        rpc, CocoNetwork.NODES, numbers, cocoLane, text -> complain("Coco: " + text))) {
            for (int node = 1; node <= CocoNetwork.NODES; node++) {
                heads.add(SocketHeads.open(
                        sockets, coco.node(node), nanoClock, follower::has, text -> complain("Coco: " + text)));
            }
            IntSupplier window = () -> BLOCKS_UNDER_WAY * batchMaximum.getAsInt();
            int perRequest = Math.clamp(batchMaximum.getAsInt() / 2, 1, REQUEST_MOST);
            LaneSender.Pace pace = new LaneSender.Pace(rate, window, perRequest, COCO_AGAIN);
            send("Coco", new LaneSender(leader, pace, nanoClock, () -> stopped), raw, cocoLane);
            heads.forEach(SocketHeads::close);
        }
    }

    private void send(String network, LaneSender sender, List<byte[]> raw, Lane lane) throws InterruptedException {
        int again = sender.send(raw, lane);
        if (again > 0) {
            complain(network + ": " + again + " were in no block for long and sent again");
        }
        if (!stopped && lane.outstanding() > 0) {
            complain(network + ": " + lane.outstanding() + " transactions came into no block");
        }
    }

    private void runBaseline(List<byte[]> raw, Map<String, Integer> numbers) throws InterruptedException {
        List<JsonRpcClient> nodes = baseline.nodes().stream()
                .map(url -> new JsonRpcClient(url, null, ClientLimits.DEFAULT))
                .toList();
        List<PolledHeads> heads = new ArrayList<>();
        try (BlockFollower follower = new BlockFollower(
                nodes.getFirst(), nodes.size(), numbers, baselineLane, text -> complain("baseline: " + text))) {
            for (JsonRpcClient node : nodes) {
                heads.add(new PolledHeads(node, POLL, nanoClock, follower::has, text -> complain("baseline: " + text)));
            }
            LaneSender.Pace pace = new LaneSender.Pace(rate, () -> Integer.MAX_VALUE, 1, BASELINE_AGAIN);
            URI first = baseline.nodes().getFirst();
            send("baseline", new LaneSender(first, pace, nanoClock, () -> stopped), raw, baselineLane);
        } catch (ClientException e) {
            complain("baseline: " + e.getMessage());
            baselineFailed = true;
        } finally {
            heads.forEach(PolledHeads::close);
            nodes.forEach(JsonRpcClient::close);
        }
    }
}
