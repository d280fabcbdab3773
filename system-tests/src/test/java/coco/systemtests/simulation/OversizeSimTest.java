package coco.systemtests.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import coco.consensus.testing.Faults;
import coco.core.CoreLimits;
import coco.kv.StoreLimits;
import coco.ledgers.api.Offer;
import coco.ledgers.api.Outcome;
import coco.ledgers.api.Rejection;
import coco.ledgers.api.Ticket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A ledger that cannot foresee how much a transaction writes must not be able to stop the chain. */
class OversizeSimTest {
    private static final int MEBIBYTE = 1 << 20;

    private final SimulatedCluster cluster = new SimulatedCluster(
            1,
            Faults.none(),
            List.of(new BulkyLedger.Factory()),
            Map.of(),
            CoreLimits.DEFAULTS,
            UnaryOperator.identity());
    private int submitted;

    @Test
    void shouldBuildSmallerBlocksWhenOneFitsNoEntry() {
        cluster.startAll();
        List<Ticket> tickets = new ArrayList<>();
        cluster.runFor(5_000);
        for (int i = 0; i < 12; i++) {
            tickets.add(submit(2 * MEBIBYTE));
        }
        cluster.runFor(5_000);
        assertThat(tickets)
                .allSatisfy(ticket -> assertThat(ticket.outcome().join()).isInstanceOf(Outcome.Applied.class));
        assertThat(cluster.level()).isTrue();
    }

    @Test
    void shouldRefuseATransactionThatIsTooLargeByItselfAndGoOn() {
        cluster.startAll();
        cluster.runFor(5_000);
        Ticket before = submit(100);
        Ticket huge = submit(9 * MEBIBYTE);
        Ticket after = submit(100);
        cluster.runFor(5_000);
        assertThat(before.outcome().join()).isInstanceOf(Outcome.Applied.class);
        assertThat(after.outcome().join()).isInstanceOf(Outcome.Applied.class);
        assertThat(huge.outcome().join())
                .isEqualTo(new Outcome.Rejected(
                        new Rejection(Rejection.UNAVAILABLE, "the transaction changes more than a block can carry")));
    }

    @Test
    void shouldRefuseBeforeTheStateIsFull() {
        cluster.storeLimits(StoreLimits.DEFAULT.withStoreBytes(16 * MEBIBYTE));
        cluster.startAll();
        cluster.runFor(5_000);
        List<Ticket> tickets = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            tickets.add(submit(100_000));
            cluster.runFor(50);
        }
        cluster.runFor(2_000);
        List<Outcome> outcomes =
                tickets.stream().map(ticket -> ticket.outcome().join()).toList();
        assertThat(outcomes.getFirst()).isInstanceOf(Outcome.Applied.class);
        assertThat(outcomes.getLast())
                .isEqualTo(new Outcome.Rejected(new Rejection(
                        Rejection.UNAVAILABLE, "the state has grown to its limit: the nodes need a larger heap")));
        assertThat(cluster.level()).isTrue();
    }

    private Ticket submit(int bytes) {
        byte[] id = ByteBuffer.allocate(32).putInt(++submitted).array();
        byte[] payload = ByteBuffer.allocate(4).putInt(bytes).array();
        SimulatedNode leader = cluster.nodes().stream()
                .filter(node -> node.core().replica().status().leading())
                .findFirst()
                .orElseThrow();
        return leader.core().replica().submit(new Offer("bulky", id, payload));
    }
}
