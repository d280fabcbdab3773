package coco.systemtests.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.consensus.ReplicatedLog;
import coco.consensus.testing.Faults;
import coco.core.CoreLimits;
import coco.ledgers.api.LedgerFactory;
import coco.ledgers.ethereum.EthereumLedgerFactory;
import coco.ledgers.kv.KvLedgerFactory;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ClusterSimTest {
    private static final int SEEDS = Integer.getInteger("coco.sim.seeds", 100);
    private static final long FIRST_SEED = Long.getLong("coco.sim.seed", 1);

    private static final int ACCOUNTS = 4;

    /** Lives that began with a snapshot, over all storms. */
    private static int snapshotStarts;

    @Test
    void shouldCommitEverythingWhenNothingFails() {
        Run run = new Run(7, Faults.none(), CoreLimits.DEFAULTS, new EthereumLedgerFactory(), UnaryOperator.identity());
        run.cluster.startAll();
        run.start(15, 3);
        run.cluster.runFor(2_500);
        run.settle();
        assertThat(run.puts.acknowledged()).hasSizeGreaterThan(200);
        assertThat(run.transactions.acknowledged()).hasSizeGreaterThan(100);
    }

    @Test
    void shouldLoseAndDoubleNothingWhenEverythingFails() {
        int acknowledged = 0;
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            acknowledged += storm(seed);
        }
        assertThat(acknowledged).as("acknowledged over %d seeds", SEEDS).isGreaterThan(SEEDS * 5);
        System.out.printf(
                "simulation: %d seeds, %d acknowledged, %d starts from snapshots%n",
                SEEDS, acknowledged, snapshotStarts);
        assertThat(snapshotStarts).as("starts from snapshots").isGreaterThan(SEEDS / 10);
    }

    @Test
    @Tag("long")
    void shouldLoseAndDoubleNothingOverManySeeds() {
        for (long seed = 100_000; seed < 102_000; seed++) {
            storm(seed);
        }
    }

    /** Whatever replication says of a proposal, only apply settles a transaction. */
    @Test
    void shouldLoseAndDoubleNothingWhenTheLogClaimsSuccessFalsely() {
        for (long seed = 5_000; seed < 5_000 + SEEDS / 10; seed++) {
            storm(seed, Faults.harsh().withFalseSuccess(0.05), new EthereumLedgerFactory(), UnaryOperator.identity());
        }
    }

    @Test
    void shouldBeCaughtWhenTheFenceIsBroken() {
        assertThatThrownBy(() -> {
                    for (long seed = 1; seed <= 100; seed++) {
                        storm(seed, Faults.harsh(), new EthereumLedgerFactory(), MutantLogs::unfenced);
                    }
                })
                .isInstanceOf(AssertionError.class);
    }

    /**
     * By the log, which no longer has what follows the journal, or before it by the watch, which knows what was
     * promised.
     */
    @Test
    void shouldBeCaughtWhenTheLogIsPurgedBeforeTheJournalIsForced() {
        assertThatThrownBy(() -> {
                    for (long seed = 1; seed <= 100; seed++) {
                        storm(seed, Faults.harsh(), new EthereumLedgerFactory(), MutantLogs::purgedAtApply);
                    }
                })
                .isInstanceOf(AssertionError.class)
                .rootCause()
                .message()
                .containsAnyOf("the log was purged up to", "holds what Raft may have forgotten");
    }

    @Test
    void shouldBeCaughtWhenALedgerKeepsWhatItSpeculated() {
        assertThatThrownBy(() -> {
                    for (long seed = 1; seed <= 100; seed++) {
                        storm(seed, Faults.harsh(), new StubbornLedgers(), UnaryOperator.identity());
                    }
                })
                .isInstanceOf(AssertionError.class);
    }

    static int storm(long seed) {
        return storm(seed, Faults.harsh(), new EthereumLedgerFactory(), UnaryOperator.identity());
    }

    /** Six seconds of everything going wrong, then calm; returns how many transactions were acknowledged. */
    private static int storm(long seed, Faults faults, LedgerFactory ethereum, UnaryOperator<ReplicatedLog> wrapper) {
        try {
            // Half of them with empty blocks in between.
            CoreLimits limits = seed % 2 == 0 ? SimulatedCluster.withHeartbeat(700) : CoreLimits.DEFAULTS;
            Run run = new Run(seed, faults, limits, ethereum, wrapper);
            // A third of them without snapshots.
            run.cluster.snapshotBlocks(seed % 3 == 0 ? 0 : 3 + seed % 17);
            run.cluster.startAll();
            run.start(4, 2);
            run.cluster.weather(SimulatedCluster.Weather.STORM, faults);
            run.cluster.storm();
            run.cluster.runFor(6_000);
            run.settle();
            run.compareStarts();
            snapshotStarts += run.cluster.snapshotStarts();
            return run.puts.acknowledged().size()
                    + run.transactions.acknowledged().size();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "seed " + seed + " (again: mvn -B verify -pl system-tests -am -Dtest=ClusterSimTest"
                            + " -Dcoco.sim.seeds=1 -Dcoco.sim.seed=" + seed + ")",
                    e);
        }
    }

    /** Both ledgers side by side, with clients of both. */
    private static final class Run {
        final SimulatedCluster cluster;
        final Workload puts;
        final EthereumWorkload transactions;

        Run(long seed, Faults faults, CoreLimits limits, LedgerFactory ethereum, UnaryOperator<ReplicatedLog> wrapper) {
            cluster = new SimulatedCluster(
                    seed,
                    faults,
                    List.of(new KvLedgerFactory(), ethereum),
                    Map.of("kv", new byte[0], EthereumWorkload.LEDGER, EthereumWorkload.document(ACCOUNTS, "")),
                    limits,
                    wrapper);
            puts = new Workload(cluster);
            transactions = new EthereumWorkload(cluster, ACCOUNTS);
        }

        void start(int putters, int transactionsOfEachAccount) {
            puts.start(putters);
            transactions.start(transactionsOfEachAccount);
        }

        /** A start from a snapshot comes out as a start from the beginning does: as those who never stopped. */
        void compareStarts() {
            SimulatedNode node = cluster.nodes().getFirst();
            restart(node);
            node.snapshotDisk().list().forEach(node.snapshotDisk()::delete);
            restart(node);
            assertThat(node.core().snapshotHeight()).isEqualTo(-1);
        }

        private void restart(SimulatedNode node) {
            cluster.stop(node);
            cluster.startMissing();
            long patience = cluster.simulation().nowNanos() + TimeUnit.SECONDS.toNanos(60);
            while (!cluster.level() && cluster.simulation().nowNanos() < patience) {
                cluster.runFor(20);
            }
            assertThat(cluster.level()).as("level after a start").isTrue();
            Iterator<String> other = cluster.nodes().getLast().dump().iterator();
            for (String line : node.dump()) {
                assertThat(line).as("first difference").isEqualTo(other.hasNext() ? other.next() : "nothing");
            }
            assertThat(other.hasNext()).as("entries that are missing").isFalse();
        }

        /** Calm returns, every node comes back, clients finish, and everything must agree. */
        void settle() {
            cluster.weather(SimulatedCluster.Weather.CALM, Faults.none());
            cluster.startMissing();
            puts.stop();
            transactions.stop();
            long patience = cluster.simulation().nowNanos() + TimeUnit.SECONDS.toNanos(120);
            while ((puts.open() + transactions.open() > 0 || !cluster.level())
                    && cluster.simulation().nowNanos() < patience) {
                cluster.runFor(100);
            }
            assertThat(puts.open()).as("puts never answered").isZero();
            assertThat(transactions.open()).as("transactions never answered").isZero();
            assertThat(cluster.level()).as("nodes at the same height").isTrue();
            for (SimulatedNode node : cluster.nodes()) {
                puts.verify(node.executed("kv"));
                transactions.verify(node);
            }
            cluster.assertSameState();
        }
    }
}
