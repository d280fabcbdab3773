package coco.systemtests.simulation;

import coco.consensus.PeerId;
import coco.consensus.ProposeReply;
import coco.consensus.ReadReply;
import coco.consensus.ReplicatedLog;
import coco.consensus.Role;
import coco.consensus.StateMachine;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Another log, but for what a subclass does differently. */
class ForwardingLog implements ReplicatedLog {
    private final ReplicatedLog log;

    ForwardingLog(ReplicatedLog log) {
        this.log = log;
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
