package coco.consensus;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Hands every callback on to another state machine; a subclass does differently what it overrides. Whoever adds a
 * callback to {@link StateMachine} adds it here, and nowhere else.
 */
public class ForwardingMachine implements StateMachine {
    private final StateMachine machine;

    /** Hands on to this one. */
    public ForwardingMachine(StateMachine machine) {
        this.machine = machine;
    }

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
        machine.configured(position, peers);
    }

    @Override
    public void leaderReady(long term) {
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
    public CompletableFuture<LogPosition> missing(LogPosition first) {
        return machine.missing(first);
    }

    @Override
    public LogPosition durable() {
        return machine.durable();
    }
}
