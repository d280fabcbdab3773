package coco.systemtests.simulation;

import coco.consensus.ChangeReply;
import coco.consensus.Peer;
import coco.consensus.PeerChange;
import coco.consensus.PeerId;
import coco.consensus.ProposeReply;
import coco.consensus.ReadReply;
import coco.consensus.ReplicatedLog;
import coco.consensus.Role;
import coco.consensus.StateMachine;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A log that does what another one does; each mutant here leaves out one thing, to show that it would be missed. */
class ForwardingLog implements ReplicatedLog {
    private final ReplicatedLog log;

    ForwardingLog(ReplicatedLog log) {
        this.log = log;
    }

    /** The last look before appending is gone. */
    static final class Unfenced extends ForwardingLog {
        Unfenced(ReplicatedLog log) {
            super(log);
        }

        @Override
        public void start(StateMachine machine) {
            super.start(new Careless(machine));
        }
    }

    /** Followers are left to learn by themselves what is committed. */
    static final class Unnudged extends ForwardingLog {
        Unnudged(ReplicatedLog log) {
            super(log);
        }

        @Override
        public void nudge() {
            // Left out.
        }
    }

    @Override
    public void start(StateMachine machine) {
        log.start(machine);
    }

    @Override
    public CompletableFuture<ProposeReply> propose(long callId, byte[] payload) {
        return log.propose(callId, payload);
    }

    @Override
    public CompletableFuture<ReadReply> readIndex() {
        return log.readIndex();
    }

    @Override
    public void nudge() {
        log.nudge();
    }

    @Override
    public void stepDown() {
        log.stepDown();
    }

    @Override
    public CompletableFuture<Boolean> transferLeadership(PeerId successor) {
        return log.transferLeadership(successor);
    }

    @Override
    public List<Peer> peers() {
        return log.peers();
    }

    @Override
    public CompletableFuture<ChangeReply> changePeers(List<Peer> expected, PeerChange change) {
        return log.changePeers(expected, change);
    }

    @Override
    public Role role() {
        return log.role();
    }

    @Override
    public @Nullable PeerId leader() {
        return log.leader();
    }

    @Override
    public long term() {
        return log.term();
    }

    @Override
    public void close() {
        log.close();
    }

    private static final class Careless extends ForwardingMachine {
        Careless(StateMachine machine) {
            super(machine);
        }

        @Override
        public @Nullable String preAppend(long term, byte[] payload) {
            return null;
        }
    }
}
