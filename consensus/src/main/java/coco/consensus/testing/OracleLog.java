package coco.consensus.testing;

import coco.consensus.ConsensusLimits;
import coco.consensus.Invariant;
import coco.consensus.LogPosition;
import coco.consensus.Peer;
import coco.consensus.PeerId;
import coco.consensus.ReplicatedLog;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A simulated group: one true log, of which every node holds a prefix, and terms with one leader each.
 *
 * <h2>Model</h2>
 *
 * <ul>
 *   <li>Only the leader of the newest term, the true leader, extends the true log. Nodes receive prefixes of it, and a
 *       prefix is on disk some time after it was received. What a majority has on disk, and the true leader has heard
 *       so, is committed.
 *   <li>A new leader needs a majority, of alive nodes that it can reach, none of which has received more than it has.
 *       It cuts the true log to what it has received. By the usual argument this never cuts a committed entry; it is
 *       checked each time.
 *   <li>A deposed or cut-off leader may go on for a while without knowing. What it appends meanwhile is in no prefix
 *       and is lost; its proposer hears Unknown.
 *   <li>A crash loses what was received and not yet on disk.
 *   <li>Majorities are of the peers by the newest entry that names them, in what a node has received: the leader's for
 *       commits, the candidate's for elections. A leader names them as it begins its term, and again to change
 *       them, one at a time, each change after the one before is committed.
 * </ul>
 *
 * Divergent tails that survive on disk and are elected later, as real Raft may have them, are not modelled: for a user
 * of the log their entries look like entries whose leader was lost after replication, which are.
 *
 * <h2>What it checks itself, always</h2>
 *
 * At most one leader a term; what was committed once stays, byte for byte the same; positions grow; a vetoed payload is
 * in no log; {@link coco.consensus.StateMachine#durable} neither runs ahead of apply nor goes back.
 *
 * <p>Single-threaded: everything happens in events of the {@link Simulation}, or in the caller's event.
 */
public final class OracleLog {
    static final long HEARTBEAT_NANOS = 500_000_000L;
    private static final long ELECTION_TICK_NANOS = 300_000_000L;

    /** One entry; without payload it names the peers, as at the beginning of each term. */
    static final class Entry {
        private final LogPosition position;
        private final byte @Nullable [] payload;
        private final List<Peer> peers;

        Entry(LogPosition position, byte @Nullable [] payload, List<Peer> peers) {
            this.position = position;
            this.payload = payload == null ? null : payload.clone();
            this.peers = peers;
        }

        /** The peers from this entry on. */
        List<Peer> peers() {
            return peers;
        }

        LogPosition position() {
            return position;
        }

        /** A copy. */
        byte @Nullable [] payload() {
            return payload == null ? null : payload.clone();
        }
    }

    private record Link(PeerId from, PeerId to) {}

    /** What a node finds again after a crash. */
    static final class Disk {
        /** Index of the last entry of the true log that is on disk here. */
        private long persisted = -1;

        private long term;

        /** Index of the last entry that is gone for good, because the machine here had it for good. */
        private long purged = -1;

        long purged() {
            return purged;
        }

        void purge(long index) {
            purged = Math.max(purged, index);
        }

        long persisted() {
            return persisted;
        }

        long term() {
            return term;
        }

        void term(long newTerm) {
            term = Math.max(term, newTerm);
        }

        void persist(long index) {
            persisted = Math.max(persisted, index);
        }
    }

    private final Simulation simulation;
    private final ConsensusLimits limits;
    private final List<Peer> firstPeers;
    private final Map<PeerId, Disk> disks = new LinkedHashMap<>();
    private final Map<PeerId, OracleNode> nodes = new LinkedHashMap<>();
    private final Set<Link> cut = new HashSet<>();
    private final List<Entry> log = new ArrayList<>();
    private final List<Entry> committed = new ArrayList<>();
    private final Map<Long, PeerId> leaders = new HashMap<>();
    private Faults faults;
    private long term;
    private @Nullable OracleNode trueLeader;
    private long quietUntilNanos;

    public OracleLog(Simulation simulation, Faults faults, List<PeerId> peers) {
        this(simulation, faults, peers, ConsensusLimits.standard());
    }

    public OracleLog(Simulation simulation, Faults faults, List<PeerId> peers, ConsensusLimits limits) {
        this.simulation = simulation;
        this.faults = faults;
        this.limits = limits;
        this.firstPeers = peers.stream()
                .map(OracleLog::peer)
                .sorted(Comparator.comparing(Peer::id))
                .toList();
        peers.forEach(this::install);
        electLater();
    }

    /** A peer with an address that stands for itself: nobody dials it. */
    public static Peer peer(PeerId id) {
        return new Peer(id, id.value(), 1);
    }

    // ---- what tests do

    /** A node with an empty disk, which waits to be added to the peers once it is opened and started. */
    public void install(PeerId peer) {
        Invariant.check(disks.put(peer, new Disk()) == null, () -> peer + " was there before");
    }

    /** A new life of this node, to be started by its owner. The life before must have been closed or crashed. */
    public ReplicatedLog open(PeerId peer) {
        OracleNode before = nodes.get(peer);
        Invariant.check(before == null || !before.alive(), () -> peer + " lives already");
        OracleNode node = new OracleNode(this, peer, disk(peer));
        nodes.put(peer, node);
        return node;
    }

    /** The node ends at once: no callback comes any more, and what it had not fsynced is gone. */
    public void crash(PeerId peer) {
        OracleNode node = nodes.get(peer);
        if (node != null) {
            node.crash();
        }
    }

    /** From now on the log misbehaves like this. */
    public void faults(Faults newFaults) {
        faults = newFaults;
    }

    /** Cuts a node off from all others, both ways. */
    public void isolate(PeerId peer) {
        for (PeerId other : disks.keySet()) {
            if (!other.equals(peer)) {
                cut.add(new Link(peer, other));
                cut.add(new Link(other, peer));
            }
        }
    }

    /** Messages from one node no longer reach the other; the way back stays open. */
    public void cut(PeerId from, PeerId to) {
        cut.add(new Link(from, to));
    }

    /** Ends every cut. */
    public void heal() {
        cut.clear();
    }

    /** The payloads committed so far, in order; what every node's apply must be a prefix of. */
    public List<byte[]> committedPayloads() {
        List<byte[]> payloads = new ArrayList<>();
        for (Entry entry : committed) {
            byte[] payload = entry.payload();
            if (payload != null) {
                payloads.add(payload);
            }
        }
        return payloads;
    }

    /** Who leads the newest term, whether or not anybody knows; null between terms. */
    public @Nullable PeerId trueLeader() {
        OracleNode leader = trueLeader;
        return leader == null ? null : leader.peer();
    }

    // ---- for nodes

    Simulation simulation() {
        return simulation;
    }

    ConsensusLimits limits() {
        return limits;
    }

    Faults faults() {
        return faults;
    }

    long term() {
        return term;
    }

    /** A moment within the next {@code nanosMax}. */
    long within(long nanosMax) {
        return nanosMax <= 0 ? 0 : simulation.random().nextLong(nanosMax + 1);
    }

    boolean isTrueLeader(OracleNode node) {
        return node == trueLeader;
    }

    /**
     * Whether messages of one node reach another, for other channels of a simulation that shall be cut with the log's.
     */
    public boolean connected(PeerId from, PeerId to) {
        return from.equals(to) || !cut.contains(new Link(from, to));
    }

    List<OracleNode> others(OracleNode node) {
        return nodes.values().stream()
                .filter(other -> other.alive() && other != node)
                .toList();
    }

    @Nullable
    OracleNode trueLeaderNode() {
        return trueLeader;
    }

    Entry entry(long index) {
        return log.get((int) index);
    }

    long lastIndex() {
        return log.size() - 1L;
    }

    /** The peers by a log that ends with this entry. */
    List<Peer> peersAt(long index) {
        return index < 0 ? firstPeers : entry(index).peers();
    }

    static boolean contains(List<Peer> peers, PeerId peer) {
        return peers.stream().anyMatch(each -> each.id().equals(peer));
    }

    static boolean isMajority(Collection<PeerId> some, List<Peer> peers) {
        return 2 * peers.stream().filter(each -> some.contains(each.id())).count() > peers.size();
    }

    /** Whether this node exchanges messages with a majority, itself included. */
    boolean reachesMajority(OracleNode node) {
        Set<PeerId> reached = new HashSet<>(Set.of(node.peer()));
        others(node).stream().filter(other -> reaches(node, other)).forEach(other -> reached.add(other.peer()));
        return isMajority(reached, peersAt(node.received()));
    }

    private boolean reaches(OracleNode node, OracleNode other) {
        return connected(node.peer(), other.peer()) && connected(other.peer(), node.peer());
    }

    /** Whether this node exchanges messages with the other. */
    boolean reaches(OracleNode node, PeerId other) {
        return others(node).stream().anyMatch(each -> each.peer().equals(other) && reaches(node, each));
    }

    /** The true leader appends. */
    LogPosition append(byte @Nullable [] payload, List<Peer> peers) {
        LogPosition position = new LogPosition(term, log.size());
        log.add(new Entry(position, payload, peers));
        return position;
    }

    /** The true leader knows that everything up to here is on disk at a majority. */
    void commit(long index) {
        Set<PeerId> persistedBy = new HashSet<>();
        disks.forEach((peer, disk) -> {
            if (disk.persisted() >= index) {
                persistedBy.add(peer);
            }
        });
        Invariant.check(
                isMajority(persistedBy, peersAt(lastIndex())),
                () -> "entry " + index + " was committed without a majority");
        while (committed.size() <= index) {
            committed.add(log.get(committed.size()));
        }
    }

    /** What is about to be applied, checked against what was committed. */
    Entry committedEntry(long index) {
        Invariant.check(index < committed.size(), () -> "entry " + index + " is applied before it was committed");
        Entry entry = committed.get((int) index);
        Invariant.check(log.get((int) index).equals(entry), () -> "committed entry " + index + " was replaced");
        return entry;
    }

    /** The true leader is one no more; some time later there is an election. */
    void leaderGone(OracleNode node) {
        if (node == trueLeader) {
            trueLeader = null;
            quietUntilNanos = simulation.nowNanos() + electionTimeoutNanos();
        }
    }

    private long electionTimeoutNanos() {
        long min = limits.electionTimeoutMin().toNanos();
        return min + within(limits.electionTimeoutMax().toNanos() - min);
    }

    // ---- elections

    private void electLater() {
        simulation.schedule(ELECTION_TICK_NANOS, () -> {
            misbehave();
            OracleNode leader = trueLeader;
            if (leader != null && (!leader.alive() || !reachesMajority(leader))) {
                leaderGone(leader);
            }
            if (trueLeader == null && simulation.nowNanos() >= quietUntilNanos) {
                electAny();
            }
            tellRemoved();
            electLater();
        });
    }

    /** Whoever asks a leader for its vote, and was removed without hearing of it, is told so. */
    private void tellRemoved() {
        OracleNode leader = trueLeader;
        if (leader == null) {
            return;
        }
        List<Peer> peers = peersAt(committed.size() - 1L);
        for (OracleNode node : others(leader)) {
            boolean thinksItIs = contains(peersAt(node.received()), node.peer());
            if (thinksItIs
                    && committed.size() > node.received() + 1
                    && !contains(peers, node.peer())
                    && reaches(leader, node)) {
                node.removed();
            }
        }
    }

    private void misbehave() {
        OracleNode leader = trueLeader;
        if (leader != null && simulation.chance(faults.deposeLeader())) {
            // The others stopped hearing it, for a moment; it finds out by their messages.
            trueLeader = null;
            List<OracleNode> heirs =
                    others(leader).stream().filter(this::electable).toList();
            if (!heirs.isEmpty()) {
                elect(heirs.get(simulation.random().nextInt(heirs.size())));
            }
        }
        if (simulation.chance(faults.isolateNode())) {
            List<PeerId> peers = List.copyOf(disks.keySet());
            isolate(peers.get(simulation.random().nextInt(peers.size())));
            simulation.schedule(within(faults.isolationNanosMax()), this::heal);
        }
    }

    private void electAny() {
        List<OracleNode> candidates =
                nodes.values().stream().filter(this::electable).toList();
        if (!candidates.isEmpty()) {
            elect(candidates.get(simulation.random().nextInt(candidates.size())));
        }
    }

    /** Whether a majority would vote for this node. */
    boolean electable(OracleNode candidate) {
        if (!candidate.alive()) {
            return false;
        }
        List<Peer> peers = peersAt(candidate.received());
        Set<PeerId> votes = new HashSet<>(Set.of(candidate.peer()));
        voters(candidate).forEach(voter -> votes.add(voter.peer()));
        return contains(peers, candidate.peer()) && isMajority(votes, peers);
    }

    private List<OracleNode> voters(OracleNode candidate) {
        return others(candidate).stream()
                .filter(voter -> connected(candidate.peer(), voter.peer())
                        && connected(voter.peer(), candidate.peer())
                        && voter.received() <= candidate.received())
                .toList();
    }

    void elect(OracleNode winner) {
        List<OracleNode> voters = voters(winner);
        term++;
        Invariant.check(leaders.put(term, winner.peer()) == null, () -> "two leaders in term " + term);
        long end = winner.received() + 1;
        Invariant.check(
                end >= committed.size(), () -> winner.peer() + " leads term " + term + " without committed entries");
        while (log.size() > end) {
            log.removeLast();
        }
        disks.values().forEach(disk -> disk.persisted = Math.min(disk.persisted, end - 1));
        nodes.values().forEach(node -> node.truncate(end - 1));
        trueLeader = winner;
        voters.forEach(voter -> voter.hears(term, null));
        winner.wins(term);
    }

    private Disk disk(PeerId peer) {
        return Objects.requireNonNull(disks.get(peer), "no such peer");
    }
}
