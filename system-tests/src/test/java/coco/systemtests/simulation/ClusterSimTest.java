package coco.systemtests.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.consensus.LogPosition;
import coco.consensus.PeerId;
import coco.consensus.ProposeReply;
import coco.consensus.ReadReply;
import coco.consensus.ReplicatedLog;
import coco.consensus.Role;
import coco.consensus.StateMachine;
import coco.consensus.testing.Faults;
import coco.ledgers.kv.KvLedgerFactory;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ClusterSimTest {
    private static final int SEEDS = Integer.getInteger("coco.sim.seeds", 100);
    private static final long FIRST_SEED = Long.getLong("coco.sim.seed", 1);

    @Test
    void shouldCommitEverythingWhenNothingFails() {
        Run run = new Run(7, Faults.none(), UnaryOperator.identity());
        run.cluster.startAll();
        run.workload.start(20);
        run.cluster.runFor(4_000);
        run.settle();
        assertThat(run.workload.acknowledged()).hasSizeGreaterThan(500);
    }

    @Test
    void shouldLoseAndDoubleNothingWhenEverythingFails() {
        int acknowledged = 0;
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            acknowledged += storm(seed, UnaryOperator.identity());
        }
        assertThat(acknowledged).as("acknowledged over %d seeds", SEEDS).isGreaterThan(SEEDS * 5);
        System.out.printf("simulation: %d seeds, %d acknowledged%n", SEEDS, acknowledged);
    }

    @Test
    @Tag("long")
    void shouldLoseAndDoubleNothingOverManySeeds() {
        for (long seed = 100_000; seed < 102_000; seed++) {
            storm(seed, UnaryOperator.identity());
        }
    }

    @Test
    void shouldBeCaughtWhenTheFenceIsBroken() {
        assertThatThrownBy(() -> {
                    for (long seed = 1; seed <= 100; seed++) {
                        storm(seed, Unfenced::new);
                    }
                })
                .isInstanceOf(AssertionError.class);
    }

    /** Six seconds of everything going wrong, then calm; returns how many transactions were acknowledged. */
    private static int storm(long seed, UnaryOperator<ReplicatedLog> wrapper) {
        try {
            Run run = new Run(seed, Faults.harsh(), wrapper);
            run.cluster.startAll();
            run.workload.start(6);
            run.cluster.weather(SimulatedCluster.Weather.STORM, Faults.harsh());
            run.cluster.storm();
            run.cluster.runFor(6_000);
            run.settle();
            return run.workload.acknowledged().size();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "seed " + seed + " (again: mvn -B verify -pl system-tests -am -Dtest=ClusterSimTest"
                            + " -Dcoco.sim.seeds=1 -Dcoco.sim.seed=" + seed + ")",
                    e);
        }
    }

    private static final class Run {
        final SimulatedCluster cluster;
        final Workload workload;

        Run(long seed, Faults faults, UnaryOperator<ReplicatedLog> wrapper) {
            cluster = new SimulatedCluster(
                    seed, faults, List.of(new KvLedgerFactory()), Map.of("kv", new byte[0]), wrapper);
            workload = new Workload(cluster);
        }

        /** Calm returns, every node comes back, clients finish, and everything must agree. */
        void settle() {
            cluster.weather(SimulatedCluster.Weather.CALM, Faults.none());
            cluster.startMissing();
            workload.stop();
            long patience = cluster.simulation().nowNanos() + TimeUnit.SECONDS.toNanos(120);
            while ((workload.open() > 0 || !cluster.level())
                    && cluster.simulation().nowNanos() < patience) {
                cluster.runFor(100);
            }
            assertThat(workload.open()).as("requests never answered").isZero();
            assertThat(cluster.level()).as("nodes at the same height").isTrue();
            for (SimulatedNode node : cluster.nodes()) {
                workload.verify(node.executed("kv"));
            }
            cluster.assertSameState();
        }
    }

    /** A log whose last look before appending is gone. */
    private static final class Unfenced implements ReplicatedLog {
        private final ReplicatedLog log;

        Unfenced(ReplicatedLog log) {
            this.log = log;
        }

        @Override
        public void start(StateMachine machine) {
            log.start(new Careless(machine));
        }

        @Override
        public CompletableFuture<ProposeReply> propose(long callId, byte[] payload) {
            return log.propose(callId, payload);
        }

        @Override
        public CompletableFuture<ReadReply> readIndex() {
            return log.readIndex();
        }

        @Override
        public void nudge() {
            log.nudge();
        }

        @Override
        public void stepDown() {
            log.stepDown();
        }

        @Override
        public CompletableFuture<Boolean> transferLeadership(PeerId successor) {
            return log.transferLeadership(successor);
        }

        @Override
        public Role role() {
            return log.role();
        }

        @Override
        public @Nullable PeerId leader() {
            return log.leader();
        }

        @Override
        public long term() {
            return log.term();
        }

        @Override
        public void close() {
            log.close();
        }
    }

    private record Careless(StateMachine machine) implements StateMachine {
        @Override
        public @Nullable String preAppend(long term, byte[] payload) {
            return null;
        }

        @Override
        public CompletableFuture<?> apply(LogPosition position, byte[] payload) {
            return machine.apply(position, payload);
        }

        @Override
        public void leaderReady(long term) {
            machine.leaderReady(term);
        }

        @Override
        public void notLeader(long term) {
            machine.notLeader(term);
        }

        @Override
        public void leaderChanged(@Nullable PeerId leader) {
            machine.leaderChanged(leader);
        }

        @Override
        public void failed(Throwable cause) {
            machine.failed(cause);
        }

        @Override
        public LogPosition durable() {
            return machine.durable();
        }
    }
}
