package coco.consensus.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import coco.consensus.ConsensusLimits;
import coco.consensus.LogGroup;
import coco.consensus.Membership;
import coco.consensus.Peer;
import coco.consensus.PeerId;
import coco.consensus.RecordingMachine;
import coco.consensus.RecordingMachine.Journal;
import coco.consensus.ReplicatedLog;
import coco.consensus.ratis.RatisSettings.Recovery;
import coco.consensus.testing.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Ratis servers in this process, on free loopback ports, with mutual TLS and files in a temporary folder. */
final class RatisGroup implements LogGroup {
    /** Far beyond what is needed: a loaded machine must not fail a test. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final UUID GROUP = UUID.fromString("c0c0c0c0-0000-4000-8000-000000000001");

    /** Woken by every callback of every machine. */
    private final Object lock = new Object();

    private final Path directory;
    private final ConsensusLimits limits;
    private final LinkGate gate = new LinkGate();
    private final Map<PeerId, Node> nodes = new ConcurrentSkipListMap<>();
    private final List<PeerId> peers;
    private final Set<PeerId> admitted = ConcurrentHashMap.newKeySet();

    /** One node, through all its lives. */
    private static final class Node {
        private final TestIdentity identity;
        private final Peer address;
        private final Journal journal;
        private @Nullable RecordingMachine machine;
        private @Nullable RatisLog log;
        private @Nullable RatisLog last;
        private @Nullable PeerId source;

        Node(TestIdentity identity, Peer address, Journal journal) {
            this.identity = identity;
            this.address = address;
            this.journal = journal;
        }
    }

    RatisGroup(Path directory, int size) {
        this(directory, size, ConsensusLimits.standard());
    }

    RatisGroup(Path directory, int size, ConsensusLimits limits) {
        this.directory = directory;
        this.limits = limits;
        freePorts(size).forEach(this::install);
        this.peers = nodes();
    }

    /** Limits with which a log of some hundred kilobytes is purged. */
    static ConsensusLimits small() {
        ConsensusLimits it = ConsensusLimits.standard();
        return new ConsensusLimits(
                100_000,
                200_000,
                it.electionTimeoutMin(),
                it.electionTimeoutMax(),
                it.requestTimeout(),
                256_000,
                it.cachedSegments(),
                it.cachedBytesMax(),
                20,
                10,
                it.retryMemory(),
                Duration.ofSeconds(30),
                it.closeThreshold(),
                it.readTimeout(),
                it.transferTimeout(),
                it.changeTimeout(),
                it.nudgesMax(),
                it.nudgeInterval());
    }

    private PeerId install(int port) {
        Instant now = Instant.now();
        PeerId id = new PeerId("node-" + (nodes.size() + 1));
        TestIdentity identity = TestIdentity.of(id.value(), now.minusSeconds(3_600), now.plusSeconds(86_400));
        nodes.put(id, new Node(identity, new Peer(id, "127.0.0.1", port), new Journal(lock)));
        admitted.add(id);
        return id;
    }

    @Override
    public PeerId install() {
        return install(freePorts(1).getFirst());
    }

    private Node node(PeerId peer) {
        return Objects.requireNonNull(nodes.get(peer), "no such node");
    }

    private static List<Integer> freePorts(int count) {
        try {
            return FreePorts.find(count);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    TestIdentity identity(PeerId peer) {
        return node(peer).identity;
    }

    @Override
    public Peer address(PeerId peer) {
        return node(peer).address;
    }

    void admit(PeerId peer) {
        admitted.add(peer);
    }

    void unadmit(PeerId peer) {
        admitted.remove(peer);
    }

    Membership membership() {
        return new Membership() {
            @Override
            public List<Peer> peers() {
                return peers.stream().map(RatisGroup.this::address).toList();
            }

            @Override
            public boolean admits(X509Certificate certificate) {
                PeerId peer = peerOf(certificate);
                return peer != null && admitted.contains(peer);
            }

            @Override
            public boolean heard(X509Certificate certificate) {
                return admits(certificate);
            }

            @Override
            public @Nullable PeerId peerOf(X509Certificate certificate) {
                return nodes.values().stream()
                        .map(node -> node.identity)
                        .filter(identity -> identity.certificate().equals(certificate))
                        .map(TestIdentity::peer)
                        .findFirst()
                        .orElse(null);
            }
        };
    }

    RatisSettings settings(PeerId peer) {
        return new RatisSettings(
                peer,
                GROUP,
                folder(peer),
                new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), node(peer).address.port()),
                peers.contains(peer) ? Recovery.RESUME : Recovery.REJOIN,
                limits);
    }

    /** From its next start on, this node takes what the log does not bring from another's journal. */
    void fetchFrom(PeerId peer, PeerId source) {
        node(peer).source = source;
    }

    Journal journal(PeerId peer) {
        return node(peer).journal;
    }

    Path folder(PeerId peer) {
        return directory.resolve(peer.value());
    }

    Path logFolder(PeerId peer) {
        return folder(peer).resolve("raft").resolve(GROUP.toString()).resolve("current");
    }

    @Override
    public List<PeerId> peers() {
        return peers;
    }

    @Override
    public List<PeerId> nodes() {
        return List.copyOf(nodes.keySet());
    }

    @Override
    public void start(PeerId peer) {
        start(peer, settings(peer));
    }

    void start(PeerId peer, RatisSettings settings) {
        Node node = node(peer);
        RecordingMachine machine = new RecordingMachine(node.journal);
        RatisLog log = new RatisLog(settings, membership(), node.identity.keyManager(), InstantSource.system(), gate);
        node.machine = machine;
        if (node.source != null) {
            machine.fetchFrom(node(node.source).journal);
        }
        log.start(machine);
        node.log = log;
        node.last = log;
    }

    @Override
    public void stop(PeerId peer) {
        Node node = node(peer);
        Objects.requireNonNull(node.log, "not running").close();
        node.log = null;
    }

    @Override
    public boolean runs(PeerId peer) {
        return node(peer).log != null;
    }

    @Override
    public ReplicatedLog log(PeerId peer) {
        return Objects.requireNonNull(node(peer).last, "never started");
    }

    @Override
    public RecordingMachine machine(PeerId peer) {
        return Objects.requireNonNull(node(peer).machine, "never started");
    }

    @Override
    public void isolate(PeerId peer) {
        for (PeerId other : nodes.keySet()) {
            gate.stall(peer, other);
            gate.stall(other, peer);
        }
    }

    @Override
    public void heal() {
        gate.releaseAll();
    }

    @Override
    public void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        synchronized (lock) {
            while (!condition.getAsBoolean()) {
                long left = deadline - System.nanoTime();
                assertThat(left).as("waited %s for: %s", PATIENCE, what).isPositive();
                try {
                    // Replies wake nobody, so look again now and then.
                    lock.wait(Math.max(1, Math.min(5, left / 1_000_000)));
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    @Override
    public void close() {
        heal();
        nodes().stream().filter(this::runs).forEach(this::stop);
        for (Node node : nodes.values()) {
            if (node.machine != null) {
                assertThat(node.machine.failure())
                        .as("failure of %s", node.address.id())
                        .isNull();
            }
        }
    }
}
