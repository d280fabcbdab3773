package coco.systemtests.simulation;

import coco.consensus.PeerId;
import coco.core.Roster;
import coco.ledgers.api.Outcome;
import coco.ledgers.api.Ticket;
import coco.ledgers.api.View;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Changes the roster of a simulated cluster again and again: nodes are added, removed and replaced, the leader among
 * them, epochs are demanded, and other members recover. Asks until it has an answer, as clients do. Now and then it
 * takes the leader down just after it has asked: before, while or after the block that decides is replicated.
 */
final class Officer {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long PAUSE_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(900);
    private static final long STRIKE_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(60);
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int NODES_MIN = 2;
    private static final int NODES_MAX = 5;

    private final SimulatedCluster cluster;
    private final double strikes;
    private final Set<ByteBuffer> acknowledged = new HashSet<>();
    private boolean running = true;
    private int open;
    private long number;
    private int newcomers;

    /** @param strikes how often the leader is struck after a request */
    Officer(SimulatedCluster cluster, double strikes) {
        this.cluster = cluster;
        this.strikes = strikes;
    }

    /** Begins; the first request opens the service. */
    void start() {
        ask(RosterLedger.Change.opening(++number));
    }

    void stop() {
        running = false;
    }

    int open() {
        return open;
    }

    /** Ids of requests that were executed. */
    Set<ByteBuffer> acknowledged() {
        return acknowledged;
    }

    private void pause() {
        cluster.simulation().schedule(cluster.simulation().random().nextLong(PAUSE_NANOS_MAX), () -> {
            if (running) {
                ask(next());
            }
        });
    }

    /** One change at a time, as the log's peers follow one at a time; epochs may be demanded in between. */
    private RosterLedger.Change next() {
        List<Roster.Node> nodes = cluster.roster().nodes();
        int choice = cluster.simulation().random().nextInt(5);
        boolean maySpare = nodes.size() > NODES_MIN;
        if (!cluster.isReconciled() || choice == 0) {
            return RosterLedger.Change.rollover(++number);
        }
        if (choice == 4) {
            return RosterLedger.Change.recovery(
                    ++number, Members.some(cluster.simulation().random()));
        }
        if (nodes.size() < NODES_MAX && (choice == 1 || !maySpare)) {
            return RosterLedger.Change.addition(++number, newcomer());
        }
        String leaving =
                nodes.get(cluster.simulation().random().nextInt(nodes.size())).id();
        // Two of three are a majority of the peers that there still are; one of two is not.
        return choice == 2
                ? RosterLedger.Change.replacement(++number, leaving, newcomer())
                : RosterLedger.Change.removal(++number, leaving);
    }

    private Roster.Node newcomer() {
        return cluster.newcomer(new PeerId("newcomer-" + ++newcomers));
    }

    private void ask(RosterLedger.Change change) {
        open++;
        submit(change);
        if (cluster.simulation().chance(strikes)) {
            cluster.simulation()
                    .schedule(cluster.simulation().random().nextLong(STRIKE_NANOS_MAX), cluster::strikeLeader);
        }
    }

    private void submit(RosterLedger.Change change) {
        List<SimulatedNode> nodes = cluster.nodes();
        SimulatedNode node = nodes.get(cluster.simulation().random().nextInt(nodes.size()));
        boolean[] settled = {false};
        if (node.running()) {
            Ticket ticket = node.core().replica().submit(change.offer());
            var _ = ticket.outcome().thenAccept(outcome -> {
                if (!settled[0]) {
                    settled[0] = true;
                    settle(change, outcome);
                }
            });
        }
        cluster.simulation().schedule(PATIENCE_NANOS, () -> {
            if (!settled[0]) {
                settled[0] = true;
                submit(change);
            }
        });
    }

    private void settle(RosterLedger.Change change, @Nullable Outcome outcome) {
        switch (outcome) {
            case Outcome.Applied applied -> acknowledge(change);
            case Outcome.Rejected rejected
            when rejected.reason().code() == RosterLedger.DONE_ALREADY -> {
                // Who asks twice hears what the leader knows, which may be of a block that is lost with it.
                if (isApplied(change)) {
                    acknowledge(change);
                } else {
                    cluster.simulation().schedule(RETRY_NANOS, () -> submit(change));
                }
            }
            case null, default -> submit(change);
        }
    }

    private boolean isApplied(RosterLedger.Change change) {
        return cluster.nodes().stream().filter(SimulatedNode::running).anyMatch(node -> {
            try (View view = node.view(RosterLedger.ID)) {
                return RosterLedger.isDone(view.state(), change.offer().id());
            }
        });
    }

    private void acknowledge(RosterLedger.Change change) {
        acknowledged.add(ByteBuffer.wrap(change.offer().id()));
        open--;
        pause();
    }
}
