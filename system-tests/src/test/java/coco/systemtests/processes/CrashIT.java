package coco.systemtests.processes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills under load, of the leader and of everybody. A killed process leaves what it wrote to the system's cache, so
 * this says nothing about fsync; {@link FsyncIT} does.
 */
@Tag("processes")
class CrashIT {
    private static final int KILLS = Integer.getInteger("coco.crash.kills", 10);
    private static final long SEED = Long.getLong("coco.crash.seed", 20_261_123L);
    private static final long OUTAGE_MILLIS_MAX = 5_000;
    private static final long OUTAGE_MILLIS_MEDIAN = 3_000;

    /** Of fewer outages than these, the median says no more than each of them. */
    private static final int KILLS_FOR_A_MEDIAN = 5;

    @TempDir
    private Path folder = Path.of("");

    @Test
    void shouldKeepEverythingAcknowledgedWhenLeadersAreKilledUnderLoad() throws Exception {
        Random random = new Random(SEED);
        List<Long> outages = new ArrayList<>();
        try (ProcessNetwork network = new ProcessNetwork(folder.resolve("network"), Map.of());
                Load load = Load.start(network, Load.bothLedgers())) {
            for (int kill = 0; kill < KILLS; kill++) {
                load.awaitMore(20);
                LockSupport.parkNanos(random.nextLong(1_000_000_000L));
                network.awaitCaughtUp();
                outages.add(killLeader(network, load));
            }
            System.out.printf(
                    "crash: %d kills, %d acknowledged, outages %s ms, median %d ms (seed %d)%n",
                    KILLS, load.count(), outages, median(outages), SEED);

            load.awaitMore(20);
            network.killAll();
            network.startAll();
            load.awaitMore(20);
            load.stop();
            System.out.printf("crash: all nodes killed at once, %d acknowledged in the end%n", load.count());
            assertStateOfEthereum(network, JournalContents.assertSound(network, load.acknowledged(), folder));
        }
        assertThat(outages).allSatisfy(outage -> assertThat(outage).isLessThanOrEqualTo(OUTAGE_MILLIS_MAX));
        if (KILLS >= KILLS_FOR_A_MEDIAN) {
            assertThat(median(outages)).as("median of %s", outages).isLessThan(OUTAGE_MILLIS_MEDIAN);
        }
    }

    /** Kills the leader, starts it again, and returns how long nobody was answered. */
    private static long killLeader(ProcessNetwork network, Load load) {
        int leader = network.awaitLeader();
        long killed = System.nanoTime();
        network.kill(leader);
        network.start(leader);
        ProcessNetwork.await(() -> network.leader().isPresent() && network.height(leader) >= 0, "a new leader");
        load.awaitMore(20);
        network.awaitCaughtUp();
        return load.longestSilenceMillis(killed);
    }

    private static long median(List<Long> values) {
        List<Long> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    /** Every transfer moved one wei, so the recipient's balance counts them once more, from the replayed journals. */
    private static void assertStateOfEthereum(ProcessNetwork network, JournalContents journal)
            throws IOException, InterruptedException {
        network.startAll();
        network.awaitLevel();
        String recipient = EthereumLoadClient.RECIPIENT.hex();
        for (int node = 1; node <= ProcessNetwork.NODES; node++) {
            String balance =
                    network.result(node, "eth_getBalance", recipient, "latest").asString();
            assertThat(Long.decode(balance)).as("balance at node %d", node).isEqualTo(journal.count("ethereum"));
        }
    }
}
