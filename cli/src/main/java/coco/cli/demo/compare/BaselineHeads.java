package coco.cli.demo.compare;

import coco.client.ClientLimits;
import coco.client.JsonRpcClient;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Hears which transactions all named nodes of the other network have in a block, and sends to the first of them. */
final class BaselineHeads implements AutoCloseable {
    /** Fine for blocks of seconds. */
    private static final Duration POLL = Duration.ofMillis(100);
    /** Two blocks of 2017. */
    private static final Duration AGAIN = Duration.ofSeconds(30);

    private final URI first;
    private final List<JsonRpcClient> nodes;
    private final BlockFollower follower;
    private final List<PolledHeads> heads = new ArrayList<>();

    private BaselineHeads(URI first, List<JsonRpcClient> nodes, BlockFollower follower) {
        this.first = first;
        this.nodes = nodes;
        this.follower = follower;
    }

    /**
     * Begins to ask every node for its blocks.
     *
     * @throws coco.client.ClientException a node does not answer
     */
    static BaselineHeads open(
            Baseline baseline,
            Map<String, Integer> numbers,
            Lane lane,
            LongSupplier nanoClock,
            Consumer<String> complaints) {
        List<JsonRpcClient> nodes = baseline.nodes().stream()
                .map(url -> new JsonRpcClient(url, null, ClientLimits.DEFAULT))
                .toList();
        BlockFollower follower = new BlockFollower(nodes.getFirst(), nodes.size(), numbers, lane, complaints);
        BaselineHeads opened = new BaselineHeads(baseline.nodes().getFirst(), nodes, follower);
        try {
            for (JsonRpcClient node : nodes) {
                opened.heads.add(new PolledHeads(node, POLL, nanoClock, follower::has, complaints));
            }
            return opened;
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /** Of the newest block. */
    long gasLimit() {
        return Long.decode(nodes.getFirst()
                .result("eth_getBlockByNumber", "latest", false)
                .path("gasLimit")
                .asString("0x0"));
    }

    /**
     * Sends one by one.
     *
     * @param rate transactions a second; 0 to send as fast as the queue gives them
     */
    LaneSender sender(double rate, LongSupplier nanoClock, BooleanSupplier stopped) {
        return new LaneSender(first, new LaneSender.Pace(rate, () -> Integer.MAX_VALUE, 1, AGAIN), nanoClock, stopped);
    }

    @Override
    public void close() {
        heads.forEach(PolledHeads::close);
        follower.close();
        nodes.forEach(JsonRpcClient::close);
    }
}
