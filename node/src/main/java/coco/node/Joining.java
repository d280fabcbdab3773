package coco.node;

import coco.attestation.CertificateEvidence;
import coco.attestation.Evidence;
import coco.attestation.ReportData;
import coco.attestation.simulated.SimulatedPlatform;
import coco.core.Handover;
import coco.core.Secrets;
import coco.core.ServiceMaps;
import coco.crypto.Certificates;
import coco.crypto.Hex;
import coco.crypto.Sha256;
import coco.governance.NodeEntry;
import coco.journal.FileStorage;
import coco.journal.Journal;
import coco.journal.JournalVerifier;
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
import coco.node.join.ServiceIdentities;
import coco.node.tls.NodeIdentity;
import coco.node.tls.ServerTrust;
import coco.node.tls.TlsContexts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A newcomer's way into a running network, before it starts like any other node: knock until admitted, compare the
 * constitution, prove what runs here, take the secrets, fetch and verify the journal. Each step is left out when an
 * earlier attempt has done it, so that it may be interrupted anywhere.
 */
final class Joining {
    private static final Logger LOG = LoggerFactory.getLogger(Joining.class);
    private static final String APPROVAL = Keys.JOIN_CONSTITUTION.name();

    /** A node that is not reachable holds nobody up longer than this. */
    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final Parts parts;
    private final NodeIdentity identity;
    private final NodeCertificates certificates;
    private final AtomicReference<NodeCertificates.Head> head;
    private final HttpClient http;
    private volatile List<X509Certificate> trusted;

    /** The node at the other end, which is the one that answers: nodes are asked one after the other. */
    private volatile @Nullable X509Certificate lastServer;

    /** What a join needs. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Parts(
            Configuration configuration,
            NodeStart.Constitution constitution,
            NodeKeys keys,
            byte[] incarnation,
            SimulatedPlatform platform,
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
        this.trusted = List.of(parts.constitution().service());
        this.http = client(this::isOfService);
    }

    /**
     * Does what is left to do.
     *
     * @throws JoinException if the network refuses this node, or is not the one that was approved
     */
    void join() {
        try (http) {
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
        }
    }

    /** What the network would say to this node now; nothing is recorded. */
    JoinAnswer diagnose() throws InterruptedException {
        try (http) {
            trusted = identities(trusted);
            return knocking().knock(true).answer();
        }
    }

    private boolean hasWholeJournal() {
        return Files.exists(fetched());
    }

    /** Stands once the journal was fetched and verified: what comes later comes by consensus. */
    private Path fetched() {
        return parts.folder().root().resolve("journal.fetched");
    }

    // ---------------------------------------------------------------- knocking

    private Knocking knocking() {
        List<URI> nodes = parts.configuration().get(Keys.JOIN_NETWORK).stream()
                .map(URI::create)
                .toList();
        if (nodes.isEmpty()) {
            throw new NodeException(Keys.JOIN_NETWORK.name() + ": names no node at which this one could ask to join");
        }
        String version = Node.version();
        return new Knocking(http, nodes, parts.self(), version);
    }

    private Knocking.Heard untilAdmitted() throws InterruptedException {
        Knocking knocking = knocking();
        String told = "";
        while (true) {
            String words;
            trusted = identities(trusted);
            try {
                Knocking.Heard heard = knocking.knock(false);
                JoinAnswer answer = heard.answer();
                approve(answer);
                // The next certificate's evidence is fresh by this block.
                head.set(new NodeCertificates.Head(answer.height(), answer.hash()));
                identity.replace(parts.keys().signing(), List.of(certificates.issue()));
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
        try {
            new JournalFetch(journal, parts.constitution().serviceId(), approved).run(node, this::fetched);
        } finally {
            journal.close();
        }
        verify(storage, secrets);
        try {
            NodeFiles.write(fetched(), new byte[0]);
        } catch (IOException failed) {
            throw new NodeException("cannot write " + fetched(), failed);
        }
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
                new ServiceMaps(), secrets.keyring()::sealRoot, NodeStart.journalLimits(parts.configuration()));
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

    /** The service's newest identities, by the endorsements that lead to them from the one that this node was given. */
    private List<X509Certificate> identities(List<X509Certificate> before) throws InterruptedException {
        try (HttpClient anybody = client(certificate -> true)) {
            for (String node : parts.configuration().get(Keys.JOIN_NETWORK)) {
                List<X509Certificate> endorsed = ServiceIdentities.ask(
                        anybody,
                        URI.create(node),
                        parts.constitution().serviceId(),
                        parts.constitution().service());
                if (!endorsed.isEmpty()) {
                    return endorsed;
                }
            }
        }
        return before;
    }

    private HttpClient client(Predicate<X509Certificate> expected) {
        ServerTrust trust = new ServerTrust(expected, parts.clock());
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .sslContext(TlsContexts.of(identity, trust))
                .build();
    }

    /** A node's certificate is the service's own, of any generation that the first one endorsed. */
    private boolean isOfService(X509Certificate certificate) {
        boolean issued = trusted.stream().anyMatch(service -> Certificates.issuedBy(certificate, service));
        if (issued) {
            lastServer = certificate;
        }
        return issued;
    }
}
