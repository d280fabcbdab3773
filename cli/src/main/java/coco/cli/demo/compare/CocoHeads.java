package coco.cli.demo.compare;

import coco.client.JsonRpcClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/** Hears which transactions all nodes of Coco have in a block, and sends to the node that orders them. */
final class CocoHeads implements AutoCloseable {
    /** One block is being committed while the next one is filled. */
    private static final int BLOCKS_UNDER_WAY = 2;
    /** More than a node would find reasonable to parse at once. */
    private static final int REQUEST_MOST = 100;
    /** Longer than any election. */
    private static final Duration AGAIN = Duration.ofSeconds(5);

    private final URI leader;
    private final JsonRpcClient rpc;
    private final HttpClient sockets = HttpClient.newHttpClient();
    private final BlockFollower follower;
    private final List<SocketHeads> heads = new ArrayList<>();

    private CocoHeads(URI leader, JsonRpcClient rpc, BlockFollower follower) {
        this.leader = leader;
        this.rpc = rpc;
        this.follower = follower;
    }

    /** Subscribes to the blocks of every node. */
    static CocoHeads open(
            CocoNetwork network,
            Map<String, Integer> numbers,
            Lane lane,
            LongSupplier nanoClock,
            Consumer<String> complaints) {
        URI leader = network.leader();
        JsonRpcClient rpc = new JsonRpcClient(leader);
        BlockFollower follower = new BlockFollower(rpc, CocoNetwork.NODES, numbers, lane, complaints);
        CocoHeads opened = new CocoHeads(leader, rpc, follower);
        try {
            for (int node = 1; node <= CocoNetwork.NODES; node++) {
                opened.heads.add(
                        SocketHeads.open(opened.sockets, network.node(node), nanoClock, follower::has, complaints));
            }
            return opened;
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /**
     * Sends in whole blocks.
     *
     * @param batchMaximum the largest block, which may change
     * @param rate transactions a second; 0 to keep two full blocks under way
     */
    LaneSender sender(IntSupplier batchMaximum, double rate, LongSupplier nanoClock, BooleanSupplier stopped) {
        IntSupplier window = () -> BLOCKS_UNDER_WAY * batchMaximum.getAsInt();
        int perRequest = Math.clamp(batchMaximum.getAsInt(), 1, REQUEST_MOST);
        return new LaneSender(leader, new LaneSender.Pace(rate, window, perRequest, AGAIN), nanoClock, stopped);
    }

    @Override
    public void close() {
        heads.forEach(SocketHeads::close);
        follower.close();
        sockets.close();
        rpc.close();
    }
}
