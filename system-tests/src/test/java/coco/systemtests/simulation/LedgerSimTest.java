package coco.systemtests.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import coco.consensus.ReplicatedLog;
import coco.consensus.testing.Faults;
import coco.core.CoreLimits;
import coco.evm.types.Address;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import coco.ledgers.api.LedgerBlock;
import coco.ledgers.api.Offer;
import coco.ledgers.api.Outcome;
import coco.ledgers.api.Rejection;
import coco.ledgers.api.Ticket;
import coco.ledgers.api.Verdict;
import coco.ledgers.ethereum.EthereumLedgerFactory;
import coco.ledgers.kv.KvLedgerFactory;
import coco.ledgers.kv.KvTransaction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Single events between the core and its ledgers, in good weather. */
class LedgerSimTest {
    private static final int ACCOUNTS = 2;
    private static final Address DRAIN = Address.of(0xd5a1L);
    private static final Address SINK = Address.of(0xdead_beefL);

    /** Sends all that the executing account has to the sink: CALL(GAS, SINK, SELFBALANCE, 0, 0, 0, 0). */
    private static final String DRAIN_CODE =
            "0x6000600060006000" + "47" + "73" + SINK.hex().substring(2) + "5af100";

    private static SimulatedCluster cluster(CoreLimits limits, UnaryOperator<ReplicatedLog> wrapper) {
        // Account 2 delegates to the drain (EIP-7702): whoever calls it empties it.
        String more =
                "\"%s\":{\"balance\":\"0x0\",\"code\":\"%s\"},\"%s\":{\"balance\":\"0x64\",\"code\":\"0xef0100%s\"},"
                        .formatted(
                                DRAIN.hex(),
                                DRAIN_CODE,
                                EthereumWorkload.address(ACCOUNTS).hex(),
                                DRAIN.hex().substring(2));
        SimulatedCluster cluster = new SimulatedCluster(
                11,
                Faults.none(),
                List.of(new KvLedgerFactory(), new EthereumLedgerFactory()),
                Map.of("kv", new byte[0], EthereumWorkload.LEDGER, EthereumWorkload.document(ACCOUNTS, more)),
                limits,
                wrapper);
        cluster.startAll();
        return cluster;
    }

    /** Runs until it holds, and says how long that took. */
    private static long millisUntil(SimulatedCluster cluster, BooleanSupplier holds) {
        long start = cluster.simulation().nowNanos();
        while (!holds.getAsBoolean()) {
            assertThat(cluster.simulation().nowNanos() - start).isLessThan(TimeUnit.SECONDS.toNanos(100));
            cluster.runFor(1);
        }
        return TimeUnit.NANOSECONDS.toMillis(cluster.simulation().nowNanos() - start);
    }

    private static SimulatedNode awaitLeader(SimulatedCluster cluster) {
        millisUntil(cluster, () -> cluster.leader() != null && cluster.level());
        SimulatedNode leader = cluster.leader();
        if (leader == null) {
            throw new AssertionError("there was a leader");
        }
        return leader;
    }

    private static SimulatedNode follower(SimulatedCluster cluster) {
        SimulatedNode leader = awaitLeader(cluster);
        return cluster.nodes().stream()
                .filter(node -> node != leader)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldRefuseAtAFollowersClientWhenTheLeaderDropsATransactionWhileBuilding() {
        SimulatedCluster cluster = cluster(CoreLimits.DEFAULTS, UnaryOperator.identity());
        EthereumWorkload clients = new EthereumWorkload(cluster, ACCOUNTS);
        SimulatedNode follower = follower(cluster);
        Address rich = EthereumWorkload.address(ACCOUNTS);
        Offer drains = clients.offer(EthereumWorkload.sign(0, EthereumWorkload.call(0, rich, Word.ZERO)));
        Offer spends = clients.offer(EthereumWorkload.sign(ACCOUNTS, EthereumWorkload.call(0, SINK, Word.of(60))));
        Ticket first = follower.core().replica().submit(drains);
        Ticket second = follower.core().replica().submit(spends);
        millisUntil(cluster, () -> second.verdict().isDone());
        assertThat(second.verdict()).as("when it was offered there was money").isCompletedWithValue(Verdict.ACCEPTED);
        long millis = millisUntil(cluster, () -> second.outcome().isDone());
        assertThat(first.outcome().join()).isInstanceOf(Outcome.Applied.class);
        assertThat(second.outcome().join()).isInstanceOf(Outcome.Rejected.class);
        if (second.outcome().join() instanceof Outcome.Rejected(Rejection reason)) {
            assertThat(reason.message())
                    .isEqualTo("insufficient funds for gas * price + value: balance 0, tx cost 60, overshot 60");
        }
        assertThat(millis).isLessThan(2_000);
    }

    @Test
    void shouldKeepWhatWaitsBehindAGapAndCommitItWhenTheGapIsFilled() {
        SimulatedCluster cluster = cluster(CoreLimits.DEFAULTS, UnaryOperator.identity());
        EthereumWorkload clients = new EthereumWorkload(cluster, ACCOUNTS);
        SimulatedNode follower = follower(cluster);
        Transaction later = EthereumWorkload.sign(0, EthereumWorkload.call(1, SINK, Word.ONE));
        Ticket ticket = follower.core().replica().submit(clients.offer(later));
        cluster.runFor(10_000);
        assertThat(ticket.verdict()).isCompletedWithValue(Verdict.QUEUED);
        assertThat(ticket.outcome()).isNotDone();
        Transaction earlier = EthereumWorkload.sign(0, EthereumWorkload.call(0, SINK, Word.ONE));
        awaitLeader(cluster).core().replica().submit(clients.offer(earlier));
        assertThat(millisUntil(cluster, () -> ticket.outcome().isDone())).isLessThan(100);
        assertThat(ticket.outcome().join()).isInstanceOf(Outcome.Applied.class);
    }

    @Test
    void shouldMakeEmptyBlocksWhileNothingHappensWhenAHeartbeatIsSet() {
        SimulatedCluster cluster = cluster(SimulatedCluster.withHeartbeat(500), UnaryOperator.identity());
        SimulatedNode leader = awaitLeader(cluster);
        int before = EthereumWorkload.verifyChain(leader).size();
        cluster.runFor(10_000);
        assertThat(EthereumWorkload.verifyChain(leader).size() - before).isBetween(15, 20);
        assertThat(leader.blocks("kv"))
                .as("the other ledger has no use for them")
                .hasSize(1);

        cluster.stop(leader);
        SimulatedNode heir = awaitLeaderOtherThan(cluster, leader);
        int inherited = EthereumWorkload.verifyChain(heir).size();
        cluster.runFor(5_000);
        assertThat(EthereumWorkload.verifyChain(heir).size() - inherited).isBetween(7, 10);
        cluster.startMissing();
        millisUntil(cluster, cluster::level);
        cluster.assertSameState();
    }

    private static SimulatedNode awaitLeaderOtherThan(SimulatedCluster cluster, SimulatedNode old) {
        millisUntil(cluster, () -> {
            SimulatedNode now = cluster.leader();
            return now != null && now != old;
        });
        SimulatedNode leader = cluster.leader();
        if (leader == null) {
            throw new AssertionError("there was a leader");
        }
        return leader;
    }

    @Test
    void shouldMakeNoEmptyBlockWhenBlocksComeOftenEnoughOrNoHeartbeatIsSet() {
        SimulatedCluster busy = cluster(SimulatedCluster.withHeartbeat(500), UnaryOperator.identity());
        EthereumWorkload clients = new EthereumWorkload(busy, ACCOUNTS);
        SimulatedNode leader = awaitLeader(busy);
        millisUntil(busy, () -> EthereumWorkload.verifyChain(leader).size() > 1);
        int before = EthereumWorkload.verifyChain(leader).size();
        for (int nonce = 0; nonce < 10; nonce++) {
            leader.core()
                    .replica()
                    .submit(clients.offer(EthereumWorkload.sign(0, EthereumWorkload.call(nonce, SINK, Word.ONE))));
            busy.runFor(400);
        }
        List<LedgerBlock> blocks = leader.blocks(EthereumWorkload.LEDGER).values().stream()
                .skip(before)
                .toList();
        assertThat(blocks)
                .hasSize(10)
                .allSatisfy(block -> assertThat(block.transactions()).hasSize(1));

        SimulatedCluster idle = cluster(CoreLimits.DEFAULTS, UnaryOperator.identity());
        SimulatedNode node = awaitLeader(idle);
        idle.runFor(10_000);
        assertThat(EthereumWorkload.verifyChain(node)).hasSize(1);
    }

    @Test
    void shouldWriteTheIndexInTheBackgroundWhenAChunkOfTheJournalIsClosed() {
        SimulatedCluster cluster = cluster(CoreLimits.DEFAULTS, UnaryOperator.identity());
        SimulatedNode leader = awaitLeader(cluster);
        assertThat(leader.indexRuns()).isZero();
        for (int i = 0; i < 20; i++) {
            KvTransaction put =
                    new KvTransaction("request-" + i, "key".getBytes(StandardCharsets.UTF_8), new byte[8 << 10]);
            Ticket ticket = leader.core().replica().submit(new Offer("kv", put.id(), put.encode()));
            millisUntil(cluster, () -> ticket.outcome().isDone());
        }
        // Twenty keys are far from a full memory; 160 KiB of blocks are more than a chunk.
        millisUntil(cluster, () -> leader.indexRuns() > 0);
        cluster.stop(leader);
        cluster.startMissing();
        millisUntil(cluster, cluster::level);
        assertThat(leader.executed("kv")).hasSize(20);
    }

    /**
     * The old leader does not know; its clients hear nothing until the next leader has committed, once, what they sent.
     */
    @Test
    void shouldStepDownAndBeSettledByTheNextLeaderWhenTheLeaderIsCutOff() {
        SimulatedCluster cluster = cluster(CoreLimits.DEFAULTS, UnaryOperator.identity());
        EthereumWorkload clients = new EthereumWorkload(cluster, ACCOUNTS);
        SimulatedNode old = awaitLeader(cluster);
        cluster.oracle().isolate(old.id());
        List<Ticket> tickets = new ArrayList<>();
        for (int nonce = 0; nonce < 3; nonce++) {
            tickets.add(old.core()
                    .replica()
                    .submit(clients.offer(EthereumWorkload.sign(0, EthereumWorkload.call(nonce, SINK, Word.ONE)))));
            cluster.runFor(50);
        }
        assertThat(old.core().replica().status().inFlight()).isPositive();
        assertThat(millisUntil(cluster, () -> !old.core().replica().status().leading()))
                .isLessThan(3_000);
        millisUntil(cluster, () -> cluster.leader() != null);
        assertThat(tickets).allMatch(ticket -> !ticket.outcome().isDone());
        cluster.oracle().heal();
        millisUntil(
                cluster,
                () -> tickets.stream().allMatch(ticket -> ticket.outcome().isDone()));
        assertThat(tickets).allMatch(ticket -> ticket.outcome().join() instanceof Outcome.Applied);
        millisUntil(cluster, cluster::level);
        cluster.nodes()
                .forEach(node -> assertThat(node.executed(EthereumWorkload.LEDGER))
                        .hasSize(3)
                        .allSatisfy((id, count) -> assertThat(count).isEqualTo(1)));
        cluster.assertSameState();
    }

    /** Followers would apply the last block with the next heartbeat of replication, up to half a second later. */
    @Test
    void shouldApplyTheLastBlockOnFollowersSoonBecauseTheLeaderNudges() {
        assertThat(millisToLevel(UnaryOperator.identity())).isLessThan(30);
        assertThat(millisToLevel(MutantLogs::unnudged)).isGreaterThan(30);
    }

    private static long millisToLevel(UnaryOperator<ReplicatedLog> wrapper) {
        SimulatedCluster cluster = cluster(CoreLimits.DEFAULTS, wrapper);
        SimulatedNode leader = awaitLeader(cluster);
        long slowest = 0;
        for (int i = 0; i < 5; i++) {
            KvTransaction put = new KvTransaction(
                    "request-" + i, "key".getBytes(StandardCharsets.UTF_8), "value".getBytes(StandardCharsets.UTF_8));
            Ticket ticket = leader.core().replica().submit(new Offer("kv", put.id(), put.encode()));
            millisUntil(cluster, () -> ticket.outcome().isDone());
            slowest = Math.max(slowest, millisUntil(cluster, cluster::level));
            cluster.runFor(37);
        }
        return slowest;
    }
}
