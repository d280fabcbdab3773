package coco.node.peers;

import coco.consensus.ChangeReply;
import coco.consensus.Peer;
import coco.consensus.PeerChange;
import coco.consensus.PeerId;
import coco.consensus.ReplicatedLog;
import coco.consensus.Role;
import coco.ledgers.api.Faults;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the voting peers what the constitution's list of nodes is: at the leader only, one peer at a time, those who
 * are to go before those who are to come. It keeps no state that matters: after a change of leaders the next one does
 * the same from the same list.
 *
 * <p>A leader that is itself to go hands over first, to any peer that stays; the next leader removes it.
 */
public final class Reconciler {
    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);

    /** How often a leader looks although nobody told it of a change: a newcomer may have come up meanwhile. */
    public static final Duration PERIOD = Duration.ofSeconds(1);

    /** Before a peer that was not heard of is tried again: each attempt takes three seconds in which others wait. */
    static final Duration RETRY = Duration.ofSeconds(3);

    /** A change of peers takes a minute at most, a transfer of the lead five seconds; both answer by themselves. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final PeerId self;
    private final ReplicatedLog log;
    private final Supplier<List<Peer>> wanted;
    private final LongSupplier nanoTime;
    private final Map<PeerId, Long> refusedAt = new HashMap<>();

    /**
     * A reconciler.
     *
     * @param wanted the nodes of the constitution in force, as peers
     * @param nanoTime monotonic
     */
    public Reconciler(PeerId self, ReplicatedLog log, Supplier<List<Peer>> wanted, LongSupplier nanoTime) {
        this.self = self;
        this.log = log;
        this.wanted = wanted;
        this.nanoTime = nanoTime;
    }

    /**
     * Does the next step, if there is one and this node leads. One thread at a time.
     *
     * @return whether something was changed, so that there may be a next step at once
     */
    public boolean step() throws InterruptedException {
        List<Peer> peers = log.peers();
        List<Peer> nodes = wanted.get();
        if (log.role() != Role.LEADER || peers.isEmpty() || nodes.isEmpty()) {
            return false;
        }
        Set<PeerId> listed = ids(nodes);
        Set<PeerId> voting = ids(peers);
        if (voting.contains(self) && !listed.contains(self)) {
            return handOver(peers, listed);
        }
        Optional<Peer> going =
                peers.stream().filter(peer -> !listed.contains(peer.id())).findFirst();
        if (going.isPresent()) {
            return change(
                    peers, new PeerChange.Remove(going.get().id()), going.get().id());
        }
        Optional<Peer> coming = nodes.stream()
                .filter(peer -> !voting.contains(peer.id()) && !wasJustRefused(peer.id()))
                .findFirst();
        return coming.isPresent()
                && change(peers, new PeerChange.Add(coming.get()), coming.get().id());
    }

    private boolean handOver(List<Peer> peers, Set<PeerId> listed) throws InterruptedException {
        for (Peer peer : peers) {
            if (!peer.id().equals(self) && listed.contains(peer.id())) {
                LOG.info("this node is to go; it hands the lead to {}", peer.id());
                if (await(log.transferLeadership(peer.id()), false)) {
                    return true;
                }
            }
        }
        // Nobody took over in time: whoever is elected next goes on.
        log.stepDown();
        return false;
    }

    private boolean change(List<Peer> expected, PeerChange change, PeerId who) throws InterruptedException {
        ChangeReply reply =
                await(log.changePeers(expected, change), new ChangeReply.Unknown("no answer within " + PATIENCE));
        switch (reply) {
            case ChangeReply.Changed changed -> {
                LOG.info("voting peers are now {}", changed.peers());
                refusedAt.clear();
                return true;
            }
            case ChangeReply.Refused refused -> {
                LOG.info("{} is not done now: {}", change, refused.why());
                refusedAt.put(who, nanoTime.getAsLong());
                return false;
            }
            case ChangeReply.Unknown unknown -> {
                LOG.warn("{} may or may not be done: {}", change, unknown.why());
                refusedAt.put(who, nanoTime.getAsLong());
                return false;
            }
        }
    }

    private boolean wasJustRefused(PeerId peer) {
        Long at = refusedAt.get(peer);
        return at != null && nanoTime.getAsLong() - at < RETRY.toNanos();
    }

    private static Set<PeerId> ids(List<Peer> peers) {
        Set<PeerId> ids = new HashSet<>();
        peers.forEach(peer -> ids.add(peer.id()));
        return ids;
    }

    private static <T> T await(CompletableFuture<T> reply, T otherwise) throws InterruptedException {
        try {
            return reply.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException failed) {
            LOG.info("a change of peers failed: {}", Faults.withoutText(failed));
            return otherwise;
        }
    }
}
