package coco.systemtests.processes;

import static org.assertj.core.api.Assertions.assertThat;

import coco.cli.network.NodeJvm;
import coco.systemtests.canary.StandIn;
import coco.systemtests.linearizability.Linearizability;
import coco.systemtests.linearizability.Linearizability.Verdict;
import coco.systemtests.linearizability.Operation;
import coco.systemtests.linearizability.Operation.Call;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients of all nodes at once while leaders are cut off, stand still and die: whatever they wrote, and read as
 * linearizable, can be explained by one register a key that does one thing at a time.
 */
@Tag("processes")
@Timeout(7200)
class LinearizabilityIT {
    private static final int ROUNDS = Integer.getInteger("coco.linearizability.rounds", 1);
    private static final long SEED = Long.getLong("coco.linearizability.seed", 20_261_126L);
    private static final int WRITES = 20;

    @TempDir
    private Path folder = Path.of("");

    private final Random random = new Random(SEED);

    /** What happens to one leader; when it is over, all is as it was. */
    private enum Fault {
        CUT_OFF,
        HEARS_NOTHING,
        IS_NOT_HEARD,
        STANDS_STILL,
        IS_KILLED,
        ONE_LINK_CUT,
        ALL_SLOW
    }

    @BeforeAll
    static void shouldRunWhereTheSystemTellsWhoseAConnectionIs() {
        Assumptions.assumeTrue(Files.exists(Path.of("/proc/net/tcp")), "there is no /proc here");
    }

    @Test
    void shouldExplainEveryReadThatIsMarkedLinearizable() throws Exception {
        try (ProcessNetwork network =
                        new ProcessNetwork(folder.resolve("network"), Links.SETTINGS, ProcessNetwork.ordinaryJvm());
                Links links = Links.start(network);
                RegisterClients clients = RegisterClients.start(network, SEED)) {
            List<Fault> faults = new ArrayList<>(List.of(Fault.values()));
            for (int round = 0; round < ROUNDS; round++) {
                Collections.shuffle(faults, random);
                for (Fault fault : faults) {
                    clients.nextEra();
                    strike(network, links, clients, fault);
                }
            }
            network.awaitCaughtUp();
            List<Operation> history = clients.finish();
            Verdict verdict = Linearizability.check(history);
            System.out.printf(
                    "linearizability: %d operations (%d reads, %d unanswered writes, %d reads refused), %d faults, seed %d: %s%n",
                    history.size(),
                    count(history, Call.Read.class),
                    history.stream()
                            .filter(operation -> operation.returned() == Operation.NEVER)
                            .count(),
                    clients.refusedReads(),
                    ROUNDS * Fault.values().length,
                    SEED,
                    verdict);
            assertThat(clients.nonsense()).isEmpty();
            assertThat(verdict).isEqualTo(new Verdict.Linearizable(history.size()));
            assertThat(count(history, Call.Read.class)).isGreaterThan(100L * ROUNDS);
            assertThat(clients.refusedReads()).as("reads at cut-off nodes").isPositive();
        }
    }

    /** The control: nodes that answer such reads from what they have. */
    @Test
    void shouldCatchNodesThatAskNobodyBeforeTheyRead() throws Exception {
        NodeJvm asking = ProcessNetwork.ordinaryJvm();
        Path classes = StandIn.compile(
                Files.createDirectories(folder.resolve("mutant")), LinearizabilityIT.class, "SharedReads.java.txt");
        NodeJvm blunt = asking.withClassPath(
                Stream.concat(Stream.of(classes), asking.classPath().stream()).toList());
        try (ProcessNetwork network = new ProcessNetwork(folder.resolve("network"), Links.SETTINGS, blunt);
                Links links = Links.start(network);
                RegisterClients clients = RegisterClients.start(network, SEED)) {
            strike(network, links, clients, Fault.HEARS_NOTHING);
            network.awaitCaughtUp();
            Verdict verdict = Linearizability.check(clients.finish());
            System.out.printf("linearizability, without a question before reads: %s%n", verdict);
            assertThat(verdict).isInstanceOf(Verdict.Violated.class);
        }
    }

    private static long count(List<Operation> history, Class<? extends Call> kind) {
        return history.stream()
                .filter(operation -> kind.isInstance(operation.call()))
                .count();
    }

    /** Something happens to the leader; the others elect another and are written to; then it is over. */
    private void strike(ProcessNetwork network, Links links, RegisterClients clients, Fault fault) {
        int leader = network.awaitLeader();
        int other = 1 + (leader + random.nextInt(2)) % ProcessNetwork.NODES;
        long started = System.nanoTime();
        switch (fault) {
            case CUT_OFF -> links.cut(leader);
            case HEARS_NOTHING -> links.holdTo(leader);
            case IS_NOT_HEARD -> links.holdFrom(leader);
            case STANDS_STILL -> network.freeze(leader);
            case IS_KILLED -> network.kill(leader);
            case ONE_LINK_CUT -> links.cut(leader, other);
            case ALL_SLOW -> links.delayAll(20);
        }
        switch (fault) {
            case CUT_OFF, HEARS_NOTHING, IS_NOT_HEARD, STANDS_STILL, IS_KILLED -> {
                ProcessNetwork.await(
                        () -> network.leaderSeenBy(other).orElse(leader) != leader, "the others to have a leader");
                clients.awaitWritesBesides(leader, WRITES);
            }
            case ONE_LINK_CUT, ALL_SLOW -> clients.awaitWritesBesides(other, WRITES);
        }
        switch (fault) {
            case STANDS_STILL -> network.thaw(leader);
            case IS_KILLED -> network.start(leader);
            case CUT_OFF, HEARS_NOTHING, IS_NOT_HEARD, ONE_LINK_CUT, ALL_SLOW -> links.heal();
        }
        clients.awaitWritesBesides(0, WRITES);
        System.out.printf(
                "linearizability: node %d %s, over after %d ms%n",
                leader, fault, (System.nanoTime() - started) / 1_000_000);
    }
}
