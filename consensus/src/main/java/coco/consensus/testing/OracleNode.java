package coco.consensus.testing;

import coco.consensus.ChangeReply;
import coco.consensus.ConsensusException;
import coco.consensus.ConsensusException.Code;
import coco.consensus.Invariant;
import coco.consensus.LogPosition;
import coco.consensus.Peer;
import coco.consensus.PeerChange;
import coco.consensus.PeerId;
import coco.consensus.ProposeReply;
import coco.consensus.ReadReply;
import coco.consensus.ReplicatedLog;
import coco.consensus.Role;
import coco.consensus.StateMachine;
import coco.consensus.testing.OracleLog.Disk;
import coco.consensus.testing.OracleLog.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One life of one node of an {@link OracleLog}. */
final class OracleNode implements ReplicatedLog {
    /** How much of the log below the durable position an early replay hands over again, at most. */
    private static final int REPLAYED_AGAIN_MAX = 50;

    private record Waiter(long index, CompletableFuture<ReadReply> reply) {}

    private final OracleLog group;
    private final Simulation simulation;
    private final PeerId peer;
    private final Disk disk;
    private @Nullable StateMachine machine;
    private boolean ended;
    /** Closed or crashed: no callback comes any more, not even of an end. */
    private boolean silenced;

    /** Index of the last entry of the true log in memory here. */
    private long received;
    /** Index up to which this node knows the log to be committed. */
    private long committed = -1;
    /** Index of the last entry handed over, and of the last whose effects are visible together with all before it. */
    private long handedOver = -1;

    private long visible = -1;
    private boolean applying;
    private LogPosition durable = LogPosition.NONE;

    private long knownTerm;
    private @Nullable PeerId knownLeader;
    /** The term this node believes to lead; 0 if none. */
    private long leads;

    private long firstOfTerm = -1;
    private boolean ready;
    private boolean transferring;
    private long majorityHeardNanos;
    private final Map<PeerId, Long> acknowledged = new HashMap<>();
    private final Map<Long, CompletableFuture<ProposeReply>> underWay = new LinkedHashMap<>();
    private final List<CompletableFuture<ProposeReply>> orphans = new ArrayList<>();
    /** Entries whose effects are visible while those of an earlier one are not. */
    private final Set<Long> effects = new HashSet<>();

    private final List<Waiter> readers = new ArrayList<>();

    /** The change of peers under way, if its entry is in the log; else null. */
    private @Nullable CompletableFuture<ChangeReply> change;

    private long changeIndex = -1;

    OracleNode(OracleLog group, PeerId peer, Disk disk) {
        this.group = group;
        this.simulation = group.simulation();
        this.peer = peer;
        this.disk = disk;
        this.received = disk.persisted();
        this.knownTerm = disk.term();
    }

    // ---- for the group

    PeerId peer() {
        return peer;
    }

    boolean alive() {
        return machine != null && !ended;
    }

    long received() {
        return received;
    }

    void truncate(long last) {
        received = Math.min(received, last);
    }

    /** Hears of a term; a newer one ends this node's leadership. */
    void hears(long term, @Nullable PeerId leader) {
        if (term > knownTerm) {
            knownTerm = term;
            disk.term(term);
            knownLeader = null;
            loseLeadership("term " + term + " has begun");
        }
        if (leader != null && term == knownTerm && !leader.equals(knownLeader)) {
            knownLeader = leader;
            later(group.faults().eventNanosMax(), machine -> machine.leaderChanged(leader));
        }
    }

    void wins(long term) {
        hears(term, peer);
        leads = term;
        ready = false;
        transferring = false;
        majorityHeardNanos = simulation.nowNanos();
        acknowledged.clear();
        firstOfTerm = group.append(null, group.peersAt(received)).index();
        takeIn(firstOfTerm);
        heartbeat(term);
    }

    /** This node was told that it is a peer no more. */
    void removed() {
        StateMachine to = machine;
        end("ended by removal");
        if (to != null) {
            simulation.schedule(group.within(group.faults().eventNanosMax()), () -> {
                if (!silenced) {
                    guarded(to::removed);
                }
            });
        }
    }

    void crash() {
        silenced = true;
        end("crashed");
    }

    // ---- lifecycle

    @Override
    public void start(StateMachine newMachine) {
        if (machine != null || ended) {
            throw new ConsensusException(Code.USAGE, "A log starts once");
        }
        machine = newMachine;
        durable = newMachine.durable();
        Invariant.check(
                durable.index() >= disk.purged(),
                () -> "the log was purged up to " + disk.purged() + ", the machine has " + durable);
        long begin = durable.index();
        if (simulation.chance(group.faults().replayEarlier())) {
            // Purging goes by whole segments: entries from before may still be there.
            begin = Math.max(-1, begin - simulation.random().nextInt(REPLAYED_AGAIN_MAX));
        }
        handedOver = begin;
        visible = begin;
        committed = begin;
    }

    @Override
    public void close() {
        silenced = true;
        disk.persist(received);
        end("closed");
    }

    private void end(String how) {
        if (ended) {
            return;
        }
        ended = true;
        leads = 0;
        group.leaderGone(this);
        // The node's own process is gone or going: its waiters hear nothing of use.
        List<CompletableFuture<ProposeReply>> waiting = new ArrayList<>(underWay.values());
        waiting.addAll(orphans);
        waiting.forEach(reply -> reply.complete(new ProposeReply.Unknown("the log was " + how)));
        readers.forEach(reader -> reader.reply().complete(new ReadReply.Unavailable("the log was " + how)));
        endChange(new ChangeReply.Unknown("the log was " + how));
    }

    /** Runs something in this life, some time within the next {@code nanosMax}. */
    private void later(long nanosMax, Consumer<StateMachine> action) {
        simulation.schedule(group.within(nanosMax), () -> {
            StateMachine to = machine;
            if (to != null && !ended) {
                guarded(() -> action.accept(to));
            }
        });
    }

    /** An exception out of a callback stops the log, as it does a real one. */
    private void guarded(Runnable callback) {
        try {
            callback.run();
        } catch (RuntimeException | Error e) {
            StateMachine failed = machine;
            end("stopped by a failure");
            if (failed != null) {
                failed.failed(e);
            }
        }
    }

    // ---- proposals

    @Override
    public CompletableFuture<ProposeReply> propose(long callId, byte[] payload) {
        CompletableFuture<ProposeReply> reply = new CompletableFuture<>();
        StateMachine to = machine;
        Faults faults = group.faults();
        if (to == null || ended || leads == 0 || !ready) {
            return settle(reply, new ProposeReply.Refused("not a ready leader"));
        }
        if (payload.length > group.limits().payloadBytesMax()) {
            return settle(reply, new ProposeReply.Refused("too large"));
        }
        if (transferring || simulation.chance(faults.refuse())) {
            return settle(reply, new ProposeReply.Refused("stepping down, or a queue is full"));
        }
        if (simulation.chance(faults.unknownNotAppended())) {
            return settle(reply, new ProposeReply.Unknown("lost on the way in"));
        }
        if (simulation.chance(faults.falseSuccess())) {
            return settle(
                    reply, new ProposeReply.Committed(group.entry(handedOver).position()));
        }
        String veto;
        try {
            veto = to.preAppend(leads, payload);
        } catch (RuntimeException e) {
            end("stopped by the fence");
            to.failed(e);
            return settle(reply, new ProposeReply.Refused("the fence failed"));
        }
        if (veto != null) {
            return settle(reply, new ProposeReply.Refused(veto));
        }
        if (!group.isTrueLeader(this)) {
            // This node does not know yet that it is deposed: what it appends is in nobody else's log.
            orphans.add(reply);
            return reply;
        }
        long index = group.append(payload, group.peersAt(received)).index();
        underWay.put(index, reply);
        takeIn(index);
        replicate();
        if (simulation.chance(faults.unknownAppended())) {
            answer(reply, new ProposeReply.Unknown("appended, and then an error"));
        }
        return reply;
    }

    private CompletableFuture<ProposeReply> settle(CompletableFuture<ProposeReply> reply, ProposeReply outcome) {
        answer(reply, outcome);
        return reply;
    }

    /** Now or later. */
    private void answer(CompletableFuture<ProposeReply> reply, ProposeReply outcome) {
        if (simulation.random().nextBoolean()) {
            reply.complete(outcome);
        } else {
            simulation.schedule(group.within(group.faults().eventNanosMax()), () -> reply.complete(outcome));
        }
    }

    // ---- replication

    private void heartbeat(long term) {
        if (ended || leads != term) {
            return;
        }
        if (group.reachesMajority(this)) {
            majorityHeardNanos = simulation.nowNanos();
        } else if (simulation.nowNanos() - majorityHeardNanos
                > group.limits().electionTimeoutMax().toNanos()) {
            group.leaderGone(this);
            loseLeadership("no majority was heard");
            return;
        }
        replicate();
        simulation.schedule(OracleLog.HEARTBEAT_NANOS, () -> heartbeat(term));
    }

    private void replicate() {
        long term = leads;
        long upTo = received;
        long commit = committed;
        List<Peer> peers = group.peersAt(received);
        for (OracleNode follower : group.others(this)) {
            // Whoever is not among them is sent nothing: not even the entry that removes it.
            if (!OracleLog.contains(peers, follower.peer)) {
                continue;
            }
            send(follower, () -> follower.takeAppend(this, term, upTo, commit));
        }
    }

    /** A message; it is lost if the link is cut when it should arrive. */
    private void send(OracleNode to, Runnable message) {
        simulation.schedule(group.within(group.faults().networkNanosMax()), () -> {
            if (to.alive() && group.connected(peer, to.peer)) {
                message.run();
            }
        });
    }

    private void takeAppend(OracleNode leader, long term, long upTo, long commit) {
        if (term < knownTerm) {
            long newer = knownTerm;
            send(leader, () -> leader.hears(newer, null));
            return;
        }
        hears(term, leader.peer);
        if (term != group.term() || leads == term) {
            return;
        }
        if (upTo > received) {
            takeIn(upTo);
        } else {
            acknowledge(leader, term);
        }
        learnCommitted(Math.min(commit, received));
    }

    /** Entries are in memory; some time later they are on disk, and the leader hears of it. */
    private void takeIn(long upTo) {
        received = upTo;
        long term = group.term();
        simulation.schedule(group.within(group.faults().diskNanosMax()), () -> {
            if (ended || group.term() != term) {
                return;
            }
            disk.persist(upTo);
            OracleNode leader = group.trueLeaderNode();
            if (leader != null) {
                acknowledge(leader, term);
            }
        });
    }

    private void acknowledge(OracleNode leader, long term) {
        long persisted = disk.persisted();
        if (leader == this) {
            takeAcknowledgement(peer, term, persisted);
        } else {
            send(leader, () -> leader.takeAcknowledgement(peer, term, persisted));
        }
    }

    private void takeAcknowledgement(PeerId from, long term, long persisted) {
        if (term != leads || !group.isTrueLeader(this)) {
            return;
        }
        acknowledged.merge(from, persisted, Math::max);
        long candidate = committed;
        for (long index = Math.max(firstOfTerm, committed + 1); index <= received; index++) {
            long wanted = index;
            Set<PeerId> holders = new HashSet<>();
            acknowledged.forEach((holder, held) -> {
                if (held >= wanted) {
                    holders.add(holder);
                }
            });
            if (OracleLog.isMajority(holders, group.peersAt(received))) {
                candidate = index;
            }
        }
        if (candidate > committed) {
            group.commit(candidate);
            if (change != null && candidate >= changeIndex) {
                endChange(new ChangeReply.Changed(group.peersAt(changeIndex)));
            }
            learnCommitted(candidate);
        }
    }

    // ---- apply

    private void learnCommitted(long index) {
        committed = Math.max(committed, index);
        applyNext();
    }

    private void applyNext() {
        if (applying || ended || handedOver >= committed) {
            return;
        }
        applying = true;
        later(group.faults().applyNanosMax(), to -> {
            applying = false;
            applyOne(to);
            applyNext();
        });
    }

    private void applyOne(StateMachine to) {
        Entry entry = group.committedEntry(handedOver + 1);
        LogPosition position = entry.position();
        handedOver = position.index();
        byte[] payload = entry.payload();
        CompletableFuture<?> effect = CompletableFuture.completedFuture(null);
        if (payload == null) {
            to.configured(position, entry.peers());
        } else {
            effect = to.apply(position, payload);
        }
        checkDurable(to);
        var _ = effect.whenComplete((ignored, failure) -> guarded(() -> {
            Invariant.check(failure == null, () -> "apply failed: " + failure);
            tookEffect(position);
        }));
        if (leads > 0 && position.index() == firstOfTerm && position.term() == leads) {
            ready = true;
            to.leaderReady(leads);
        }
    }

    private void tookEffect(LogPosition position) {
        effects.add(position.index());
        while (effects.remove(visible + 1)) {
            visible++;
        }
        CompletableFuture<ProposeReply> reply = underWay.remove(position.index());
        if (reply != null) {
            reply.complete(new ProposeReply.Committed(position));
        }
        List<Waiter> served =
                readers.stream().filter(reader -> reader.index() <= visible).toList();
        readers.removeAll(served);
        served.forEach(reader -> reader.reply().complete(new ReadReply.Current()));
    }

    private void checkDurable(StateMachine to) {
        LogPosition now = to.durable();
        Invariant.check(now.index() >= durable.index(), () -> "durable went back from " + durable + " to " + now);
        Invariant.check(
                now.index() <= Math.max(handedOver, durable.index()), () -> "durable is ahead of apply: " + now);
        durable = now;
        // The worst that the contract allows: what may be purged is purged at once.
        disk.purge(now.index());
    }

    // ---- leadership

    private void loseLeadership(String why) {
        if (leads == 0) {
            return;
        }
        long lost = leads;
        leads = 0;
        ready = false;
        if (knownLeader != null && knownLeader.equals(peer)) {
            knownLeader = null;
        }
        Faults faults = group.faults();
        List<CompletableFuture<ProposeReply>> waiting = new ArrayList<>(underWay.values());
        waiting.addAll(orphans);
        underWay.clear();
        orphans.clear();
        for (CompletableFuture<ProposeReply> reply : waiting) {
            answer(reply, new ProposeReply.Unknown(why));
        }
        endChange(new ChangeReply.Unknown(why));
        later(faults.eventNanosMax(), to -> to.notLeader(lost));
        if (simulation.chance(faults.repeatNotLeader())) {
            later(10 * faults.eventNanosMax(), to -> to.notLeader(lost));
        }
    }

    @Override
    public void stepDown() {
        if (alive() && leads > 0) {
            group.leaderGone(this);
            loseLeadership("stepped down");
        }
    }

    @Override
    public CompletableFuture<Boolean> transferLeadership(PeerId successor) {
        if (!alive() || leads == 0 || !group.isTrueLeader(this)) {
            return CompletableFuture.completedFuture(false);
        }
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        long term = leads;
        transferring = true;
        boolean fails = simulation.chance(group.faults().failTransfer());
        long nanos = fails
                ? group.limits().transferTimeout().toNanos()
                : 4 * group.faults().networkNanosMax();
        simulation.schedule(nanos, () -> {
            if (leads == term) {
                transferring = false;
            }
            OracleNode heir = group.others(this).stream()
                    .filter(other -> other.peer.equals(successor))
                    .findFirst()
                    .orElse(null);
            boolean passes = !fails && leads == term && group.isTrueLeader(this) && heir != null;
            if (passes && heir != null && group.electable(heir)) {
                group.elect(heir);
            }
            done.complete(leads != term);
        });
        return done;
    }

    // ---- peers

    @Override
    public List<Peer> peers() {
        return alive() ? group.peersAt(Math.min(committed, received)) : List.of();
    }

    @Override
    public CompletableFuture<ChangeReply> changePeers(List<Peer> expected, PeerChange wanted) {
        CompletableFuture<ChangeReply> reply = new CompletableFuture<>();
        String fault = whyNoChange(expected, wanted);
        if (fault != null) {
            reply.complete(new ChangeReply.Refused(fault));
        } else if (wanted instanceof PeerChange.Add(Peer newcomer) && !group.reaches(this, newcomer.id())) {
            simulation.schedule(
                    group.limits().requestTimeout().toNanos(),
                    () -> reply.complete(new ChangeReply.Refused(newcomer + " is not heard of")));
        } else if (!group.isTrueLeader(this)) {
            // It does not know yet that it is deposed, and its entry is in nobody else's log.
            change = reply;
            changeIndex = Long.MAX_VALUE;
        } else {
            change = reply;
            changeIndex = group.append(null, wanted.applyTo(expected)).index();
            takeIn(changeIndex);
            replicate();
        }
        return reply;
    }

    private @Nullable String whyNoChange(List<Peer> expected, PeerChange wanted) {
        if (!alive() || leads == 0 || !ready) {
            return "not a ready leader";
        }
        if (change != null || transferring || simulation.chance(group.faults().refuse())) {
            return "another change or a transfer is under way";
        }
        return wanted.fault(expected, peers(), peer);
    }

    private void endChange(ChangeReply outcome) {
        CompletableFuture<ChangeReply> reply = change;
        change = null;
        changeIndex = -1;
        if (reply != null) {
            reply.complete(outcome);
        }
    }

    // ---- reads and queries

    @Override
    public CompletableFuture<ReadReply> readIndex() {
        CompletableFuture<ReadReply> reply = new CompletableFuture<>();
        if (!alive()) {
            reply.complete(new ReadReply.Unavailable("the log is not running"));
            return reply;
        }
        simulation.schedule(4 * group.within(group.faults().networkNanosMax()), () -> confirm(reply));
        simulation.schedule(
                group.limits().readTimeout().toNanos(),
                () -> reply.complete(new ReadReply.Unavailable("no answer in time")));
        return reply;
    }

    private void confirm(CompletableFuture<ReadReply> reply) {
        OracleNode leader = group.trueLeaderNode();
        boolean heard = leader != null
                && !ended
                && leader.ready
                && group.reachesMajority(leader)
                && group.connected(peer, leader.peer)
                && group.connected(leader.peer, peer);
        if (leader == null || !heard) {
            reply.complete(new ReadReply.Unavailable("no leader confirmed itself"));
        } else if (leader.committed <= visible) {
            reply.complete(new ReadReply.Current());
        } else {
            readers.add(new Waiter(leader.committed, reply));
            leader.replicate();
        }
    }

    @Override
    public void nudge() {
        if (alive() && leads > 0) {
            replicate();
        }
    }

    @Override
    public Role role() {
        if (!alive()) {
            return Role.STOPPED;
        }
        return leads > 0 ? Role.LEADER : Role.FOLLOWER;
    }

    @Override
    public @Nullable PeerId leader() {
        return alive() ? knownLeader : null;
    }

    @Override
    public long term() {
        return alive() ? knownTerm : 0;
    }
}
