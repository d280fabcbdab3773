package coco.node.peers;

import coco.consensus.ChangeReply;
import coco.consensus.LogPosition;
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

/** A log that tells a watcher, beside its state machine, of peers and leadership. */
public final class WatchedLog implements ReplicatedLog {
    private final ReplicatedLog log;
    private final Watcher watcher;

    /** Who is told. Called on the log's threads, in its order; must not block. */
    public interface Watcher {
        /** These peers are committed from this position on. */
        void configured(LogPosition position, List<Peer> peers);

        /** This node may propose. */
        void leaderReady();
    }

    /** @param watcher hears of everything before the state machine does */
    public WatchedLog(ReplicatedLog log, Watcher watcher) {
        this.log = log;
        this.watcher = watcher;
    }

    @Override
    public void start(StateMachine machine) {
        log.start(new Watched(machine, watcher));
    }

    private record Watched(StateMachine machine, Watcher watcher) implements StateMachine {
        @Override
        public @Nullable String preAppend(long term, byte[] payload) {
            return machine.preAppend(term, payload);
        }

        @Override
        public CompletableFuture<?> apply(LogPosition position, byte[] payload) {
            return machine.apply(position, payload);
        }

        @Override
        public void configured(LogPosition position, List<Peer> peers) {
            watcher.configured(position, peers);
            machine.configured(position, peers);
        }

        @Override
        public void leaderReady(long term) {
            watcher.leaderReady();
            machine.leaderReady(term);
        }

        @Override
        public void notLeader(long term) {
            machine.notLeader(term);
        }

        @Override
        public void leaderChanged(@Nullable PeerId leader) {
            machine.leaderChanged(leader);
        }

        @Override
        public void removed() {
            machine.removed();
        }

        @Override
        public void failed(Throwable cause) {
            machine.failed(cause);
        }

        @Override
        public LogPosition durable() {
            return machine.durable();
        }
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
}
