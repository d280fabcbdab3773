package coco.systemtests.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import coco.consensus.Peer;
import coco.consensus.PeerChange;
import coco.consensus.PeerId;
import coco.consensus.ReplicatedLog;
import coco.consensus.testing.Faults;
import coco.consensus.testing.OracleLog;
import coco.consensus.testing.Simulation;
import coco.core.Administration;
import coco.core.CoreLimits;
import coco.core.Handover;
import coco.core.Replica;
import coco.core.Roster;
import coco.core.Secrets;
import coco.core.SnapshotParts;
import coco.journal.JournalEntry;
import coco.journal.JournalLimits;
import coco.journal.MalformedException;
import coco.journal.Storage;
import coco.kv.StoreLimits;
import coco.ledgers.api.LedgerFactory;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
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

    private static final int FIRST_NODES = 3;

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
    private final SafetyWatch watch = new SafetyWatch();
    private final Map<PeerId, SimulatedNode> nodes = new LinkedHashMap<>();
    private final Map<Long, byte[]> hashes = new HashMap<>();
    private final Set<Channel> cutChannels = new HashSet<>();
    private final CoreLimits limits;
    private final UnaryOperator<ReplicatedLog> wrapper;
    private final Administration administration;
    private final Map<PeerId, SimulatedNode> all = new LinkedHashMap<>();
    private final Map<PeerId, Long> removals = new HashMap<>();
    private @Nullable Roster roster;
    private long rosterHeight = -1;
    private boolean isChanging;
    private Weather weather = Weather.CALM;
    private StoreLimits storeLimits = StoreLimits.DEFAULT;
    private @Nullable Throwable failure;
    private long highest;
    private long snapshotBlocks;
    private volatile long snapshotRoom = Long.MAX_VALUE;
    private int snapshotStarts;
    private int blocks;

    SimulatedCluster(
            long seed,
            Faults faults,
            List<LedgerFactory> factories,
            Map<String, byte[]> documents,
            CoreLimits limits,
            UnaryOperator<ReplicatedLog> wrapper) {
        this(seed, faults, factories, documents, limits, wrapper, null);
    }

    /** @param template what the roster is at first but for the nodes; null for a cluster that nobody administers */
    SimulatedCluster(
            long seed,
            Faults faults,
            List<LedgerFactory> factories,
            Map<String, byte[]> documents,
            CoreLimits limits,
            UnaryOperator<ReplicatedLog> wrapper,
            @Nullable Roster template) {
        this.simulation = new Simulation(seed);
        this.administration = template == null ? Administration.NONE : RosterLedger.ADMINISTRATION;
        this.network = TestNetwork.of(FIRST_NODES, factories, documents, template);
        this.factories = factories;
        this.limits = limits;
        this.wrapper = wrapper;
        this.oracle = new OracleLog(simulation, faults, network.peers());
        for (PeerId peer : network.peers()) {
            nodes.put(peer, new SimulatedNode(this, peer, List.of(network.genesis()), network::secrets));
        }
        all.putAll(nodes);
    }

    /** For the lives of nodes that begin after this. */
    void storeLimits(StoreLimits next) {
        storeLimits = next;
    }

    /** A snapshot is made each so many blocks, by the lives that begin after this; 0 for none. */
    void snapshotBlocks(long blocks) {
        snapshotBlocks = blocks;
    }

    /** What all disks have left for snapshots, in bytes. */
    void snapshotRoom(long bytes) {
        snapshotRoom = bytes;
    }

    @Nullable
    SnapshotParts snapshotParts(Storage files, Executor background) {
        return snapshotBlocks == 0
                ? null
                : new SnapshotParts(files, snapshotBlocks, 0, 2, () -> snapshotRoom, background);
    }

    void began(long snapshotHeight) {
        snapshotStarts += snapshotHeight < 0 ? 0 : 1;
    }

    /** How many lives began with a snapshot. */
    int snapshotStarts() {
        return snapshotStarts;
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
        simulation.schedule(1 + simulation.random().nextLong(weather.downNanosMax()), () -> startAgain(node));
    }

    /** Whoever leads ends at once, and comes back some time later. */
    void strikeLeader() {
        SimulatedNode leader = leader();
        if (leader != null) {
            leader.crash(simulation.chance(weather.losePageCache()));
            simulation.schedule(TimeUnit.SECONDS.toNanos(1), () -> startAgain(leader));
        }
    }

    private void startAgain(SimulatedNode node) {
        if (!node.running() && nodes.containsKey(node.id())) {
            node.start(wrapper);
        }
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
        return nodes().stream()
                .allMatch(node -> node.running() && node.core().heads().height() == highest);
    }

    void assertSameState() {
        Map<String, String> first = null;
        for (SimulatedNode node : nodes()) {
            Map<String, String> state = node.state();
            if (first == null) {
                first = state;
            } else {
                assertThat(state).as("state of %s", node.id()).isEqualTo(first);
            }
            node.audit();
        }
        watch.assertLostBlocksAreRefused(nodes());
    }

    SafetyWatch watch() {
        return watch;
    }

    Simulation simulation() {
        return simulation;
    }

    OracleLog oracle() {
        return oracle;
    }

    /** Those on the roster. */
    List<SimulatedNode> nodes() {
        return nodes.values().stream().filter(node -> isListed(node.id())).toList();
    }

    SimulatedNode node(PeerId id) {
        SimulatedNode node = all.get(id);
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
        assertThat(height)
                .as("height applied by %s", node.id())
                .isLessThanOrEqualTo(removals.getOrDefault(node.id(), Long.MAX_VALUE));
        highest = Math.max(highest, height);
    }

    // ---------------------------------------------------------------- who belongs to it

    Administration administration() {
        return administration;
    }

    X509Certificate serviceCertificate() {
        return network.serviceCertificate();
    }

    void rosterChanged(long height, Roster next) {
        if (height > rosterHeight) {
            rosterHeight = height;
            roster = next;
        }
    }

    /** The newest roster that any node applied. */
    Roster roster() {
        return Objects.requireNonNull(roster, "nobody administers this cluster");
    }

    private boolean isListed(PeerId id) {
        return roster == null
                || roster.nodes().stream().anyMatch(node -> node.id().equals(id.value()));
    }

    /** Which nodes noticed their removal, and the height of the block that removed them. */
    Map<PeerId, Long> removals() {
        return removals;
    }

    /** How many nodes joined after the beginning. */
    int joined() {
        return all.size() - FIRST_NODES;
    }

    /** A removed node is still a peer for a while, then gone for good. */
    void removed(PeerId id, long height) {
        Long known = removals.putIfAbsent(id, height);
        if (known != null) {
            assertThat(known).as("height of the removal of %s", id).isEqualTo(height);
            return;
        }
        nodes.remove(id);
        long leaving = simulation.random().nextLong(TimeUnit.SECONDS.toNanos(3));
        simulation.schedule(leaving, () -> node(id).crash(false));
    }

    /** Keys for a node that may join. */
    Roster.Node newcomer(PeerId id) {
        return network.add(id);
    }

    /** What a node's reconciler does, and its joining: the log's peers follow the roster, one at a time. */
    void reconcile() {
        simulation.schedule(TimeUnit.MILLISECONDS.toNanos(200), () -> {
            SimulatedNode leader = leader();
            if (leader != null && !isChanging) {
                joinMissing(leader);
                changePeers(leader);
            }
            nodes.values().removeIf(node -> !isListed(node.id()) && !node.running());
            reconcile();
        });
    }

    /** Whether the log's peers, as the leader has them, are those of the roster, and all of them have joined. */
    boolean isReconciled() {
        SimulatedNode leader = leader();
        return leader != null
                && names(leader.core().replica().peers()).equals(names(roster()))
                && roster().nodes().stream().allMatch(node -> all.containsKey(new PeerId(node.id())));
    }

    private static Set<String> names(List<Peer> peers) {
        return peers.stream().map(peer -> peer.id().value()).collect(Collectors.toSet());
    }

    private static Set<String> names(Roster roster) {
        return roster.nodes().stream().map(Roster.Node::id).collect(Collectors.toSet());
    }

    private void joinMissing(SimulatedNode giver) {
        for (Roster.Node listed : giver.core().roster().nodes()) {
            PeerId id = new PeerId(listed.id());
            if (!all.containsKey(id)) {
                byte[] handover = Handover.seal(giver.keys(), serviceId(), listed, new SecureRandom());
                SimulatedNode node = new SimulatedNode(
                        this,
                        id,
                        giver.journal(),
                        () -> Handover.open(handover, serviceId(), id.value(), signingKey(id))
                                .orElseThrow());
                all.put(id, node);
                nodes.put(id, node);
                install(giver, node);
                oracle.install(id);
                node.start(wrapper);
            }
        }
    }

    /** A newcomer begins with the giver's newest snapshot, where there is one that its journal commits to. */
    private void install(SimulatedNode giver, SimulatedNode newcomer) {
        try {
            newcomer.receive(giver.exchange()::piece);
        } catch (MalformedException | InterruptedException refused) {
            // The block that vouches for it is not on the giver's disk yet, or its epoch is younger than the handover.
        }
    }

    private void changePeers(SimulatedNode leader) {
        Replica replica = leader.core().replica();
        List<Peer> peers = replica.peers();
        Set<String> listed = names(leader.core().roster());
        PeerChange change = null;
        for (Peer peer : peers) {
            if (!listed.contains(peer.id().value()) && !peer.id().equals(leader.id())) {
                change = new PeerChange.Remove(peer.id());
            }
        }
        for (String id : listed) {
            if (!names(peers).contains(id) && node(new PeerId(id)).running()) {
                change = new PeerChange.Add(OracleLog.peer(new PeerId(id)));
            }
        }
        if (change != null) {
            isChanging = true;
            var _ = replica.changePeers(peers, change).whenComplete((reply, failure) -> isChanging = false);
            simulation.schedule(TimeUnit.SECONDS.toNanos(3), () -> isChanging = false);
        }
    }

    void failed(PeerId id, Throwable cause) {
        if (failure == null && isListed(id)) {
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
