package coco.consensus;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A log that does what another one does; a subclass does differently what it overrides. Whoever adds an operation to
 * {@link ReplicatedLog} adds it here, and nowhere else.
 */
public class ForwardingLog implements ReplicatedLog {
    private final ReplicatedLog log;

    /** Does what this one does. */
    public ForwardingLog(ReplicatedLog log) {
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
