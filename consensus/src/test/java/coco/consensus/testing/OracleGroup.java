package coco.consensus.testing;

import static org.assertj.core.api.Assertions.assertThat;

import coco.consensus.LogGroup;
import coco.consensus.Peer;
import coco.consensus.PeerId;
import coco.consensus.RecordingMachine;
import coco.consensus.RecordingMachine.Journal;
import coco.consensus.ReplicatedLog;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Three nodes on an oracle log. */
final class OracleGroup implements LogGroup {
    private static final long PATIENCE_NANOS = Duration.ofMinutes(2).toNanos();

    private static final class Node {
        private final Journal journal = new Journal(new Object());
        private @Nullable RecordingMachine machine;
        private @Nullable ReplicatedLog log;
        private boolean runs;
    }

    private final Simulation simulation;
    private final OracleLog oracle;
    private final List<PeerId> peers = List.of(new PeerId("node-1"), new PeerId("node-2"), new PeerId("node-3"));
    private final Map<PeerId, Node> nodes = new LinkedHashMap<>();

    OracleGroup(Simulation simulation, Faults faults) {
        this.simulation = simulation;
        this.oracle = new OracleLog(simulation, faults, peers);
        peers.forEach(peer -> nodes.put(peer, new Node()));
    }

    OracleLog oracle() {
        return oracle;
    }

    private Node node(PeerId peer) {
        return Objects.requireNonNull(nodes.get(peer), "no such node");
    }

    @Override
    public List<PeerId> peers() {
        return peers;
    }

    @Override
    public PeerId install() {
        PeerId newcomer = new PeerId("node-" + (nodes.size() + 1));
        oracle.install(newcomer);
        nodes.put(newcomer, new Node());
        return newcomer;
    }

    @Override
    public List<PeerId> nodes() {
        return List.copyOf(nodes.keySet());
    }

    @Override
    public Peer address(PeerId peer) {
        return OracleLog.peer(peer);
    }

    @Override
    public void start(PeerId peer) {
        Node node = node(peer);
        RecordingMachine machine = new RecordingMachine(node.journal);
        ReplicatedLog log = oracle.open(peer);
        node.machine = machine;
        node.log = log;
        node.runs = true;
        log.start(machine);
    }

    @Override
    public void stop(PeerId peer) {
        log(peer).close();
        node(peer).runs = false;
    }

    void crash(PeerId peer) {
        oracle.crash(peer);
        node(peer).runs = false;
    }

    @Override
    public boolean runs(PeerId peer) {
        return node(peer).runs;
    }

    @Override
    public ReplicatedLog log(PeerId peer) {
        return Objects.requireNonNull(node(peer).log, "never started");
    }

    @Override
    public RecordingMachine machine(PeerId peer) {
        return Objects.requireNonNull(node(peer).machine, "never started");
    }

    @Override
    public void isolate(PeerId peer) {
        oracle.isolate(peer);
    }

    @Override
    public void heal() {
        oracle.heal();
    }

    @Override
    public void await(String what, BooleanSupplier condition) {
        assertThat(simulation.runUntil(condition, PATIENCE_NANOS))
                .as("seed %d: %s", simulation.seed(), what)
                .isTrue();
    }

    @Override
    public void close() {
        for (PeerId peer : nodes.keySet()) {
            if (runs(peer)) {
                stop(peer);
            }
            RecordingMachine machine = node(peer).machine;
            if (machine != null) {
                assertThat(machine.failure()).as("failure of %s", peer).isNull();
            }
        }
    }
}
