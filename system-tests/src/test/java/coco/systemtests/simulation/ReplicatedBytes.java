package coco.systemtests.simulation;

import coco.consensus.ForwardingLog;
import coco.consensus.ForwardingMachine;
import coco.consensus.LogPosition;
import coco.consensus.ProposeReply;
import coco.consensus.ReplicatedLog;
import coco.consensus.StateMachine;
import coco.consensus.testing.Faults;
import coco.core.CoreLimits;
import coco.ledgers.api.Offer;
import coco.ledgers.api.Outcome;
import coco.ledgers.api.Ticket;
import coco.ledgers.kv.KvLedgerFactory;
import coco.ledgers.kv.KvTransaction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Puts values into a simulated cluster and keeps what was handed to replication: on the leader what it proposes, on
 * every node what the log gives it to apply. A function over types of the platform, so that it can be loaded a second
 * time with other classes beneath it.
 */
public final class ReplicatedBytes implements Function<List<byte[]>, List<byte[]>> {
    private static final long PATIENCE_MILLIS = 60_000;

    private final List<byte[]> captured = new ArrayList<>();

    /**
     * @param values to be put, each under its own hexadecimal digits as key
     * @return what replication was given
     */
    @Override
    public List<byte[]> apply(List<byte[]> values) {
        SimulatedCluster cluster = new SimulatedCluster(
                3,
                Faults.none(),
                List.of(new KvLedgerFactory()),
                Map.of("kv", new byte[0]),
                CoreLimits.DEFAULTS,
                Capturing::new);
        cluster.startAll();
        awaitLeader(cluster);
        List<Ticket> tickets = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            byte[] key = HexFormat.of().formatHex(values.get(i)).getBytes(StandardCharsets.US_ASCII);
            KvTransaction put = new KvTransaction("request-" + i, key, values.get(i));
            SimulatedNode node = cluster.nodes().get(i % cluster.nodes().size());
            tickets.add(node.core().replica().submit(new Offer("kv", put.id(), put.encode())));
        }
        long waited = 0;
        while (!tickets.stream().allMatch(ReplicatedBytes::applied) || !cluster.level()) {
            if (waited > PATIENCE_MILLIS) {
                throw new AssertionError("not everything was applied");
            }
            cluster.runFor(100);
            waited += 100;
        }
        return captured;
    }

    private static void awaitLeader(SimulatedCluster cluster) {
        for (long waited = 0; waited < PATIENCE_MILLIS; waited += 100) {
            cluster.runFor(100);
            if (cluster.nodes().stream()
                    .anyMatch(node -> node.core().replica().status().leading())) {
                return;
            }
        }
        throw new AssertionError("nobody leads");
    }

    private static boolean applied(Ticket ticket) {
        return ticket.outcome().getNow(null) instanceof Outcome.Applied;
    }

    private final class Capturing extends ForwardingLog {
        Capturing(ReplicatedLog log) {
            super(log);
        }

        @Override
        public void start(StateMachine machine) {
            super.start(new ForwardingMachine(machine) {
                @Override
                public CompletableFuture<?> apply(LogPosition position, byte[] payload) {
                    captured.add(payload.clone());
                    return super.apply(position, payload);
                }
            });
        }

        @Override
        public CompletableFuture<ProposeReply> propose(long callId, byte[] payload) {
            captured.add(payload.clone());
            return super.propose(callId, payload);
        }
    }
}
