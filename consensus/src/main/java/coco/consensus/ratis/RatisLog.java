package coco.consensus.ratis;

import coco.consensus.ChangeReply;
import coco.consensus.ConsensusException;
import coco.consensus.ConsensusException.Code;
import coco.consensus.Invariant;
import coco.consensus.Membership;
import coco.consensus.Peer;
import coco.consensus.PeerChange;
import coco.consensus.PeerId;
import coco.consensus.ProposeReply;
import coco.consensus.ReadReply;
import coco.consensus.ReplicatedLog;
import coco.consensus.Role;
import coco.consensus.SerialFilter;
import coco.consensus.StateMachine;
import coco.consensus.ratis.Proposals.Proposal;
import coco.consensus.ratis.RatisSettings.Recovery;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.X509ExtendedKeyManager;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.protocol.exceptions.LeaderNotReadyException;
import org.apache.ratis.protocol.exceptions.LeaderSteppingDownException;
import org.apache.ratis.protocol.exceptions.ReconfigurationInProgressException;
import org.apache.ratis.protocol.exceptions.ReconfigurationTimeoutException;
import org.apache.ratis.protocol.exceptions.SetConfigurationException;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.LogAppender;
import org.apache.ratis.server.storage.RaftStorage.StartupOption;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;
import org.apache.ratis.util.ExitUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The replicated log on Apache Ratis 3.3.
 *
 * <p>All requests go to the local server object; nothing but Raft's own messages crosses the network. {@code
 * docs/design/consensus.md} has the reasons for what looks roundabout here.
 */
public final class RatisLog implements ReplicatedLog {
    private static final Logger LOG = LoggerFactory.getLogger(RatisLog.class);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(20);

    /**
     * How often connections that this node opened are judged. They are ended at the second look: until then, at most
     * two seconds, a member that was removed may hear of it by the very block that removes it.
     */
    private static final Duration OUTGOING_CHECK = Duration.ofSeconds(1);

    private enum State {
        NEW,
        RUNNING,
        CLOSED
    }

    /** What exists while the server runs. */
    private record Running(
            RaftServer server,
            RaftServer.Division division,
            RatisStateMachine adapter,
            MajorityCheck majority,
            SharedReads reads,
            CommitNudge nudge) {}

    private final RatisSettings settings;
    private final Membership membership;
    private final X509ExtendedKeyManager keys;
    private final AdmittingTrustManager admission;
    private final LinkGate gate;
    private final RaftPeerId self;
    private final RaftGroupId group;
    private final Proposals proposals = new Proposals();
    private final Appenders appenders = new Appenders();
    /** For everything that is no proposal: call ids must never meet those of proposals. */
    private final ClientId service = ClientId.randomId();

    private final AtomicLong serviceCalls = new AtomicLong();
    private final AtomicBoolean proposing = new AtomicBoolean();
    private final AtomicReference<State> state = new AtomicReference<>(State.NEW);
    /** Told that it is a peer no more. */
    private volatile boolean removed;

    private volatile @Nullable Running running;
    private volatile @Nullable Events events;
    /** Known before {@link #running}: callbacks may come while the server is starting. */
    private volatile RaftServer.@Nullable Division division;

    public RatisLog(RatisSettings settings, Membership membership, X509ExtendedKeyManager keys, InstantSource clock) {
        this(settings, membership, keys, clock, new LinkGate());
    }

    RatisLog(
            RatisSettings settings,
            Membership membership,
            X509ExtendedKeyManager keys,
            InstantSource clock,
            LinkGate gate) {
        this.settings = settings;
        this.membership = membership;
        this.keys = keys;
        this.admission = new AdmittingTrustManager(membership, clock);
        this.gate = gate;
        this.self = RaftPeerId.valueOf(settings.self().value());
        this.group = RaftGroupId.valueOf(settings.group());
    }

    // ---- lifecycle

    @Override
    public void start(StateMachine machine) {
        if (!state.compareAndSet(State.NEW, State.RUNNING)) {
            throw new ConsensusException(Code.USAGE, "A log starts once");
        }
        if (ObjectInputFilter.Config.getSerialFilter() == null) {
            LOG.warn(
                    "this JVM runs without -D{}: an admitted peer could have any class instantiated",
                    SerialFilter.PROPERTY);
        }
        // Ratis would end the process when its port is taken; we report it.
        ExitUtils.disableSystemExit();
        RaftFolder folder = new RaftFolder(settings);
        boolean resumes = folder.resumes(machine.durable());
        if (!resumes && settings.recovery() == Recovery.RESUME) {
            checkMember();
        }
        if (resumes) {
            TornLogCheck.repair(
                            folder.log(),
                            settings.limits().entryBytesMax(),
                            machine.durable().index())
                    .forEach(finding -> LOG.info("log check: {}", finding));
        }
        checkPortIsFree();
        Events made = new Events("consensus-" + settings.self(), cause -> stopAfter(cause, machine));
        events = made;
        RatisStateMachine adapter = new RatisStateMachine(
                machine, proposals, made, settings.limits(), this::term, folder::forceNames, () -> endRemoved(machine));
        try {
            RaftServer server = build(folder, adapter, resumes);
            RaftServer.Division member = server.getDivision(group);
            division = member;
            Reconnects reconnects = new Reconnects(
                    (peer, cause) -> server.getServerRpc().handleException(peer, cause, true), System::nanoTime);
            MajorityCheck majority = new MajorityCheck(server, member, reconnects);
            running = new Running(
                    server,
                    member,
                    adapter,
                    majority,
                    new SharedReads(() -> confirm(server, majority, adapter)),
                    new CommitNudge(
                            settings.limits(), made, () -> new NudgingLeader(member, runningAppenders(member))));
            server.start();
        } catch (IOException | RuntimeException e) {
            close();
            throw new ConsensusException(Code.CHANNEL, "The Raft server of " + settings.self() + " did not start", e);
        }
        folder.mark();
        watchOutgoing(made);
    }

    private void watchOutgoing(Events used) {
        used.schedule(OUTGOING_CHECK, () -> {
            admission.cutOff();
            reachOthers();
            watchOutgoing(used);
        });
    }

    /** Who knows no leader asks whoever may become one, so that channels are open when there is a vote. */
    private void reachOthers() {
        Running now = live();
        if (now != null && now.division().getInfo().getLeaderId() == null) {
            var _ = now.majority().noneBeyond(term());
        }
    }

    /** A failed member must not go on voting or leading. */
    private void stopAfter(Throwable cause, StateMachine machine) {
        machine.failed(cause);
        proposals.abandon("the log has failed");
        Running ended = running;
        if (ended != null) {
            closeServer(ended);
        }
    }

    private void endRemoved(StateMachine machine) {
        LOG.info("{} is a peer no more", settings.self());
        removed = true;
        proposals.abandon("this node was removed");
        Running ended = running;
        if (ended != null) {
            closeServer(ended);
        }
        machine.removed();
    }

    private void closeServer(Running ended) {
        ended.adapter().stopping();
        try {
            ended.server().close();
        } catch (IOException e) {
            LOG.warn("{}: closing the Raft server failed", settings.self(), e);
        }
    }

    private RaftServer build(RaftFolder folder, RatisStateMachine adapter, boolean resumes) throws IOException {
        List<ServerInterceptor> interceptors = List.of(
                new DurableVotes(folder::forceNames), new InboundGuard(settings.self(), membership, admission, gate));
        return RaftServer.newBuilder()
                .setServerId(self)
                .setGroup(RaftGroup.valueOf(group, RatisPeers.toRatis(firstPeers())))
                .setStateMachine(adapter)
                .setProperties(RatisConfiguration.properties(settings, folder))
                .setParameters(
                        RatisConfiguration.parameters(keys, admission, interceptors, appenders, settings.limits()))
                .setOption(resumes ? StartupOption.RECOVER : StartupOption.FORMAT)
                .build();
    }

    /** Whoever is none of a new group's peers begins with none, and asks for no votes until a leader has added it. */
    private List<Peer> firstPeers() {
        return isFirstPeer() ? membership.peers() : List.of();
    }

    private boolean isFirstPeer() {
        return membership.peers().stream().anyMatch(peer -> peer.id().equals(settings.self()));
    }

    private void checkMember() {
        if (!isFirstPeer()) {
            throw new ConsensusException(Code.USAGE, settings.self() + " is none of the peers of its new group");
        }
    }

    private void checkPortIsFree() {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(settings.listen());
        } catch (IOException e) {
            throw new ConsensusException(
                    Code.CHANNEL, "Cannot listen on " + settings.listen() + ": is the port taken?", e);
        }
    }

    @Override
    public void close() {
        if (state.getAndSet(State.CLOSED) == State.CLOSED) {
            return;
        }
        Running ended = running;
        Events used = events;
        try {
            if (ended != null) {
                closeServer(ended);
                if (!ended.adapter().awaitClosed(CLOSE_PATIENCE.toMillis())) {
                    LOG.warn("{}: apply did not end within {}", settings.self(), CLOSE_PATIENCE);
                }
            }
            proposals.abandon("the log was closed");
            if (used != null) {
                used.close(CLOSE_PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable Running live() {
        Events used = events;
        return state.get() == State.RUNNING && used != null && !used.hasFailed() && !removed ? running : null;
    }

    // ---- proposals

    @Override
    public CompletableFuture<ProposeReply> propose(long callId, byte[] payload) {
        Invariant.check(proposing.compareAndSet(false, true), "propose was called by two threads at once");
        try {
            return proposeAlone(callId, payload);
        } finally {
            proposing.set(false);
        }
    }

    private CompletableFuture<ProposeReply> proposeAlone(long callId, byte[] payload) {
        // Ratis finds an entry too large only after the fence has let it pass, and steps down.
        if (payload.length > settings.limits().payloadBytesMax()) {
            return refused("a payload of " + payload.length + " bytes is above the limit of "
                    + settings.limits().payloadBytesMax());
        }
        Running now = live();
        if (now == null) {
            return refused("the log is not running");
        }
        Proposal proposal = proposals.begin(callId, payload);
        var _ = request(now.server(), proposal.clientId(), callId, payload)
                .whenComplete((reply, failure) -> conclude(proposal, reply, failure));
        return proposal.reply();
    }

    private CompletableFuture<RaftClientReply> request(
            RaftServer server, ByteString clientId, long callId, byte[] payload) {
        try {
            return server.submitClientRequestAsync(RaftClientRequest.newBuilder()
                    .setClientId(ClientId.valueOf(clientId))
                    .setServerId(self)
                    .setGroupId(group)
                    .setCallId(callId)
                    .setMessage(Message.valueOf(UnsafeByteOperations.unsafeWrap(payload)))
                    .setType(RaftClientRequest.writeRequestType())
                    .build());
        } catch (IOException | RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void conclude(Proposal proposal, @Nullable RaftClientReply reply, @Nullable Throwable failure) {
        if (reply != null && reply.isSuccess()) {
            try {
                proposals.succeeded(proposal, reply.getLogIndex());
            } catch (Invariant.Broken e) {
                proposals.failed(proposal, "a broken invariant");
                Events used = events;
                if (used != null) {
                    used.failed(e);
                }
            }
            return;
        }
        Throwable why = failure != null || reply == null ? failure : reply.getException();
        proposals.failed(proposal, why == null ? "no reason given" : String.valueOf(why.getMessage()));
    }

    private static CompletableFuture<ProposeReply> refused(String why) {
        return CompletableFuture.completedFuture(new ProposeReply.Refused(why));
    }

    // ---- reads and nudges

    @Override
    public CompletableFuture<ReadReply> readIndex() {
        Running now = live();
        return now == null
                ? CompletableFuture.completedFuture(new ReadReply.Unavailable("the log is not running"))
                : now.reads().ask();
    }

    /** One question to the majority, and Ratis' own read index, which also waits for apply. */
    private CompletableFuture<ReadReply> confirm(RaftServer server, MajorityCheck majority, RatisStateMachine adapter) {
        long term = term();
        CompletableFuture<Boolean> noneBeyond = majority.noneBeyond(term);
        return read(server)
                .thenCombine(noneBeyond, (reply, heard) -> {
                    if (!reply.isSuccess()) {
                        Exception cause = reply.getException();
                        return String.valueOf(cause == null ? "no reason given" : cause.getMessage());
                    }
                    return heard ? "" : "no majority is known to be at term " + term;
                })
                .thenCompose(fault -> fault.isEmpty()
                        // Ratis waits until the entries were handed over, we until they have taken effect.
                        ? adapter.appliedSoFar().<ReadReply>thenApply(ignored -> new ReadReply.Current())
                        : CompletableFuture.completedFuture(new ReadReply.Unavailable(fault)))
                .orTimeout(settings.limits().readTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(failure -> new ReadReply.Unavailable(String.valueOf(failure)));
    }

    private CompletableFuture<RaftClientReply> read(RaftServer server) {
        try {
            return server.submitClientRequestAsync(RaftClientRequest.newBuilder()
                    .setClientId(service)
                    .setServerId(self)
                    .setGroupId(group)
                    .setCallId(serviceCalls.incrementAndGet())
                    .setMessage(Message.EMPTY)
                    .setType(RaftClientRequest.readRequestType())
                    .build());
        } catch (IOException | RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public void nudge() {
        Running now = live();
        if (now != null && now.division().getInfo().isLeader()) {
            now.nudge().nudge();
        }
    }

    private List<LogAppender> runningAppenders(RaftServer.Division member) {
        return member.getInfo().isLeader() ? appenders.running() : List.of();
    }

    /** This node as the nudge sees it. */
    private record NudgingLeader(RaftServer.Division member, List<LogAppender> appenders)
            implements CommitNudge.Leader {
        @Override
        public List<CommitNudge.Follower> followers() {
            long silentMillisMax = member.properties().maxRpcTimeoutMs();
            return appenders.stream()
                    .map(appender -> (CommitNudge.Follower) new NudgedFollower(appender, silentMillisMax))
                    .toList();
        }

        @Override
        public long commitIndex() {
            return member.getRaftLog().getLastCommittedIndex();
        }
    }

    private record NudgedFollower(LogAppender appender, long silentMillisMax) implements CommitNudge.Follower {
        @Override
        public Object identity() {
            return appender;
        }

        @Override
        public boolean answers() {
            return appender.getFollower().getLastRpcResponseTime().elapsedTimeMs() < silentMillisMax;
        }

        @Override
        public long matchIndex() {
            return appender.getFollower().getMatchIndex();
        }

        @Override
        public long commitIndex() {
            return appender.getFollower().getCommitIndex();
        }

        @Override
        public void sendHeartbeat() {
            appender.triggerHeartbeat();
        }
    }

    // ---- leadership

    @Override
    public void stepDown() {
        var _ = transfer(null).whenComplete((done, failure) -> LOG.info("{}: stepped down: {}", settings.self(), done));
    }

    @Override
    public CompletableFuture<Boolean> transferLeadership(PeerId successor) {
        return transfer(RaftPeerId.valueOf(successor.value()));
    }

    private CompletableFuture<Boolean> transfer(@Nullable RaftPeerId successor) {
        Running now = live();
        if (now == null || !now.division().getInfo().isLeader()) {
            return CompletableFuture.completedFuture(false);
        }
        long timeoutMillis = settings.limits().transferTimeout().toMillis();
        try {
            return now.server()
                    .transferLeadershipAsync(new TransferLeadershipRequest(
                            service, self, group, serviceCalls.incrementAndGet(), successor, timeoutMillis))
                    .handle((reply, failure) -> reply != null && reply.isSuccess());
        } catch (IOException | RuntimeException e) {
            LOG.warn("{}: transfer of leadership failed", settings.self(), e);
            return CompletableFuture.completedFuture(false);
        }
    }

    // ---- peers

    @Override
    public List<Peer> peers() {
        Running now = live();
        return now == null ? List.of() : RatisPeers.decided(now.division().getRaftConf());
    }

    @Override
    public CompletableFuture<ChangeReply> changePeers(List<Peer> expected, PeerChange change) {
        Running now = live();
        if (now == null || !now.division().getInfo().isLeader()) {
            return CompletableFuture.completedFuture(new ChangeReply.Refused("this node does not lead"));
        }
        String fault = change.fault(expected, peers(), settings.self());
        if (fault != null) {
            return CompletableFuture.completedFuture(new ChangeReply.Refused(fault));
        }
        List<Peer> changed = change.applyTo(expected);
        return setPeers(now.server(), expected, changed)
                .handle((reply, failure) -> changeReply(changed, reply, failure))
                .completeOnTimeout(
                        new ChangeReply.Unknown("no outcome in time"),
                        settings.limits().changeTimeout().toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    private CompletableFuture<RaftClientReply> setPeers(RaftServer server, List<Peer> expected, List<Peer> changed) {
        try {
            return server.setConfigurationAsync(new SetConfigurationRequest(
                    service,
                    self,
                    group,
                    serviceCalls.incrementAndGet(),
                    SetConfigurationRequest.Arguments.newBuilder()
                            // Ratis compares once more, under its monitor: what was seen before may have changed.
                            .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET)
                            .setServersInCurrentConf(RatisPeers.toRatis(expected))
                            .setServersInNewConf(RatisPeers.toRatis(changed))
                            .build()));
        } catch (IOException | RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static ChangeReply changeReply(
            List<Peer> changed, @Nullable RaftClientReply reply, @Nullable Throwable failure) {
        if (reply != null && reply.isSuccess()) {
            return new ChangeReply.Changed(changed);
        }
        Throwable why = failure != null || reply == null ? failure : reply.getException();
        Throwable cause = why instanceof CompletionException && why.getCause() != null ? why.getCause() : why;
        String text = String.valueOf(cause);
        return switch (cause) {
            // Said before anything is appended, and never after. That another node leads is said after it, too.
            case ReconfigurationInProgressException _,
                    ReconfigurationTimeoutException _,
                    SetConfigurationException _,
                    LeaderNotReadyException _,
                    LeaderSteppingDownException _ -> new ChangeReply.Refused(text);
            case null, default -> new ChangeReply.Unknown(text);
        };
    }

    // ---- queries

    @Override
    public Role role() {
        Running now = live();
        if (now == null || !now.division().getInfo().isAlive()) {
            return Role.STOPPED;
        }
        return switch (now.division().getInfo().getCurrentRole()) {
            case LEADER -> Role.LEADER;
            case CANDIDATE -> Role.CANDIDATE;
            case LISTENER -> Role.LEARNER;
            case FOLLOWER, UNRECOGNIZED -> Role.FOLLOWER;
            // The division exists and has not begun.
            case null -> Role.STOPPED;
        };
    }

    @Override
    public @Nullable PeerId leader() {
        Running now = live();
        RaftPeerId leader = now == null ? null : now.division().getInfo().getLeaderId();
        return leader == null ? null : new PeerId(leader.toString());
    }

    @Override
    public long term() {
        RaftServer.Division member = division;
        return member == null || state.get() == State.CLOSED
                ? 0
                : member.getInfo().getCurrentTerm();
    }
}
