package coco.systemtests.processes;

import static org.assertj.core.api.Assertions.assertThat;

import coco.consensus.LogPosition;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A leader that stands still while the world goes on, and wakes up believing that it leads. */
@Tag("processes")
class FreezeIT {
    private static final Duration FROZEN = Duration.ofSeconds(10);
    private static final long OUTAGE_MILLIS_MAX = 5_000;

    @TempDir
    private Path folder = Path.of("");

    @Test
    void shouldFollowAnotherLeaderWhenTheLeaderWakesUp() throws Exception {
        try (ProcessNetwork network = new ProcessNetwork(folder.resolve("network"), Map.of());
                Load load = Load.start(network, Load.bothLedgers())) {
            load.awaitMore(50);
            network.awaitCaughtUp();
            int leader = network.awaitLeader();
            long height = freezeWithBlocksInFlight(network, leader);
            long frozen = System.nanoTime();
            List<LogPosition> log = raftLog(network, leader);
            int other = 1 + leader % ProcessNetwork.NODES;
            ProcessNetwork.await(
                    () -> network.leaderSeenBy(other).orElse(leader) != leader, "the others to have a leader");
            load.awaitMore(50);
            ProcessNetwork.await(() -> System.nanoTime() - frozen >= FROZEN.toNanos(), "ten seconds");
            long highest = network.height(other);
            network.thaw(leader);
            ProcessNetwork.await(() -> network.height(leader) > highest, "the old leader to follow");
            load.awaitMore(50);
            long outage = load.longestSilenceMillis(frozen);
            load.stop();
            network.awaitLevel();
            assertThat(network.state(leader, "").path("inFlight").asInt(-1)).isZero();
            assertThat(network.log(leader)).containsPattern("leadership of term .* is over|stepping down");

            JournalContents journal = JournalContents.assertSound(network, load.acknowledged(), folder);
            reportInFlight(log, journal, height);
            System.out.printf("freeze: outage %d ms, %d acknowledged%n", outage, load.count());
            assertLogHoldsJournal(raftLog(network, leader), journal);
            assertThat(outage).isLessThanOrEqualTo(OUTAGE_MILLIS_MAX);
        }
    }

    /**
     * Freezes the followers first, so that the leader surely has blocks in flight when its turn comes. What it had sent
     * lies in the followers' sockets: each such block may be committed by the next leader, or not.
     *
     * @return the height up to which the leader knew its blocks to be committed
     */
    private static long freezeWithBlocksInFlight(ProcessNetwork network, int leader) {
        List<Integer> followers = IntStream.rangeClosed(1, ProcessNetwork.NODES)
                .filter(node -> node != leader)
                .boxed()
                .toList();
        followers.forEach(network::freeze);
        ProcessNetwork.await(() -> network.state(leader, "").path("inFlight").asInt(0) > 0, "blocks in flight");
        long height = network.height(leader);
        network.freeze(leader);
        followers.forEach(network::thaw);
        return height;
    }

    private static List<LogPosition> raftLog(ProcessNetwork network, int node) throws IOException {
        return RaftLogFile.entries(network.folder(node)).stream()
                .map(entry -> new LogPosition(entry.term(), entry.index()))
                .toList();
    }

    /** Says what became of the blocks that were in flight, of which there must have been some. */
    private static void reportInFlight(List<LogPosition> atFreeze, JournalContents journal, long height) {
        Set<LogPosition> committed =
                journal.blocks().stream().map(JournalContents.Block::position).collect(Collectors.toSet());
        long known = journal.blocks().get((int) height).position().index();
        List<LogPosition> inFlight =
                atFreeze.stream().filter(entry -> entry.index() > known).toList();
        assertThat(inFlight).isNotEmpty();
        long kept = inFlight.stream().filter(committed::contains).count();
        System.out.printf(
                "freeze: %d blocks in flight, %d committed by the next leader, %d gone%n",
                inFlight.size(), kept, inFlight.size() - kept);
    }

    /** The log on the old leader's disk is the one that the others agreed on, not its own. */
    private static void assertLogHoldsJournal(List<LogPosition> log, JournalContents journal) {
        Set<LogPosition> inLog = Set.copyOf(log);
        List<LogPosition> missing = journal.blocks().stream()
                .skip(1)
                .map(JournalContents.Block::position)
                .filter(position -> !inLog.contains(position))
                .toList();
        assertThat(missing).as("committed, not in the old leader's log").isEmpty();
    }
}
