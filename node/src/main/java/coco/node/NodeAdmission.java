package coco.node;

import coco.attestation.Evidence;
import coco.consensus.LogPosition;
import coco.consensus.Peer;
import coco.consensus.PeerId;
import coco.consensus.ReplicatedLog;
import coco.core.Core;
import coco.core.Generation;
import coco.core.Handover;
import coco.core.Keyring;
import coco.core.Roster;
import coco.core.SnapshotExchange;
import coco.crypto.Sha256;
import coco.governance.Constitution;
import coco.governance.NodeEntry;
import coco.governance.NodeList;
import coco.governance.RaftNodes;
import coco.governance.ledger.JoinRequest;
import coco.journal.BlockHeader;
import coco.journal.FileStorage;
import coco.journal.Journal;
import coco.journal.JournalEntry;
import coco.journal.ReadResult;
import coco.journal.SealerChange;
import coco.ledgers.api.Faults;
import coco.node.admission.CertificateJudge;
import coco.node.admission.Check;
import coco.node.admission.Finding;
import coco.node.admission.HeaderLookup;
import coco.node.admission.NodeCertificates;
import coco.node.admission.PeerAdmission;
import coco.node.admission.Refusals;
import coco.node.admission.Standing;
import coco.node.channel.ChannelClient;
import coco.node.channel.ChannelLimits;
import coco.node.channel.TransferClient;
import coco.node.channel.TransferServer;
import coco.node.config.Configuration;
import coco.node.config.Keys;
import coco.node.http.Route;
import coco.node.join.CatchUp;
import coco.node.join.HeadInquiry;
import coco.node.join.JoinAnswer;
import coco.node.join.JoinDesk;
import coco.node.join.JoinException;
import coco.node.join.NodeClients;
import coco.node.peers.Reconciler;
import coco.node.peers.VoterFile;
import coco.node.peers.VoterGuard;
import coco.node.peers.WatchedLog;
import coco.node.tls.NodeIdentity;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who belongs to the network, as this node sees it: its own certificates, its peers in consensus and on the channel,
 * and newcomers. Made before the core, which it is connected to when that is open.
 */
final class NodeAdmission implements WatchedLog.Watcher, RaftNodes, NetworkPage.Evidence, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeAdmission.class);

    /** How long a newcomer's request waits for the core thread, which answers between two blocks. */
    private static final Duration HANDOVER = Duration.ofSeconds(5);

    /** How often the collateral is read again: makers' lists change within days. */
    private static final Duration COLLATERAL = Duration.ofHours(1);
    /** Without a confirmed read for so long, several elections, a node asks what the newest block is. */
    private static final Duration CUT_OFF = Duration.ofSeconds(10);

    /** Between two looks at that. */
    private static final Duration INQUIRY = Duration.ofSeconds(5);

    /**
     * For how many blocks a removed node may still turn up among the voters: a change of peers takes a minute at most,
     * in which a busy network makes some thousand blocks.
     */
    private static final long LATE_BLOCKS_MAX = 10_000;

    private final Parts parts;
    private final NodeIdentity identity;
    private final CertificateJudge judge;
    private final Refusals refusals;
    private final PeerAdmission admission;
    private final LinkedBlockingQueue<Boolean> wakeUps = new LinkedBlockingQueue<>(1);
    private final Thread reconciling = Thread.ofVirtual().name("reconciler").unstarted(this::reconcile);
    private final NodeCertificates certificates;
    private final VoterGuard guard;
    private final AttestationPages pages;
    private final HeadInquiry inquiry;
    private final Thread inquiring = Thread.ofVirtual().name("inquiry").unstarted(this::inquire);
    private volatile @Nullable Connected connected;

    /** When collateral was read last; the thread that watches the node's condition. */
    private Instant collateralRead;
    /** The newest head as the service's nodes told it while this node was cut off. */
    private volatile NodeCertificates.@Nullable Head told;

    private volatile long confirmedNanos;

    /** Generation of the service key that issued the last certificate; the thread that watches the node's condition. */
    private volatile int issuedBy;

    /** Generation of the service key that should have issued it; core thread, once connected. */
    private volatile int issuerWanted;

    /** Wakes who issues. */
    private final Semaphore due = new Semaphore(0);

    /**
     * What it is made from.
     *
     * @param incarnation of this process
     * @param counter told the name of the check for each refusal
     * @param halt told when this node must not go on
     * @param removed told when others say that this node was removed, with their words
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Parts(
            Configuration configuration,
            NodeStart.Constitution constitution,
            NodeKeys keys,
            byte[] incarnation,
            NodePlatform platform,
            Keyring keyring,
            Journal journal,
            Governing governing,
            InstantSource clock,
            SecureRandom random,
            Consumer<String> counter,
            Consumer<Throwable> halt,
            Consumer<String> removed) {}

    private final SnapshotExchange snapshots;
    private final KnownNodes knownNodes;
    /** Who was in quarantine when the leader asked last. Core thread only. */
    private Set<String> lastQuarantined = Set.of();

    private record Connected(Core core, ReplicatedLog log, ChannelClient channel, Executor coreThread) {}

    NodeAdmission(Parts parts) {
        this.parts = parts;
        this.collateralRead = parts.clock().instant();
        Path folder = parts.configuration().get(Keys.NODE_DATA_DIRECTORY);
        this.snapshots = new SnapshotExchange(
                new FileStorage(new NodeFolder(folder).snapshots()),
                parts.constitution().serviceId(),
                parts.keys().wrapping());
        this.knownNodes = new NodeFolder(folder).knownNodes();
        NodeStart.Constitution constitution = parts.constitution();
        this.identity =
                new NodeIdentity(parts.keys().signing(), List.of(parts.keys().certificate()));
        byte[] genesisDigest = Sha256.hash(constitution.genesis().bytes());
        this.judge = new CertificateJudge(
                constitution.serviceId(),
                parts.platform().verifier(),
                new Headers(),
                genesisDigest,
                parts.clock(),
                parts.configuration().get(Keys.NODE_LEASE));
        this.refusals = new Refusals(parts.clock(), parts.counter(), LOG::warn);
        Constitution atBirth = constitution.genesis().constitution();
        boolean recovered = Recovering.beganWith(parts.configuration(), parts.keys(), parts.journal());
        List<Peer> firstPeers = recovered
                ? peers(List.of(constitution.self()))
                : peers(atBirth.nodes().nodes());
        this.admission = new PeerAdmission(judge, refusals, firstPeers, Standing.of(atBirth, 0), System::nanoTime);
        this.certificates = new NodeCertificates(
                new NodeCertificates.Identity(
                        constitution.serviceId(),
                        parts.keys().certificate(),
                        parts.keys().signing(),
                        constitution.self().wrappingKey(),
                        parts.incarnation()),
                parts.platform().attester(),
                this::head,
                this::issuer,
                parts.clock(),
                parts.configuration().get(Keys.NODE_LEASE),
                parts.random());
        this.pages = new AttestationPages(
                parts.platform().attester(),
                constitution.serviceId(),
                identity::certificate,
                constitution.self().wrappingKey(),
                refusals,
                parts.governing()::identities,
                parts.governing()::recoveries);
        this.inquiry = new HeadInquiry(new HeadInquiry.Parts(
                constitution.serviceId(),
                () -> parts.governing().identities().getLast().certificate(),
                this::others,
                constitution.self(),
                identity,
                parts.clock(),
                Node.version()));
        Set<PeerId> founders = constitution.isFounder() || recovered ? ids(firstPeers) : Set.of();
        this.guard = guard(founders);
    }

    private VoterGuard guard(Set<PeerId> founders) {
        NodeStart.Constitution constitution = parts.constitution();
        VoterFile file = new VoterFile(
                NodeKeys.voters(parts.configuration().get(Keys.NODE_KEYS_DIRECTORY)),
                parts.platform().sealing(),
                constitution.self().id());
        try {
            return new VoterGuard(
                    founders,
                    () -> ids(peers(admission.standing().constitution())),
                    this::justRemoved,
                    file,
                    why -> parts.halt().accept(new NodeException(why)));
        } catch (IllegalStateException foreign) {
            throw new NodeException("node.keysDirectory: " + foreign.getMessage(), foreign);
        }
    }

    // ---------------------------------------------------------------- what others are given

    /** What TLS shows of this node. */
    NodeIdentity identity() {
        return identity;
    }

    /** Who may speak as a node. */
    PeerAdmission peers() {
        return admission;
    }

    /** The other nodes, as the channel calls them. */
    List<ChannelClient.Target> targets() {
        List<ChannelClient.Target> targets = new ArrayList<>();
        for (NodeEntry node : nodes().nodes()) {
            if (!node.id().equals(self().id())) {
                targets.add(new ChannelClient.Target(new PeerId(node.id()), node.host(), node.administrativePort()));
            }
        }
        return targets;
    }

    /** Whether this certificate speaks for that very node. */
    boolean speaksFor(X509Certificate certificate, PeerId node) {
        NodeEntry admitted = admission.admitted(certificate);
        return admitted != null && admitted.id().equals(node.value());
    }

    /** Whether this certificate is a node's or a member's: who may see how the node is. */
    boolean isOperator(@Nullable X509Certificate peer) {
        return peer != null
                && (admission.standing().constitution().members().stream()
                                .anyMatch(member -> member.certificate().equals(peer))
                        || admission.refusal(peer) == null);
    }

    /** Routes of the administrative listener. */
    List<Route> routes() {
        TransferServer transfer =
                new TransferServer(new Giving(), ChannelLimits.DEFAULT, parts.random(), System::nanoTime);
        JoinDesk desk = new JoinDesk(
                parts.constitution().serviceId(), admission, judge, refusals, new Knocked(), parts.clock());
        List<Route> routes = new ArrayList<>(transfer.routes());
        routes.add(desk.route());
        return routes;
    }

    /** Who was refused and why. */
    Route refusals(Route.Access operators) {
        return pages.refusals(operators);
    }

    @Override
    public @Nullable X509Certificate shown(String node) {
        return node.equals(self().id()) ? identity.certificate() : admission.lastHeard(node);
    }

    @Override
    public List<Finding> judge(X509Certificate certificate) {
        return judge.admission(certificate, admission.standing());
    }

    /** Pages for anybody, on every listener. */
    List<Route> openRoutes() {
        return pages.open();
    }

    // ---------------------------------------------------------------- life

    /** The core is open: from now on its state decides, and certificates are made. */
    void connect(Core core, ReplicatedLog log, ChannelClient channel, Executor coreThread) {
        connected = new Connected(core, log, channel, coreThread);
        Constitution constitution = parts.governing().constitution();
        changed(constitution, core.heads().height());
        parts.governing().onChange(this::changed);
        issuedBy = parts.keyring().newest().number();
        issuerWanted = issuedBy;
        identity.replace(parts.keys().signing(), List.of(certificates.issue()));
    }

    /** The log runs. */
    void started() {
        Connected now = present();
        guard.started(now.log().peers(), now.core().replica().durable().index());
        reconciling.start();
        confirmedNanos = System.nanoTime();
        inquiring.start();
        tellWhyOthersRefuse();
    }

    /** They tell a stranger nothing; whoever runs this node should not have to guess. */
    private void tellWhyOthersRefuse() {
        judge.admission(identity.certificate(), admission.standing()).stream()
                .filter(finding -> !finding.passed())
                .forEach(finding -> LOG.warn("the other nodes refuse this one: {}", finding.words()));
    }

    /** A majority has confirmed a read. */
    void confirmed() {
        Connected now = present();
        confirmedNanos = System.nanoTime();
        // From now on this node's own head is the measure again.
        told = null;
        now.coreThread().execute(() -> guard.confirmed(now.log().peers()));
    }

    private void inquire() {
        String written = "";
        try {
            while (true) {
                Thread.sleep(INQUIRY);
                if (isCutOff()) {
                    String words = learnHead();
                    if (!words.equals(written)) {
                        LOG.warn("cut off from the others: {}", words);
                        written = words;
                    }
                }
            }
        } catch (InterruptedException stopped) {
            // The node stops.
            Thread.currentThread().interrupt();
        }
    }

    private boolean isCutOff() {
        return System.nanoTime() - confirmedNanos > CUT_OFF.toNanos();
    }

    /** This node may be cut off since it was away for too long: then others refuse its evidence, and it theirs. */
    private String learnHead() throws InterruptedException {
        try {
            Optional<JoinAnswer> answer = inquiry.ask();
            if (answer.isEmpty()) {
                return "none of the service's nodes answers";
            }
            JoinAnswer newest = answer.get();
            newest.refusal(Check.REMOVED)
                    .ifPresent(finding -> parts.removed().accept("as the others say: " + finding.seen()));
            if (isCutOff() && newest.height() > ownHead().height()) {
                told = new NodeCertificates.Head(newest.height(), newest.hash());
                if (newest.refusal(Check.FRESHNESS).isPresent()) {
                    LOG.info("this node is behind: the newest block is {}", newest.height());
                    show(certificates.issue());
                }
            }
            List<Finding> refusals = newest.refusals();
            return refusals.isEmpty()
                    ? "no majority, though nothing speaks against this node"
                    : "refused, " + refusals.stream().map(Finding::words).collect(Collectors.joining("; "));
        } catch (JoinException failed) {
            return String.valueOf(failed.getMessage());
        } catch (RuntimeException failed) {
            return "asking the others fails: " + Faults.withoutText(failed);
        }
    }

    /** A block was applied. */
    void applied(long height) {
        admission.applied(height);
    }

    /**
     * Secrets may have changed: a new generation's key issues from now on, since clients learn to trust no other. Core
     * thread, on which no device is asked: one that is slow or fails would halt all nodes at the same block.
     */
    void secretsChanged() {
        int newest = parts.keyring().newest().number();
        if (connected != null && newest != issuerWanted) {
            issuerWanted = newest;
            due.release();
        }
    }

    /** Waits so long, or until another certificate is due at once. */
    void awaitDue(Duration longest) throws InterruptedException {
        var _ = due.tryAcquire(longest.toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * Issues this node another certificate if the last one has lived for half of its lease, or another generation's key
     * has to issue it. Tried again at the next call if it throws. The thread that watches the node's condition.
     */
    void renewIfDue() {
        Instant now = parts.clock().instant();
        if (Duration.between(collateralRead, now).abs().compareTo(COLLATERAL) >= 0) {
            collateralRead = now;
            parts.platform().refresh().run();
            judge.collateralChanged();
        }
        int wanted = issuerWanted;
        if (wanted == issuedBy) {
            certificates.renewal().ifPresent(this::show);
            return;
        }
        X509Certificate issued = certificates.issue();
        issuedBy = wanted;
        show(issued);
    }

    private void show(X509Certificate certificate) {
        identity.replace(parts.keys().signing(), List.of(certificate));
        present().channel().renew();
        LOG.info("new certificate until {}", certificate.getNotAfter().toInstant());
    }

    private void changed(Constitution constitution, long height) {
        admission.changed(Standing.of(constitution, height));
        Connected now = connected;
        if (now != null) {
            now.channel().update(targets());
            wake();
        }
    }

    @Override
    public void close() {
        reconciling.interrupt();
        inquiring.interrupt();
    }

    // ---------------------------------------------------------------- the log's peers

    @Override
    public void configured(LogPosition position, List<Peer> peers) {
        // After everything before it was applied, so that the constitution is that of the position.
        present().coreThread().execute(() -> guard.configured(position, peers));
        wake();
    }

    @Override
    public void leaderReady() {
        wake();
    }

    @Override
    public CompletableFuture<LogPosition> missing(LogPosition first) {
        CompletableFuture<LogPosition> reached = new CompletableFuture<>();
        Thread.ofVirtual().name("catch-up").start(() -> {
            try {
                reached.complete(catchUp(first));
            } catch (InterruptedException | RuntimeException failed) {
                reached.completeExceptionally(failed);
            }
        });
        return reached;
    }

    private LogPosition catchUp(LogPosition first) throws InterruptedException {
        Connected now = present();
        CatchUp.Sink sink = new Behind(now.core());
        List<HttpClient> clients = new ArrayList<>();
        try {
            List<CatchUp.Source> sources = new ArrayList<>();
            for (ChannelClient.Target target : targets()) {
                HttpClient http =
                        NodeClients.client(identity, certificate -> speaksFor(certificate, target.id()), parts.clock());
                clients.add(http);
                sources.add(CatchUp.Source.of(new TransferClient(http, address(target), ChannelLimits.DEFAULT)));
            }
            CompletableFuture.runAsync(guard::skipping, now.coreThread()).join();
            return new CatchUp(parts.constitution().serviceId(), sink, System::nanoTime).run(first, sources);
        } finally {
            long reached = sink.durable().index();
            now.coreThread().execute(() -> guard.skipped(reached));
            clients.forEach(HttpClient::close);
        }
    }

    /** This node, when it is too far behind for the log. */
    private record Behind(Core core) implements CatchUp.Sink {
        @Override
        public NodeCertificates.Head head() {
            return headOf(core);
        }

        @Override
        public CompletableFuture<?> take(JournalEntry entry) {
            return core.replica().take(entry);
        }

        @Override
        public LogPosition durable() {
            return core.replica().durable();
        }
    }

    private List<HeadInquiry.Listed> others() {
        List<HeadInquiry.Listed> others = new ArrayList<>();
        for (ChannelClient.Target target : targets()) {
            NodeEntry node = nodes().byId(target.id().value());
            if (node != null) {
                others.add(new HeadInquiry.Listed(
                        address(target), node.certificate().getPublicKey()));
            }
        }
        return others;
    }

    private static URI address(ChannelClient.Target target) {
        String host = target.host().indexOf(':') >= 0 ? "[" + target.host() + "]" : target.host();
        return URI.create("https://" + host + ":" + target.port());
    }

    private void wake() {
        var _ = wakeUps.offer(Boolean.TRUE);
    }

    private void reconcile() {
        Connected now = present();
        Reconciler reconciler = new Reconciler(
                new PeerId(self().id()),
                now.log(),
                () -> peers(admission.standing().constitution()),
                System::nanoTime);
        try {
            while (true) {
                knownNodes.remember(nodes().nodes());
                if (!stepped(reconciler)) {
                    var _ = wakeUps.poll(Reconciler.PERIOD.toMillis(), TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException stopped) {
            // The node stops.
            Thread.currentThread().interrupt();
        }
    }

    /** One step that fails is tried again: without this thread voters would never change again. */
    private static boolean stepped(Reconciler reconciler) throws InterruptedException {
        try {
            return reconciler.step();
        } catch (RuntimeException failed) {
            LOG.warn("the voters are not changed now: {}", Faults.withoutText(failed));
            return false;
        }
    }

    @Override
    public Set<String> ids() {
        Connected now = connected;
        return now == null
                ? Set.of()
                : now.log().peers().stream().map(peer -> peer.id().value()).collect(Collectors.toSet());
    }

    /** Nodes that lately were on the list: Raft may have been adding one of them when members removed it. */
    private Set<PeerId> justRemoved() {
        Standing standing = admission.standing();
        return standing.constitution().formerNodes().stream()
                .filter(former -> standing.height() - former.lastHeight() <= LATE_BLOCKS_MAX)
                .map(former -> new PeerId(former.id()))
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public Set<String> admitted(Constitution candidate, long height) {
        return admission.staying(ids(), identity.certificate(), Standing.of(candidate, height));
    }

    /**
     * The nodes of a constitution whose platform or code it trusts no longer, by what they showed last. Dates and
     * freshness are left out: who was away for a while is refused until it comes back, and is not lost for ever.
     */
    Set<String> quarantined(Constitution constitution, long height) {
        Set<String> quarantined = new TreeSet<>();
        Standing standing = Standing.of(constitution, height);
        for (NodeEntry node : constitution.nodes().nodes()) {
            String id = node.id();
            X509Certificate heard = id.equals(self().id()) ? identity.certificate() : admission.lastHeard(id);
            if (heard != null && !judge.trusted(heard, standing)) {
                quarantined.add(id);
            }
        }
        if (!quarantined.equals(lastQuarantined)) {
            lastQuarantined = Set.copyOf(quarantined);
            LOG.warn("in quarantine, and given no secrets of an epoch from block {} on: {}", height, quarantined);
        }
        return quarantined;
    }

    private static List<Peer> peers(Constitution constitution) {
        return peers(constitution.nodes().nodes());
    }

    private static List<Peer> peers(List<NodeEntry> nodes) {
        return nodes.stream()
                .map(node -> new Peer(new PeerId(node.id()), node.host(), node.raftPort()))
                .toList();
    }

    private static Set<PeerId> ids(List<Peer> peers) {
        return peers.stream().map(Peer::id).collect(Collectors.toSet());
    }

    // ---------------------------------------------------------------- newcomers

    /** What nodes are given that were admitted. */
    private final class Giving implements TransferServer.Source {
        @Override
        public @Nullable NodeEntry admitted(X509Certificate certificate) {
            return admission.spoke(certificate);
        }

        @Override
        public @Nullable String refusal(NodeEntry node, byte[] nonce, Evidence evidence) {
            byte[] freshness = NodeCertificates.challengeFreshness(
                    nonce, identity.certificate().getPublicKey());
            Optional<Finding> failed = judge.challenge(evidence, node, freshness, admission.standing()).stream()
                    .filter(finding -> !finding.passed())
                    .findFirst();
            failed.ifPresent(finding -> refusals.note(node.id(), true, finding));
            return failed.map(Finding::words).orElse(null);
        }

        /** On the core thread: who is on the list and which secrets there are change there, and together. */
        @Override
        public byte[] secrets(NodeEntry node) {
            CompletableFuture<byte[]> sealed = new CompletableFuture<>();
            present().coreThread().execute(() -> {
                try {
                    sealed.complete(handover(node));
                } catch (RuntimeException refused) {
                    sealed.completeExceptionally(refused);
                }
            });
            return sealed.orTimeout(HANDOVER.toMillis(), TimeUnit.MILLISECONDS).join();
        }

        private byte[] handover(NodeEntry node) {
            Roster.Node listed = present().core().roster().byCertificate(SealerChange.digest(node.certificate()));
            if (listed == null || !listed.wrappingKey().equals(node.wrappingKey())) {
                throw new NodeException(node.id() + " was taken off the list meanwhile");
            }
            LOG.info("giving the network's secrets to {}", node.id());
            return Handover.seal(parts.keyring(), parts.constitution().serviceId(), listed, parts.random());
        }

        @Override
        public long lastHeight() {
            return present().core().writer().durableHeight();
        }

        @Override
        public @Nullable JournalEntry entry(long height) {
            return parts.journal().read(height) instanceof ReadResult.Found(JournalEntry entry) ? entry : null;
        }

        @Override
        public SnapshotExchange.@Nullable Piece piece(long height, int chunk) {
            return snapshots.piece(height, chunk);
        }
    }

    private final class Knocked implements JoinDesk.Network {
        @Override
        public Head head() {
            NodeCertificates.Head head = ownHead();
            return new Head(head.height(), head.hash());
        }

        @Override
        public List<JoinRequest> pending() {
            return parts.governing().joins();
        }

        @Override
        public void record(JoinRequest request) {
            LOG.info(
                    "{} of {} asks to join", request.node().id(), request.node().owner());
            parts.governing().record(request);
        }
    }

    // ---------------------------------------------------------------- the chain

    private final class Headers implements HeaderLookup {
        @Override
        public byte @Nullable [] hash(long height) {
            Core core = present().core();
            // Not the head that was told: a header that was found once is not looked for again.
            return height > core.heads().height() ? null : core.archive().headerHash(height);
        }

        @Override
        public long newest() {
            NodeCertificates.Head newest = told;
            long own = present().core().heads().height();
            return newest == null ? own : Math.max(own, newest.height());
        }

        @Override
        public @Nullable Instant time(long height) {
            BlockHeader header = present().core().archive().header(height);
            return header == null ? null : Instant.ofEpochSecond(header.timestampSeconds());
        }

        @Override
        public long durable() {
            return present().core().writer().durableHeight();
        }
    }

    /** What evidence is fresh by: this node's own head, or that of which it was told as long as it is behind. */
    private NodeCertificates.Head head() {
        NodeCertificates.Head own = ownHead();
        NodeCertificates.Head newest = told;
        return newest == null || newest.height() <= own.height() ? own : newest;
    }

    private NodeCertificates.Head ownHead() {
        return headOf(present().core());
    }

    private static NodeCertificates.Head headOf(Core core) {
        // Both of one block: the archive never forgets, and the height only grows.
        long height = core.heads().height();
        byte[] hash = core.archive().headerHash(height);
        if (hash == null) {
            throw new NodeException("the journal lacks block " + height);
        }
        return new NodeCertificates.Head(height, hash);
    }

    /** The service's identity of the newest generation, if this node holds its key. */
    private Optional<NodeCertificates.Issuer> issuer() {
        Generation newest = parts.keyring().newest();
        PrivateKey key = newest.serviceKey();
        return key == null
                ? Optional.empty()
                : parts.governing().identities().stream()
                        .filter(each -> each.generation() == newest.number())
                        .findFirst()
                        .map(each -> new NodeCertificates.Issuer(each.certificate(), key));
    }

    private Connected present() {
        Connected now = connected;
        if (now == null) {
            throw new IllegalStateException("asked before the core was opened");
        }
        return now;
    }

    private NodeList nodes() {
        return admission.standing().constitution().nodes();
    }

    private NodeEntry self() {
        return parts.constitution().self();
    }
}
