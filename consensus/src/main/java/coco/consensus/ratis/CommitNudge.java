package coco.consensus.ratis;

import coco.consensus.ConsensusLimits;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Makes a leader tell its followers the newest commit index.
 *
 * <p>A leader learns that an entry is committed from its followers' acknowledgements, after which nothing is due to be
 * sent: followers hear of it with the next entry or heartbeat, half an election timeout later. So heartbeats are sent
 * at once, but only to followers that have acknowledged everything: to others Ratis' heartbeats carry no commit index.
 * While a follower that answers is still writing, this looks again every few milliseconds, without sending anything.
 *
 * <p>Until 3.3.0 at least, a linearizable read does this only once for each commit index: a follower that is a little
 * slower than the majority was left to the next heartbeat in one case of five.
 */
final class CommitNudge {
    /** What the nudge needs to know of one follower. */
    interface Follower {
        /** One object per follower and leadership. */
        Object identity();

        /** Whether it answered lately. */
        boolean answers();

        long matchIndex();

        long commitIndex();

        void sendHeartbeat();
    }

    /** What it needs to know of this node. */
    interface Leader {
        /** Empty if this node does not lead. */
        List<Follower> followers();

        long commitIndex();
    }

    private final ConsensusLimits limits;
    private final Events events;
    private final Supplier<Leader> leader;
    private final AtomicBoolean running = new AtomicBoolean();
    private final AtomicBoolean again = new AtomicBoolean();

    CommitNudge(ConsensusLimits limits, Events events, Supplier<Leader> leader) {
        this.limits = limits;
        this.events = events;
        this.leader = leader;
    }

    /** Begins a round, or prolongs the one that is running. */
    void nudge() {
        again.set(true);
        if (running.compareAndSet(false, true)) {
            events.post(() -> look(0, new HashMap<>()));
        }
    }

    private void look(int looked, Map<Object, Integer> sent) {
        if (again.getAndSet(false)) {
            looked = 0;
            sent.clear();
        }
        // Beyond half an election timeout the ordinary heartbeat is there.
        long looksMax = limits.electionTimeoutMin().dividedBy(2).dividedBy(limits.nudgeInterval());
        if (sendToThoseBehind(sent) && looked < looksMax) {
            int next = looked + 1;
            events.schedule(limits.nudgeInterval(), () -> look(next, sent));
            return;
        }
        running.set(false);
        if (again.get()) {
            nudge();
        }
    }

    /** Whether it is worth looking again. */
    private boolean sendToThoseBehind(Map<Object, Integer> sent) {
        Leader now = leader.get();
        long committed = now.commitIndex();
        boolean worth = false;
        for (Follower follower : now.followers()) {
            int already = sent.getOrDefault(follower.identity(), 0);
            if (follower.commitIndex() >= committed || !follower.answers() || already >= limits.nudgesMax()) {
                continue;
            }
            worth = true;
            if (follower.matchIndex() >= committed) {
                sent.put(follower.identity(), already + 1);
                follower.sendHeartbeat();
            }
        }
        return worth;
    }
}
