package coco.systemtests.processes;

import static org.assertj.core.api.Assertions.assertThat;

import coco.cli.network.NodeJvm;
import coco.cli.network.NodeProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nodes that die at a random system call by which files change, one of them or all, under load and while they start.
 * Nothing acknowledged is ever lost, no two blocks have one height, and no IV is used twice with a key.
 */
@Tag("processes")
class CrashMatrixIT {
    private static final int KILLS = Integer.getInteger("coco.matrix.kills", 20);
    private static final int KILLS_OF_ALL = Integer.getInteger("coco.matrix.killsOfAll", 5);
    private static final long SEED = Long.getLong("coco.matrix.seed", 20_261_126L);

    /** So that chunks are closed, runs of the index and snapshots written, and starts made from them, among kills. */
    private static final Map<String, String> OFTEN =
            Map.of("journal.chunkBytes", "1MiB", "snapshot.intervalBlocks", "500");

    private static final Duration DEATH = Duration.ofSeconds(30);

    private final Random random = new Random(SEED);
    private final Map<String, Integer> died = new TreeMap<>();

    @TempDir
    private Path folder = Path.of("");

    @Test
    void shouldLoseAndRepeatNothingWhereverNodesAreKilled() throws Exception {
        NodeJvm jvm = IvRecord.recording(ProcessNetwork.ordinaryJvm(), folder.resolve("recorder"));
        try (ProcessNetwork network = ProcessNetwork.started(folder.resolve("network"), OFTEN, jvm);
                Load load = Load.start(network, Load.bothLedgers())) {
            int allAfter = Math.max(1, KILLS / Math.max(1, KILLS_OF_ALL));
            int ofAll = 0;
            for (int kill = 1; kill <= KILLS; kill++) {
                load.awaitMore(10);
                killOne(network);
                if (kill % allAfter == 0 && ofAll < KILLS_OF_ALL) {
                    ofAll++;
                    load.awaitMore(10);
                    killAll(network);
                }
                network.awaitCaughtUp();
            }
            load.awaitMore(10);
            load.stop();
            JournalContents.assertSound(network, load.acknowledged(), folder);
            int pairs = IvRecord.assertUnique(IntStream.rangeClosed(1, ProcessNetwork.NODES)
                    .mapToObj(network::folder)
                    .toList());
            System.out.printf(
                    "crash matrix: %d kills of one, %d of all, %s; %d acknowledged, %d pairs of key and IV (seed %d)%n",
                    KILLS, ofAll, died, load.count(), pairs, SEED);
            assertThat(pairs).isGreaterThan(KILLS);
            assertThat(ofAll).isEqualTo(KILLS_OF_ALL);
        }
    }

    /** Half of them leaders; half die a second time while they start. */
    private void killOne(ProcessNetwork network) throws Exception {
        int victim = random.nextBoolean() ? network.awaitLeader() : 1 + random.nextInt(ProcessNetwork.NODES);
        killAt(network.process(victim), Failpoint.underLoad(random));
        network.start(victim);
        if (random.nextBoolean()) {
            killAt(network.process(victim), Failpoint.atTheStart(random));
            network.start(victim);
        }
    }

    private void killAll(ProcessNetwork network) throws Exception {
        int first = 1 + random.nextInt(ProcessNetwork.NODES);
        killAt(network.process(first), Failpoint.underLoad(random));
        network.killAll();
        network.startAll();
    }

    private void killAt(NodeProcess node, Failpoint failpoint) throws Exception {
        ProcessHandle handle = ProcessHandle.of(node.pid()).orElseThrow();
        boolean there = Strace.isInstalled() && failpoint.kill(handle);
        node.kill();
        assertThat(node.awaitExit(DEATH)).isTrue();
        died.merge(there ? failpoint.call() : "anywhere", 1, Integer::sum);
    }
}
