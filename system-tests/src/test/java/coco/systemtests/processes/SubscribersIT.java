package coco.systemtests.processes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two thousand subscribers of one node, and some that do not read. */
@Tag("processes")
class SubscribersIT {
    private static final int SUBSCRIBERS = 2_000;
    private static final int DEAF = 3;
    private static final int SENDERS = 8;
    private static final int BLOCKS = 60;
    private static final long PACE_NANOS = 100_000_000;

    @TempDir
    private Path folder = Path.of("");

    @Test
    void shouldTellThousandsEveryHeadOnceInOrderAndCutThoseWhoDoNotRead() throws Exception {
        Map<String, String> settings = Map.of("webSocket.queueMessages", "1024");
        List<HeadWatcher> watchers = new ArrayList<>();
        List<SocketClient> deaf = new ArrayList<>();
        try (ProcessNetwork network = new ProcessNetwork(folder.resolve("network"), settings);
                Senders senders = new Senders(network, SENDERS, PACE_NANOS)) {
            for (int i = 0; i < SUBSCRIBERS; i++) {
                watchers.add(new HeadWatcher(network, 1));
            }
            for (int i = 0; i < DEAF; i++) {
                deaf.add(subscribeWithoutReading(network));
            }
            long from = watchers.getLast().number();
            ProcessNetwork.await(
                    () -> metric(network, "coco_http_closed_total{listener=\"http\",why=\"slow\"}") >= DEAF,
                    "those who do not read to be cut");
            ProcessNetwork.await(
                    () -> watchers.stream()
                            .allMatch(each -> each.number() >= from + BLOCKS
                                    || !each.fault().isEmpty()),
                    "every subscriber to have seen " + BLOCKS + " heads");
            long open = metric(network, "coco_websocket_connections{listener=\"http\"}");
            senders.stop();
            network.awaitLevel();
            long last = Long.decode(network.result(1, "eth_blockNumber").asString());
            ProcessNetwork.await(
                    () -> watchers.stream()
                            .allMatch(each ->
                                    each.number() == last || !each.fault().isEmpty()),
                    "the last head to arrive");

            assertThat(watchers).extracting(HeadWatcher::fault).containsOnly("");
            assertThat(open).isEqualTo(SUBSCRIBERS);
            System.out.printf(
                    "subscribers: %d, heads %d, notifications %d, longest wait of a sender %d ms%n",
                    SUBSCRIBERS,
                    last,
                    watchers.stream().mapToLong(HeadWatcher::heads).sum(),
                    senders.longestMillis());
        } finally {
            watchers.forEach(HeadWatcher::close);
            deaf.forEach(SocketClient::close);
        }
    }

    /** As many subscriptions as one connection may have, so that its queue fills within seconds. */
    private static SocketClient subscribeWithoutReading(ProcessNetwork network) throws Exception {
        SocketClient client = new SocketClient(network.url(1, "/"), Duration.ofSeconds(60));
        for (int i = 0; i < 250; i++) {
            client.call(i, "eth_subscribe", "[\"newHeads\"]");
            client.next();
        }
        return client;
    }

    private static long metric(ProcessNetwork network, String name) {
        return NodeMemory.metric(network, 1, name);
    }
}
