package coco.node;

import coco.attestation.CertificateEvidence;
import coco.attestation.Evidence;
import coco.attestation.ReportData;
import coco.core.Handover;
import coco.core.Secrets;
import coco.core.ServiceMaps;
import coco.core.SnapshotExchange;
import coco.crypto.Certificates;
import coco.crypto.CryptoException;
import coco.crypto.Hex;
import coco.crypto.Sha256;
import coco.governance.NodeEntry;
import coco.journal.FileStorage;
import coco.journal.Journal;
import coco.journal.JournalVerifier;
import coco.journal.MalformedException;
import coco.journal.Report;
import coco.journal.Storage;
import coco.node.admission.Finding;
import coco.node.admission.NodeCertificates;
import coco.node.channel.ChannelException;
import coco.node.channel.ChannelLimits;
import coco.node.channel.TransferClient;
import coco.node.config.Configuration;
import coco.node.config.Keys;
import coco.node.join.JoinAnswer;
import coco.node.join.JoinException;
import coco.node.join.JournalFetch;
import coco.node.join.Knocking;
import coco.node.join.NewestService;
import coco.node.join.NodeClients;
import coco.node.recovery.RecordedDecisions;
import coco.node.tls.NodeIdentity;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A newcomer's way into a running network, before it starts like any other node: knock until admitted, compare the
 * constitution, prove what runs here, take the secrets, fetch and verify the journal. Each step is left out when an
 * earlier attempt has done it, so that it may be interrupted anywhere.
 */
final class Joining implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Joining.class);
    private static final String APPROVAL = Keys.JOIN_CONSTITUTION.name();

    private final Parts parts;
    private final NodeIdentity identity;
    private final NodeCertificates certificates;
    private final AtomicReference<NodeCertificates.Head> head;

    /** A connection shows the certificate that was the newest when it was made. */
    private HttpClient http;

    private final NewestService service;

    /** The node at the other end, which is the one that answers: nodes are asked one after the other. */
    private volatile @Nullable X509Certificate lastServer;

    /** What a join needs. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Parts(
            Configuration configuration,
            NodeStart.Constitution constitution,
            NodeKeys keys,
            byte[] incarnation,
            NodePlatform platform,
            NodeFolder folder,
            InstantSource clock,
            SecureRandom random) {
        Path keysFolder() {
            return configuration.get(Keys.NODE_KEYS_DIRECTORY);
        }

        NodeEntry self() {
            return constitution.self();
        }
    }

    Joining(Parts parts) {
        this.parts = parts;
        byte[] genesisDigest = Sha256.hash(parts.constitution().genesis().bytes());
        this.head = new AtomicReference<>(new NodeCertificates.Head(CertificateEvidence.FOUNDING, genesisDigest));
        this.certificates = new NodeCertificates(
                new NodeCertificates.Identity(
                        parts.constitution().serviceId(),
                        parts.keys().certificate(),
                        parts.keys().signing(),
                        parts.self().wrappingKey(),
                        parts.incarnation()),
                parts.platform().attester(),
                head::get,
                Optional::empty,
                parts.clock(),
                parts.configuration().get(Keys.NODE_LEASE),
                parts.random());
        this.identity = new NodeIdentity(parts.keys().signing(), List.of(certificates.issue()));
        this.service = new NewestService(
                parts.constitution().serviceId(),
                newestSeen(),
                parts.configuration().get(Keys.JOIN_SERVICE));
        this.http = NodeClients.client(identity, this::isOfService, parts.clock());
    }

    /** Of the service's identities: an older one than was seen before is not believed again. */
    private X509Certificate newestSeen() {
        Path kept = NodeKeys.newestService(parts.keysFolder());
        if (!Files.exists(kept)) {
            return parts.constitution().service();
        }
        try {
            return Certificates.fromPem(new String(
                    NodeFiles.read(kept, NodeLimits.SMALL_FILE_BYTES_MAX, "node.keysDirectory"),
                    StandardCharsets.US_ASCII));
        } catch (CryptoException malformed) {
            throw new NodeException("node.keysDirectory: " + kept + " is not one certificate in PEM", malformed);
        }
    }

    /**
     * Does what is left to do.
     *
     * @throws JoinException if the network refuses this node, or is not the one that was approved
     */
    void join() {
        try {
            if (Files.exists(NodeKeys.handover(parts.keysFolder())) && hasWholeJournal()) {
                return;
            }
            Knocking.Heard admitted = untilAdmitted();
            TransferClient node = new TransferClient(http, admitted.node(), ChannelLimits.DEFAULT);
            Secrets secrets = secrets(node);
            fetch(node, secrets);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new NodeException("the join was interrupted; start the node again to go on");
        } catch (ChannelException refused) {
            throw new NodeException("join: " + refused.getMessage(), refused);
        } finally {
            http.close();
        }
    }

    /** What the network would say to this node now; nothing is recorded. */
    JoinAnswer diagnose() throws InterruptedException {
        try {
            followService(doors());
            var _ = learnHead();
            return knocking().knock(true).answer();
        } finally {
            http.close();
        }
    }

    private boolean hasWholeJournal() {
        return Files.exists(parts.folder().fetched());
    }

    // ---------------------------------------------------------------- knocking

    private List<URI> doors() {
        return parts.configuration().get(Keys.JOIN_NETWORK).stream()
                .map(URI::create)
                .toList();
    }

    private Knocking knocking() {
        List<URI> nodes = doors();
        if (nodes.isEmpty()) {
            throw new NodeException(Keys.JOIN_NETWORK.name() + ": names no node at which this one could ask to join");
        }
        String version = Node.version();
        return new Knocking(http, nodes, parts.self(), version);
    }

    private Knocking.Heard untilAdmitted() throws InterruptedException {
        String told = "";
        while (true) {
            String words;
            try {
                followService(doors());
                approve(learnHead());
                Knocking.Heard heard = knocking().knock(false);
                JoinAnswer answer = heard.answer();
                approve(answer);
                switch (answer.status()) {
                    case ADMITTED -> {
                        return heard;
                    }
                    case PENDING ->
                        words = "waiting for members to admit " + parts.self().id();
                    case REFUSED -> words = "refused, " + words(answer.refusals());
                    default -> throw new IllegalStateException("no such status");
                }
            } catch (JoinException silent) {
                words = String.valueOf(silent.getMessage());
            }
            if (!words.equals(told)) {
                LOG.info("join: {}", words);
                told = words;
            }
            Thread.sleep(parts.configuration().get(Keys.JOIN_RETRY));
        }
    }

    /** Shows evidence that is fresh by the newest block, on new connections. */
    private void freshBy(JoinAnswer answer) {
        head.set(new NodeCertificates.Head(answer.height(), answer.hash()));
        identity.replace(parts.keys().signing(), List.of(certificates.issue()));
        http.close();
        http = NodeClients.client(identity, this::isOfService, parts.clock());
    }

    /** Asks what the newest block is: evidence is fresh by that, and a node without a journal has none of its own. */
    private JoinAnswer learnHead() throws InterruptedException {
        JoinAnswer answer = knocking().knock(true).answer();
        freshBy(answer);
        return answer;
    }

    private static String words(List<Finding> refusals) {
        return String.join("; ", refusals.stream().map(Finding::words).toList());
    }

    /** Before anything of the ledger is asked for. */
    private void approve(JoinAnswer answer) {
        byte[] serviceId = parts.constitution().serviceId();
        if (!Arrays.equals(answer.serviceId(), serviceId)) {
            throw new NodeException(
                    "service: seen " + Hex.encode(answer.serviceId()) + ", allowed " + Hex.encode(serviceId)
                            + "; node.genesisFile and node.serviceCertificateFile are of another network");
        }
        Path marker = NodeKeys.approved(parts.keysFolder());
        if (Files.exists(marker)) {
            return;
        }
        String seen = Hex.encode(answer.constitution());
        String approved = parts.configuration().get(Keys.JOIN_CONSTITUTION);
        if (!seen.equals(approved)) {
            throw new NodeException("constitution: seen " + seen + ", allowed "
                    + (approved.isEmpty() ? "none, as " + APPROVAL + " names none" : approved)
                    + "; compare the network's constitution with what you agreed to, and approve its digest by "
                    + APPROVAL);
        }
        try {
            NodeFiles.write(marker, (seen + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException failed) {
            throw new NodeException("cannot write " + marker, failed);
        }
    }

    // ---------------------------------------------------------------- secrets

    private Secrets secrets(TransferClient node) throws InterruptedException {
        Path file = NodeKeys.handover(parts.keysFolder());
        byte[] nonce = node.challenge();
        byte[] freshness = NodeCertificates.challengeFreshness(nonce, releasing());
        Evidence evidence = parts.platform()
                .attester()
                .attest(ReportData.of(
                        ReportData.Purpose.CHALLENGE,
                        parts.constitution().serviceId(),
                        parts.keys().certificate().getPublicKey(),
                        parts.self().wrappingKey(),
                        freshness));
        byte[] sealed = node.secrets(nonce, evidence);
        Secrets secrets = Handover.open(
                        sealed,
                        parts.constitution().serviceId(),
                        parts.self().id(),
                        parts.keys().wrapping())
                .orElseThrow(
                        () -> new NodeException("join: what was given does not open with this node's wrapping key"));
        try {
            Files.deleteIfExists(file);
            NodeFiles.writePrivate(file, sealed);
        } catch (IOException failed) {
            throw new NodeException("cannot write " + file, failed);
        }
        LOG.info("join: secrets of {} epochs received", secrets.epochs().size());
        return secrets;
    }

    private PublicKey releasing() {
        X509Certificate server = lastServer;
        if (server == null) {
            throw new NodeException("join: no node was connected to");
        }
        return server.getPublicKey();
    }

    // ---------------------------------------------------------------- journal

    private void fetch(TransferClient node, Secrets secrets) throws InterruptedException {
        Storage storage = new FileStorage(parts.folder().journal());
        byte[] approved = approved();
        Journal journal =
                NodeStart.journal(storage, parts.constitution(), NodeStart.journalLimits(parts.configuration()));
        SnapshotExchange.Piece offered;
        try {
            JournalFetch fetch = new JournalFetch(journal, parts.constitution().serviceId(), approved);
            fetch.run(node, this::fetched);
            offered = offered(node);
            if (offered != null && offered.evidenceHeight() > journal.lastHeight()) {
                // Whoever gives a snapshot has the block that vouches for it in its journal.
                fetch.extend(node, this::fetched);
            }
        } finally {
            journal.close();
        }
        verify(storage, secrets);
        if (offered != null) {
            fetchSnapshot(offered, node, storage, secrets);
        }
        try {
            NodeFiles.write(parts.folder().fetched(), new byte[0]);
        } catch (IOException failed) {
            throw new NodeException("cannot write " + parts.folder().fetched(), failed);
        }
    }

    /** What the other node's newest snapshot begins with; null without one. */
    private static SnapshotExchange.@Nullable Piece offered(TransferClient node) throws InterruptedException {
        try {
            return node.piece(SnapshotExchange.NEWEST, SnapshotExchange.FRAME);
        } catch (ChannelException silent) {
            LOG.warn("join: the other node's snapshot is not known: {}", silent.getMessage());
            return null;
        }
    }

    /** The other node's snapshot, so that the start need not replay everything; without one it does. */
    private void fetchSnapshot(SnapshotExchange.Piece offered, TransferClient node, Storage storage, Secrets secrets)
            throws InterruptedException {
        SnapshotExchange snapshots = new SnapshotExchange(
                new FileStorage(parts.folder().snapshots()),
                parts.constitution().serviceId(),
                parts.keys().wrapping());
        Journal journal =
                NodeStart.journal(storage, parts.constitution(), NodeStart.journalLimits(parts.configuration()));
        try {
            long height = snapshots.receive(offered, node::piece, journal, secrets.keyring());
            if (height >= 0) {
                LOG.info("join: snapshot of height {} fetched and verified", height);
            }
        } catch (MalformedException | ChannelException refused) {
            LOG.warn("join: the snapshot is not used: {}", refused.getMessage());
        } finally {
            journal.close();
        }
    }

    /**
     * The nodes that may have what this one's journal lacks: those that it knew of last, the founders, and those at
     * which it joined. What they send
     * has to be verified; by TLS they are only known to be of this network.
     */
    List<TransferClient> sources() throws InterruptedException {
        Set<URI> all = new LinkedHashSet<>(parts.folder().knownNodes().doors());
        all.addAll(doors());
        parts.constitution().genesis().nodes().nodes().forEach(founder -> all.add(KnownNodes.door(founder)));
        all.remove(KnownNodes.door(parts.self()));
        List<URI> nodes = List.copyOf(all);
        followService(nodes);
        try {
            freshBy(new Knocking(http, nodes, parts.self(), Node.version())
                    .knock(true)
                    .answer());
        } catch (JoinException silent) {
            LOG.debug("no node tells its head: {}", silent.getMessage());
        }
        return nodes.stream()
                .map(node -> new TransferClient(http, node, ChannelLimits.DEFAULT))
                .toList();
    }

    @Override
    public void close() {
        http.close();
    }

    /** Digest of the constitution that this network was found to have. */
    private byte[] approved() {
        byte[] line = NodeFiles.read(
                NodeKeys.approved(parts.keysFolder()), NodeLimits.SMALL_FILE_BYTES_MAX, "node.keysDirectory");
        return Hex.decode(new String(line, StandardCharsets.US_ASCII).strip());
    }

    private void fetched(long height) {
        if (height % 1000 == 0) {
            LOG.info("join: journal fetched up to height {}", height);
        }
    }

    /** The independent verifier over all of it, with the contents of every epoch that was handed over. */
    private void verify(Storage storage, Secrets secrets) {
        JournalVerifier verifier = new JournalVerifier(
                new ServiceMaps(),
                new RecordedDecisions(),
                secrets.keyring()::sealRoot,
                NodeStart.journalLimits(parts.configuration()));
        Report report = verifier.verify(storage, parts.constitution().service());
        if (report.verdict() != Report.Verdict.VALID) {
            throw new NodeException("join: the journal that was fetched does not hold; it stays in "
                    + parts.folder().journal() + " to be looked at: "
                    + report.findings().stream()
                            .findFirst()
                            .map(Report.Finding::words)
                            .orElse("incomplete"));
        }
        LOG.info("join: journal verified, heights {} to {}", report.firstHeight(), report.lastHeight());
    }

    // ---------------------------------------------------------------- TLS

    /** The service's newest identity, by the endorsements that lead to it from the last one that this node knew. */
    private void followService(List<URI> nodes) throws InterruptedException {
        try (HttpClient anybody = NodeClients.client(identity, certificate -> true, parts.clock())) {
            if (!service.ask(nodes, anybody)) {
                return;
            }
        }
        Path kept = NodeKeys.newestService(parts.keysFolder());
        try {
            Files.deleteIfExists(kept);
            NodeFiles.write(kept, Certificates.toPem(service.newest()).getBytes(StandardCharsets.US_ASCII));
        } catch (IOException failed) {
            throw new NodeException("cannot write " + kept, failed);
        }
    }

    /** A node's certificate is the service's own, of the newest generation. */
    private boolean isOfService(X509Certificate certificate) {
        boolean issued = service.hasIssued(certificate);
        if (issued) {
            lastServer = certificate;
        }
        return issued;
    }
}
