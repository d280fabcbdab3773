package coco.consensus.ratis;

import coco.consensus.ConsensusLimits;
import coco.consensus.Invariant;
import coco.consensus.LogPosition;
import coco.consensus.Peer;
import coco.consensus.PeerId;
import coco.consensus.StateMachine;
import coco.consensus.ratis.Proposals.Proposal;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.exceptions.StateMachineException;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.FileListSnapshotInfo;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ratis' state machine: hands Ratis' callbacks to ours, on the threads that {@link StateMachine} promises.
 *
 * <p>It holds no state of its own besides positions. Its snapshot is the journal's durable position: taking one does no
 * work, and replay begins behind it.
 */
final class RatisStateMachine extends BaseStateMachine {
    private static final Logger LOG = LoggerFactory.getLogger(RatisStateMachine.class);

    /** Before what is missing is asked for again. */
    private static final Duration MISSING_RETRY = Duration.ofSeconds(2);

    private static final CompletableFuture<TermIndex> NO_SNAPSHOT = CompletableFuture.completedFuture(null);

    private final StateMachine machine;
    private final Proposals proposals;
    private final Events events;
    private final ConsensusLimits limits;
    private final LongSupplier currentTerm;
    private final Runnable forceNames;
    private final Runnable onRemoved;
    private final AtomicBoolean removed = new AtomicBoolean();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile CompletableFuture<?> appliedSoFar = CompletableFuture.completedFuture(null);
    private volatile boolean stopping;

    RatisStateMachine(
            StateMachine machine,
            Proposals proposals,
            Events events,
            ConsensusLimits limits,
            LongSupplier currentTerm,
            Runnable forceNames,
            Runnable onRemoved) {
        this.machine = machine;
        this.proposals = proposals;
        this.events = events;
        this.limits = limits;
        this.currentTerm = currentTerm;
        this.forceNames = forceNames;
        this.onRemoved = onRemoved;
    }

    /** From now on closing is intended. */
    void stopping() {
        stopping = true;
    }

    /** Whether Ratis has let go of this state machine within the time. */
    boolean awaitClosed(long millis) throws InterruptedException {
        return closed.await(millis, TimeUnit.MILLISECONDS);
    }

    /** Completes when everything handed over so far has taken effect. */
    CompletableFuture<?> appliedSoFar() {
        return appliedSoFar;
    }

    // ---- lifecycle

    @Override
    public void initialize(RaftServer server, RaftGroupId group, RaftStorage storage) throws IOException {
        getLifeCycle().startAndTransition(() -> {
            super.initialize(server, group, storage);
            restart();
        });
    }

    @Override
    public void pause() {
        getLifeCycle().transition(LifeCycle.State.PAUSING);
        getLifeCycle().transition(LifeCycle.State.PAUSED);
    }

    /** Without this Ratis waits for ever after a pause; the bundled examples forget it. */
    @Override
    public void reinitialize() {
        restart();
        if (getLifeCycleState() == LifeCycle.State.PAUSED) {
            getLifeCycle().transition(LifeCycle.State.STARTING);
            getLifeCycle().transition(LifeCycle.State.RUNNING);
        }
    }

    private void restart() {
        LogPosition durable = machine.durable();
        proposals.startAt(durable.index());
        setLastAppliedTermIndex(
                durable.index() < 0 ? TermIndex.INITIAL_VALUE : TermIndex.valueOf(durable.term(), durable.index()));
    }

    @Override
    public void close() {
        closed.countDown();
        if (!stopping) {
            // Ratis says why only when it has closed everything, and not always.
            events.schedule(limits.electionTimeoutMax(), () -> {
                if (!removed.get()) {
                    events.failed(new IllegalStateException("Ratis closed the server by itself, without saying why"));
                }
            });
        }
    }

    @Override
    public void notifyServerShutdown(RoleInfoProto roleInfo, boolean allServer) {
        if (stopping) {
            return;
        }
        if (allServer) {
            events.failed(
                    new IllegalStateException("Ratis closed the server by itself: a pause beyond the close threshold"));
        } else if (removed.compareAndSet(false, true)) {
            // An election found this node in no list, or a leader said so when it was asked for its vote.
            events.post(onRemoved);
        }
    }

    // ---- snapshots: the journal's position

    @Override
    public long takeSnapshot() {
        return machine.durable().index();
    }

    @Override
    public @Nullable SnapshotInfo getLatestSnapshot() {
        LogPosition durable = machine.durable();
        return durable.index() < 0 ? null : new FileListSnapshotInfo(List.of(), durable.term(), durable.index());
    }

    @Override
    public CompletableFuture<TermIndex> notifyInstallSnapshotFromLeader(
            RoleInfoProto roleInfo, TermIndex firstTermIndexInLog) {
        if (firstTermIndexInLog.getIndex() <= machine.durable().index() + 1) {
            // Ratis asks every newcomer to begin with a snapshot. This one finds all it lacks in the leader's log,
            // which is sent once it has said that there is no snapshot.
            return NO_SNAPSHOT;
        }
        LOG.info(
                "{} is too far behind: the leader's log begins at {}, this journal ends at {}",
                getId(),
                firstTermIndexInLog,
                machine.durable());
        return machine.missing(new LogPosition(firstTermIndexInLog.getTerm(), firstTermIndexInLog.getIndex()))
                .thenApply(reached -> TermIndex.valueOf(reached.term(), reached.index()))
                .exceptionallyCompose(RatisStateMachine::notNow);
    }

    /** Ratis asks again at once, thousands of times a second. */
    private static CompletableFuture<TermIndex> notNow(Throwable why) {
        LOG.info("what is missing is not here yet: {}", String.valueOf(why.getMessage()));
        return CompletableFuture.supplyAsync(
                () -> {
                    throw new CompletionException(why);
                },
                CompletableFuture.delayedExecutor(MISSING_RETRY.toMillis(), TimeUnit.MILLISECONDS));
    }

    // ---- append

    @Override
    public TransactionContext startTransaction(RaftClientRequest request) {
        return TransactionContext.newBuilder()
                .setStateMachine(this)
                .setClientRequest(request)
                .build();
    }

    /** Every refusal must use this constructor: any other makes the leader step down. */
    private static StateMachineException veto(String why) {
        return new StateMachineException(why, false);
    }

    @Override
    public TransactionContext preAppendTransaction(TransactionContext transaction) throws IOException {
        RaftClientRequest request = transaction.getClientRequest();
        Proposal proposal =
                request == null ? null : proposals.find(request.getClientId().toByteString(), request.getCallId());
        if (proposal == null) {
            throw veto("not a proposal of this node");
        }
        if (proposal.payload().length > limits.payloadBytesMax()) {
            throw veto("too large");
        }
        String refusal;
        try {
            refusal = machine.preAppend(currentTerm.getAsLong(), proposal.payload());
        } catch (RuntimeException e) {
            events.failed(e);
            throw veto("the fence failed: " + e.getMessage());
        }
        if (refusal != null) {
            throw veto(refusal);
        }
        proposal.admitted();
        return transaction;
    }

    // ---- apply

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        Invariant.check(!events.hasFailed(), "the log has failed; nothing is applied any more");
        LogEntryProto entry = transaction.getLogEntry();
        StateMachineLogEntryProto body = entry.getStateMachineLogEntry();
        LogPosition position = new LogPosition(entry.getTerm(), entry.getIndex());
        Proposal proposal;
        CompletableFuture<?> taken;
        try {
            proposal = proposals.applying(body.getClientId(), body.getCallId(), position);
            // A copy, on the leader too: all nodes apply from the bytes that were replicated.
            taken = machine.apply(position, body.getLogData().toByteArray());
        } catch (RuntimeException | Error e) {
            events.failed(e);
            throw e;
        }
        updateLastAppliedTermIndex(position.term(), position.index());
        CompletableFuture<?> before = appliedSoFar;
        appliedSoFar = before.isDone() ? taken : CompletableFuture.allOf(before, taken);
        return taken.handle((ignored, failure) -> {
            if (failure != null) {
                events.failed(failure);
                throw new IllegalStateException("apply failed at " + position, failure);
            }
            if (proposal != null) {
                proposals.applied(proposal);
            }
            return Message.EMPTY;
        });
    }

    /**
     * Runs on the apply thread for entries. It also runs on another one, with term 0, when a leader tells a newcomer
     * the peers before it sends any entry: those are not known to be committed, and the entries follow.
     */
    @Override
    public void notifyConfigurationChanged(long term, long index, RaftConfigurationProto entry) {
        List<Peer> decided = RatisPeers.decided(entry);
        if (term == 0 || decided == null) {
            return;
        }
        try {
            machine.configured(new LogPosition(term, index), decided);
        } catch (RuntimeException e) {
            events.failed(e);
            throw e;
        }
    }

    @Override
    public CompletableFuture<Message> query(Message request) {
        return CompletableFuture.completedFuture(Message.EMPTY);
    }

    /** Runs on the apply thread when the first entry of this node's term has been applied. */
    @Override
    public void notifyLeaderReady() {
        long term = currentTerm.getAsLong();
        proposals.newPipeline();
        try {
            // This member's vote for itself must outlive a power cut before anything is proposed in its term.
            forceNames.run();
            machine.leaderReady(term);
        } catch (RuntimeException e) {
            events.failed(e);
            throw e;
        }
    }

    // ---- events

    /**
     * Runs under Ratis' monitor, before the server takes up a newer term: the current term is the one that is being
     * lost, and no later leadership of this node can have begun.
     */
    @Override
    public void notifyNotLeader(Collection<TransactionContext> pending) {
        long term = currentTerm.getAsLong();
        proposals.newPipeline();
        events.post(() -> machine.notLeader(term));
    }

    @Override
    public void notifyLeaderChanged(RaftGroupMemberId member, @Nullable RaftPeerId leader) {
        PeerId id = leader == null ? null : new PeerId(leader.toString());
        events.post(() -> machine.leaderChanged(id));
    }

    @Override
    public void notifyLogFailed(Throwable cause, @Nullable LogEntryProto entry) {
        events.failed(cause);
    }
}
