package coco.systemtests.processes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills, as a power cut would, under load; what was acknowledged must be there afterwards, everywhere the same. */
@Tag("processes")
class CrashIT {
    private static final int KILLS = Integer.getInteger("coco.crash.kills", 10);
    private static final long SEED = Long.getLong("coco.crash.seed", 20_261_123L);

    @TempDir
    private Path folder = Path.of("");

    private final Map<String, String> acknowledged = new ConcurrentHashMap<>();
    private final Queue<Long> acknowledgedNanos = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean loading = new AtomicBoolean(true);

    @Test
    void shouldKeepEverythingAcknowledgedWhenLeadersAreKilledUnderLoad() throws Exception {
        Random random = new Random(SEED);
        try (ProcessNetwork network = new ProcessNetwork(folder.resolve("network"), Map.of())) {
            List<Thread> clients = load(network);
            List<Long> outages = new ArrayList<>();
            for (int kill = 0; kill < KILLS; kill++) {
                int leader = network.awaitLeader();
                long before = acknowledged.size();
                ProcessNetwork.await(() -> acknowledged.size() > before + 20, "the load to run");
                LockSupport.parkNanos(random.nextLong(1_000_000_000L));
                long killed = System.nanoTime();
                network.process(leader).kill();
                ProcessNetwork.await(() -> network.local().process(leader).isEmpty(), "the process to be gone");
                network.start(leader);
                awaitCaughtUp(network);
                outages.add(longestSilenceMillis(killed));
            }
            stop(clients);
            network.awaitLevel();
            System.out.printf(
                    "crash: %d kills, %d acknowledged, outages %s ms (seed %d)%n",
                    KILLS, acknowledged.size(), outages, SEED);
            assertEveryNodeHolds(network);
            assertSameBlocks(network);

            for (int node = 1; node <= ProcessNetwork.NODES; node++) {
                network.process(node).kill();
            }
            for (int node = 1; node <= ProcessNetwork.NODES; node++) {
                int killed = node;
                ProcessNetwork.await(() -> network.local().process(killed).isEmpty(), "the process to be gone");
                network.start(node);
            }
            network.awaitLevel();
            assertEveryNodeHolds(network);
        }
    }

    /** The longest time after the kill in which no client was answered: what in flight had committed is still answered first. */
    private long longestSilenceMillis(long killedNanos) {
        List<Long> after = acknowledgedNanos.stream()
                .filter(nanos -> nanos - killedNanos > 0)
                .sorted()
                .toList();
        acknowledgedNanos.clear();
        long longest = 0;
        long before = killedNanos;
        for (long nanos : after) {
            longest = Math.max(longest, nanos - before);
            before = nanos;
        }
        return longest / 1_000_000;
    }

    /** The next kill comes only when no survivor must first catch up. */
    private static void awaitCaughtUp(ProcessNetwork network) {
        ProcessNetwork.await(
                () -> {
                    long lowest = Long.MAX_VALUE;
                    long highest = -1;
                    for (int node = 1; node <= ProcessNetwork.NODES; node++) {
                        long height = network.height(node);
                        lowest = Math.min(lowest, height);
                        highest = Math.max(highest, height);
                    }
                    return lowest > 0 && highest - lowest <= 10;
                },
                "the restarted node to catch up");
    }

    private List<Thread> load(ProcessNetwork network) {
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            int client = i;
            clients.add(Thread.ofVirtual().start(() -> run(network, client)));
        }
        return clients;
    }

    private void stop(List<Thread> clients) throws InterruptedException {
        loading.set(false);
        for (Thread client : clients) {
            client.join();
        }
    }

    private void run(ProcessNetwork network, int client) {
        int node = 1 + client % ProcessNetwork.NODES;
        for (long n = 0; loading.get(); n++) {
            String key = "client-" + client + "-" + n;
            while (loading.get() && !put(network, node, key)) {
                node = 1 + node % ProcessNetwork.NODES;
            }
        }
    }

    /** Whether the node acknowledged. The request's id makes it safe to ask again elsewhere. */
    private boolean put(ProcessNetwork network, int node, String key) {
        String value = "value of " + key;
        HttpRequest request = HttpRequest.newBuilder(network.url(node, "/kv/" + key + "?id=" + key))
                .timeout(Duration.ofSeconds(3))
                .PUT(HttpRequest.BodyPublishers.ofString(value))
                .build();
        try {
            HttpResponse<byte[]> reply = network.send(request);
            if (reply.statusCode() != 200) {
                return false;
            }
            acknowledged.put(key, value);
            acknowledgedNanos.add(System.nanoTime());
            return true;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void assertEveryNodeHolds(ProcessNetwork network) throws IOException, InterruptedException {
        for (int node = 1; node <= ProcessNetwork.NODES; node++) {
            List<String> missing = new ArrayList<>();
            for (Map.Entry<String, String> entry : acknowledged.entrySet()) {
                HttpResponse<byte[]> reply =
                        network.send(HttpRequest.newBuilder(network.url(node, "/kv/" + entry.getKey()))
                                .build());
                if (!new String(reply.body(), StandardCharsets.UTF_8).equals(entry.getValue())) {
                    missing.add(entry.getKey());
                }
            }
            assertThat(missing).as("acknowledged, not at node %d", node).isEmpty();
        }
    }

    private static void assertSameBlocks(ProcessNetwork network) {
        long top = network.height(1);
        for (long height = 0; height <= top; height++) {
            String hash = network.hash(1, height);
            for (int node = 2; node <= ProcessNetwork.NODES; node++) {
                assertThat(network.hash(node, height))
                        .as("block %d at node %d", height, node)
                        .isEqualTo(hash);
            }
        }
    }
}
