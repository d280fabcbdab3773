package coco.node;

import coco.attestation.Collateral;
import coco.attestation.Evidence;
import coco.attestation.platforms.EvidenceVerifiers;
import coco.attestation.simulated.SimulatedPlatform;
import coco.consensus.LogPosition;
import coco.consensus.Peer;
import coco.consensus.PeerId;
import coco.consensus.ReplicatedLog;
import coco.core.Core;
import coco.core.Generation;
import coco.core.Handover;
import coco.core.Keyring;
import coco.core.Roster;
import coco.crypto.Sha256;
import coco.governance.Constitution;
import coco.governance.NodeEntry;
import coco.governance.NodeList;
import coco.governance.RaftNodes;
import coco.governance.ledger.JoinRequest;
import coco.journal.Journal;
import coco.journal.JournalEntry;
import coco.journal.ReadResult;
import coco.journal.SealerChange;
import coco.ledgers.api.Faults;
import coco.node.admission.CertificateJudge;
import coco.node.admission.Finding;
import coco.node.admission.HeaderLookup;
import coco.node.admission.NodeCertificates;
import coco.node.admission.PeerAdmission;
import coco.node.admission.Refusals;
import coco.node.admission.Standing;
import coco.node.channel.ChannelClient;
import coco.node.channel.ChannelLimits;
import coco.node.channel.TransferServer;
import coco.node.config.Configuration;
import coco.node.config.Keys;
import coco.node.http.Route;
import coco.node.join.JoinDesk;
import coco.node.peers.Reconciler;
import coco.node.peers.VoterFile;
import coco.node.peers.VoterGuard;
import coco.node.peers.WatchedLog;
import coco.node.tls.NodeIdentity;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
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
final class NodeAdmission implements WatchedLog.Watcher, RaftNodes, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeAdmission.class);

    /** How long a newcomer's request waits for the core thread, which answers between two blocks. */
    private static final Duration HANDOVER = Duration.ofSeconds(5);

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
    private volatile @Nullable Connected connected;

    /** Generation of the service key that issued the last certificate; core thread, once connected. */
    private volatile int issuedBy;

    /**
     * What it is made from.
     *
     * @param incarnation of this process
     * @param counter told the name of the check for each refusal
     * @param halt told when this node must not go on
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Parts(
            Configuration configuration,
            NodeStart.Constitution constitution,
            NodeKeys keys,
            byte[] incarnation,
            SimulatedPlatform platform,
            Keyring keyring,
            Journal journal,
            Governing governing,
            InstantSource clock,
            SecureRandom random,
            Consumer<String> counter,
            Consumer<Throwable> halt) {}

    private record Connected(Core core, ReplicatedLog log, ChannelClient channel, Executor coreThread) {}

    NodeAdmission(Parts parts) {
        this.parts = parts;
        NodeStart.Constitution constitution = parts.constitution();
        this.identity =
                new NodeIdentity(parts.keys().signing(), List.of(parts.keys().certificate()));
        byte[] genesisDigest = Sha256.hash(constitution.genesis().bytes());
        this.judge = new CertificateJudge(
                constitution.serviceId(),
                new EvidenceVerifiers(parts.clock(), () -> Collateral.EMPTY),
                new Headers(),
                genesisDigest,
                parts.clock(),
                parts.configuration().get(Keys.NODE_LEASE));
        this.refusals = new Refusals(parts.clock(), parts.counter());
        Constitution atBirth = constitution.genesis().constitution();
        this.admission = new PeerAdmission(judge, refusals, peers(atBirth), Standing.of(atBirth, 0), System::nanoTime);
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
                parts.governing()::identities);
        Set<PeerId> founders = constitution.isFounder() ? ids(peers(atBirth)) : Set.of();
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
        routes.add(pages.refusals(this::isOperator));
        return routes;
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
        identity.replace(parts.keys().signing(), List.of(certificates.issue()));
    }

    /** The log runs. */
    void started() {
        Connected now = present();
        guard.started(now.log().peers());
        reconciling.start();
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
        now.coreThread().execute(() -> guard.confirmed(now.log().peers()));
    }

    /** A block was applied. */
    void applied(long height) {
        admission.applied(height);
    }

    /** Secrets may have changed: a new generation's key issues from now on, since clients learn to trust no other. */
    void secretsChanged() {
        int newest = parts.keyring().newest().number();
        if (connected != null && newest != issuedBy) {
            issuedBy = newest;
            show(certificates.issue());
        }
    }

    /** Issues this node another certificate if the last one has lived for half of its lease. */
    void renewIfDue() {
        certificates.renewal().ifPresent(this::show);
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

    /** A node that was not heard since this one started is judged by the list alone: nothing speaks against it. */
    @Override
    public Set<String> admitted(Constitution candidate, long height) {
        Set<String> admitted = new HashSet<>();
        Standing standing = Standing.of(candidate, height);
        for (String id : ids()) {
            X509Certificate heard = id.equals(self().id()) ? identity.certificate() : admission.lastHeard(id);
            boolean listed = candidate.nodes().byId(id) != null;
            if (listed && (heard == null || judge.admitted(heard, standing))) {
                admitted.add(id);
            }
        }
        return admitted;
    }

    private static List<Peer> peers(Constitution constitution) {
        return constitution.nodes().nodes().stream()
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
            return admission.admitted(certificate);
        }

        @Override
        public @Nullable String refusal(NodeEntry node, byte[] nonce, Evidence evidence) {
            byte[] freshness = NodeCertificates.challengeFreshness(
                    nonce, identity.certificate().getPublicKey());
            Optional<Finding> failed = judge.challenge(evidence, node, freshness, admission.standing()).stream()
                    .filter(finding -> !finding.passed())
                    .findFirst();
            failed.ifPresent(finding -> refusals.note(node.id(), finding));
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
    }

    private final class Knocked implements JoinDesk.Network {
        @Override
        public Head head() {
            NodeCertificates.Head head = NodeAdmission.this.head();
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
            return height > core.heads().height() ? null : core.archive().headerHash(height);
        }

        @Override
        public @Nullable Instant time(long height) {
            return parts.journal().read(height) instanceof ReadResult.Found(JournalEntry entry)
                    ? Instant.ofEpochSecond(entry.block().header().timestampSeconds())
                    : null;
        }
    }

    private NodeCertificates.Head head() {
        Core core = present().core();
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
