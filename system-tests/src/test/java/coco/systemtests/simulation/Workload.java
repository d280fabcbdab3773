package coco.systemtests.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import coco.ledgers.api.Offer;
import coco.ledgers.api.Outcome;
import coco.ledgers.api.Ticket;
import coco.ledgers.kv.KvTransaction;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Clients that put values and, when they hear nothing, put the same again somewhere else. They remember what was
 * acknowledged: those must be in every journal, exactly once, for ever.
 */
final class Workload {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final SimulatedCluster cluster;
    private final String name;
    private final Set<ByteBuffer> acknowledged = new HashSet<>();
    private final Set<ByteBuffer> submitted = new LinkedHashSet<>();
    private int open;
    private boolean running = true;
    private long next;

    Workload(SimulatedCluster cluster) {
        this(cluster, "request");
    }

    /** Other clients than those of another name: what two of one name put under the same number counts once. */
    Workload(SimulatedCluster cluster, String name) {
        this.cluster = cluster;
        this.name = name;
    }

    void start(int clients) {
        for (int i = 0; i < clients; i++) {
            think();
        }
    }

    /** No client begins anything new; what is open goes on until it is acknowledged. */
    void stop() {
        running = false;
    }

    int open() {
        return open;
    }

    /** Ids of all that was ever put, oldest first. */
    Set<ByteBuffer> submitted() {
        return submitted;
    }

    Set<ByteBuffer> acknowledged() {
        return acknowledged;
    }

    private void think() {
        cluster.simulation().schedule(cluster.simulation().random().nextLong(TimeUnit.MILLISECONDS.toNanos(60)), () -> {
            if (running) {
                long n = next++;
                byte[] key = ("key-" + cluster.simulation().random().nextInt(50)).getBytes(StandardCharsets.UTF_8);
                byte[] value = ("value-" + n).getBytes(StandardCharsets.UTF_8);
                open++;
                submitted.add(ByteBuffer.wrap(new KvTransaction(name + "-" + n, key, value).id()));
                put(new KvTransaction(name + "-" + n, key, value));
            }
        });
    }

    private void put(KvTransaction transaction) {
        List<SimulatedNode> nodes = cluster.nodes();
        SimulatedNode node = nodes.get(cluster.simulation().random().nextInt(nodes.size()));
        boolean[] settled = {false};
        if (node.running()) {
            Ticket ticket = node.core().replica().submit(new Offer("kv", transaction.id(), transaction.encode()));
            var _ = ticket.outcome().thenAccept(outcome -> {
                if (!settled[0]) {
                    settled[0] = true;
                    settle(transaction, outcome);
                }
            });
        }
        cluster.simulation().schedule(PATIENCE_NANOS, () -> {
            if (!settled[0]) {
                settled[0] = true;
                put(transaction);
            }
        });
    }

    private void settle(KvTransaction transaction, @Nullable Outcome outcome) {
        switch (outcome) {
            case Outcome.Applied applied -> acknowledge(transaction);
            // The ledger refuses a request id that was executed: an acknowledgement too, as clients see it.
            case Outcome.Rejected rejected when rejected.reason().code() == 409 -> acknowledge(transaction);
            case null, default -> put(transaction);
        }
    }

    private void acknowledge(KvTransaction transaction) {
        acknowledged.add(ByteBuffer.wrap(transaction.id()));
        open--;
        think();
    }

    /** Every acknowledged transaction stands in this node's history once, and nothing stands there twice or unasked. */
    void verify(Map<ByteBuffer, Integer> counts) {
        Map<ByteBuffer, Integer> twice = new HashMap<>(counts);
        twice.values().removeIf(count -> count == 1);
        assertThat(twice).as("executed more than once").isEmpty();
        assertThat(counts.keySet()).as("acknowledged but not in the journal").containsAll(acknowledged);
        assertThat(submitted).as("in the journal but never submitted").containsAll(counts.keySet());
    }
}
