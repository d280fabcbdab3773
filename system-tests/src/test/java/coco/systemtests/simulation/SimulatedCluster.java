package coco.systemtests.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import coco.consensus.PeerId;
import coco.consensus.ReplicatedLog;
import coco.consensus.testing.Faults;
import coco.consensus.testing.OracleLog;
import coco.consensus.testing.Simulation;
import coco.core.CoreLimits;
import coco.core.Secrets;
import coco.journal.JournalEntry;
import coco.journal.JournalLimits;
import coco.kv.StoreLimits;
import coco.ledgers.api.LedgerFactory;
import java.security.PrivateKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Three nodes, one thread, one seed. */
final class SimulatedCluster {
    /** Small chunks and a small index memory, so that they are closed and written often. */
    static final JournalLimits JOURNAL_LIMITS =
            JournalLimits.DEFAULT.withChunkBytes(64 << 10).withIndexMemoryEntries(500);

    /** How the cluster's own parts misbehave, beside the log's {@link Faults}. */
    record Weather(
            double lostMessage,
            double crash,
            double losePageCache,
            long downNanosMax,
            double cutChannel,
            long cutNanosMax) {
        static final Weather CALM = new Weather(0, 0, 0, 0, 0, 0);
        static final Weather STORM =
                new Weather(0.05, 0.02, 0.5, TimeUnit.SECONDS.toNanos(6), 0.05, TimeUnit.SECONDS.toNanos(3));
    }

    private record Channel(PeerId from, PeerId to) {}

    /** The usual limits, with empty blocks at this distance. */
    static CoreLimits withHeartbeat(long millis) {
        CoreLimits limits = CoreLimits.DEFAULTS;
        return new CoreLimits(
                limits.batchMinIntervalMillis(),
                limits.batchMaxTransactions(),
                limits.batchMaxExecutionMillis(),
                limits.blockMaxBytes(),
                limits.window(),
                millis,
                limits.stateBlocks(),
                limits.stateBytes());
    }

    private final Simulation simulation;
    private final OracleLog oracle;
    private final TestNetwork network;
    private final List<LedgerFactory> factories;
    private final Map<PeerId, SimulatedNode> nodes = new LinkedHashMap<>();
    private final Map<Long, byte[]> hashes = new HashMap<>();
    private final Set<Channel> cutChannels = new HashSet<>();
    private final CoreLimits limits;
    private final UnaryOperator<ReplicatedLog> wrapper;
    private Weather weather = Weather.CALM;
    private StoreLimits storeLimits = StoreLimits.DEFAULT;
    private @Nullable Throwable failure;
    private long highest;
    private int blocks;

    SimulatedCluster(
            long seed,
            Faults faults,
            List<LedgerFactory> factories,
            Map<String, byte[]> documents,
            CoreLimits limits,
            UnaryOperator<ReplicatedLog> wrapper) {
        this.simulation = new Simulation(seed);
        this.network = TestNetwork.of(3, factories, documents);
        this.factories = factories;
        this.limits = limits;
        this.wrapper = wrapper;
        this.oracle = new OracleLog(simulation, faults, network.peers());
        for (PeerId peer : network.peers()) {
            nodes.put(peer, new SimulatedNode(this, peer, network.genesis()));
        }
    }

    /** For the lives of nodes that begin after this. */
    void storeLimits(StoreLimits next) {
        storeLimits = next;
    }

    StoreLimits storeLimits() {
        return storeLimits;
    }

    void startAll() {
        nodes.values().forEach(node -> node.start(wrapper));
    }

    void weather(Weather next, Faults faults) {
        weather = next;
        oracle.faults(faults);
        if (next.equals(Weather.CALM)) {
            cutChannels.clear();
            oracle.heal();
        }
    }

    /** Crashes nodes, and starts them again some time later, for as long as the weather says so. */
    void storm() {
        simulation.schedule(TimeUnit.MILLISECONDS.toNanos(100), () -> {
            for (SimulatedNode node : nodes.values()) {
                if (node.running() && simulation.chance(weather.crash())) {
                    crash(node);
                }
            }
            if (simulation.chance(weather.cutChannel())) {
                cutSomeChannel();
            }
            storm();
        });
    }

    /** The node that builds blocks; null while there is none. */
    @Nullable
    SimulatedNode leader() {
        return nodes.values().stream()
                .filter(node -> node.running() && node.core().replica().status().leading())
                .findFirst()
                .orElse(null);
    }

    private void crash(SimulatedNode node) {
        node.crash(simulation.chance(weather.losePageCache()));
        simulation.schedule(1 + simulation.random().nextLong(weather.downNanosMax()), () -> {
            if (!node.running()) {
                node.start(wrapper);
            }
        });
    }

    /** Ends a life that begins again only by {@link #startMissing}. */
    void stop(SimulatedNode node) {
        node.crash(false);
    }

    void startMissing() {
        nodes.values().stream().filter(node -> !node.running()).forEach(node -> node.start(wrapper));
    }

    /** Whether all nodes run and have applied the same, newest height. */
    boolean level() {
        return nodes.values().stream()
                .allMatch(node -> node.running() && node.core().heads().height() == highest);
    }

    void assertSameState() {
        Map<String, String> first = null;
        for (SimulatedNode node : nodes.values()) {
            Map<String, String> state = node.state();
            if (first == null) {
                first = state;
            } else {
                assertThat(state).as("state of %s", node.id()).isEqualTo(first);
            }
            node.audit();
        }
    }

    Simulation simulation() {
        return simulation;
    }

    OracleLog oracle() {
        return oracle;
    }

    List<SimulatedNode> nodes() {
        return List.copyOf(nodes.values());
    }

    SimulatedNode node(PeerId id) {
        SimulatedNode node = nodes.get(id);
        if (node == null) {
            throw new IllegalArgumentException("no node " + id);
        }
        return node;
    }

    byte[] serviceId() {
        return network.serviceId();
    }

    Secrets secrets() {
        return network.secrets();
    }

    byte[] certificateDigest(PeerId id) {
        return network.certificateDigest(id);
    }

    PrivateKey signingKey(PeerId id) {
        return network.signingKey(id);
    }

    List<LedgerFactory> factories() {
        return factories;
    }

    Map<String, byte[]> documents() {
        return network.documents();
    }

    CoreLimits coreLimits() {
        return limits;
    }

    long messageNanos() {
        return 1 + simulation.random().nextLong(TimeUnit.MILLISECONDS.toNanos(5));
    }

    boolean loses() {
        return simulation.chance(weather.lostMessage());
    }

    /** Whether the node channel between two nodes is cut: with the log's own links, or by itself. */
    boolean separated(PeerId from, PeerId to) {
        return !oracle.connected(from, to) || cutChannels.contains(new Channel(from, to));
    }

    /**
     * The channel is another connection than the log's: it may be gone while the log goes on, and in one direction
     * only.
     */
    private void cutSomeChannel() {
        List<PeerId> peers = network.peers();
        Channel channel = new Channel(
                peers.get(simulation.random().nextInt(peers.size())),
                peers.get(simulation.random().nextInt(peers.size())));
        if (cutChannels.add(channel)) {
            simulation.schedule(
                    1 + simulation.random().nextLong(weather.cutNanosMax()), () -> cutChannels.remove(channel));
        }
    }

    void built(PeerId id, int transactions) {
        blocks++;
    }

    /** Checked at every applied block: all nodes agree on the block at this height, for ever. */
    void applied(SimulatedNode node, long height) {
        byte[] hash = node.core().heads().hash();
        byte[] known = hashes.putIfAbsent(height, hash);
        if (known != null) {
            assertThat(HexFormat.of().formatHex(hash))
                    .as("block at height %d on %s", height, node.id())
                    .isEqualTo(HexFormat.of().formatHex(known));
        }
        highest = Math.max(highest, height);
    }

    void failed(PeerId id, Throwable cause) {
        if (failure == null) {
            failure = new AssertionError(id + " stopped", cause);
        }
    }

    /** Throws what a node stopped for. */
    void check() {
        if (failure != null) {
            fail(failure.getMessage(), failure.getCause());
        }
    }

    long highest() {
        return highest;
    }

    int blocksBuilt() {
        return blocks;
    }

    JournalEntry genesis() {
        return network.genesis();
    }

    /** Runs for this long, failing as soon as a node stops. */
    void runFor(long millis) {
        long end = simulation.nowNanos() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (simulation.nowNanos() < end) {
            simulation.runFor(Math.min(TimeUnit.MILLISECONDS.toNanos(50), end - simulation.nowNanos()));
            check();
        }
    }
}
