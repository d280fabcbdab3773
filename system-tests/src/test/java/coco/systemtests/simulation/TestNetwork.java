package coco.systemtests.simulation;

import coco.consensus.PeerId;
import coco.core.GenesisBlock;
import coco.core.Roster;
import coco.core.Secrets;
import coco.crypto.Certificates;
import coco.crypto.P256;
import coco.journal.JournalEntry;
import coco.journal.MalformedException;
import coco.journal.Recovery;
import coco.journal.SealerChange;
import coco.journal.ServiceId;
import coco.ledgers.api.FoundingContext;
import coco.ledgers.api.Ledger;
import coco.ledgers.api.LedgerFactory;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Keys, certificates and genesis of a small network. Keys are truly random: nothing that a simulation decides depends
 * on them, and blocks of different runs of one seed differ only in what is encrypted.
 */
final class TestNetwork {
    private static final byte[] DOCUMENT = "{\"service\":\"simulation\"}".getBytes(StandardCharsets.UTF_8);

    private final Map<PeerId, KeyPair> keys = new LinkedHashMap<>();
    private final Map<PeerId, X509Certificate> certificates = new HashMap<>();
    private final byte[] serviceId;
    private final JournalEntry genesis;
    private final Secrets secrets;
    private final Map<String, byte[]> documents;
    private final X509Certificate service;
    private final SecureRandom random = new SecureRandom();
    private final Instant from = Instant.now().minus(1, ChronoUnit.DAYS);
    private final Instant to = from.plus(30, ChronoUnit.DAYS);

    private TestNetwork(
            int size, List<LedgerFactory> factories, Map<String, byte[]> documents, @Nullable Roster template) {
        KeyPair service = P256.generate(random);
        X509Certificate authority = Certificates.selfSigned("service", service, from, to, random);
        List<Roster.Node> nodes = new ArrayList<>();
        for (int i = 1; i <= size; i++) {
            PeerId id = new PeerId("node-" + i);
            KeyPair key = P256.generate(random);
            X509Certificate certificate = Certificates.issue(
                    authority,
                    service.getPrivate(),
                    id.value(),
                    key.getPublic(),
                    List.of("localhost"),
                    from,
                    to,
                    random);
            keys.put(id, key);
            certificates.put(id, certificate);
            nodes.add(new Roster.Node(id.value(), certificate, key.getPublic()));
        }
        this.service = authority;
        this.documents = new HashMap<>(documents);
        List<LedgerFactory> all = new ArrayList<>(factories);
        if (template != null) {
            all.addFirst(Objects.requireNonNull(RosterLedger.ADMINISTRATION.ledger()));
            this.documents.put(RosterLedger.ID, RosterLedger.document(with(nodes, template)));
        }
        this.serviceId = ServiceId.of(DOCUMENT, service.getPublic());
        List<Ledger> ledgers = all.stream()
                .map(factory -> factory.create(new FoundingContext(
                        this.documents.getOrDefault(factory.id(), new byte[0]), InstantSource.system())))
                .toList();
        this.genesis = GenesisBlock.make(
                new GenesisBlock.Ingredients(
                        DOCUMENT,
                        nodes,
                        authority,
                        service,
                        ledgers,
                        template == null ? null : RosterLedger.ID,
                        this.documents,
                        1_700_000_000_000L,
                        template == null ? Recovery.NONE : template.recovery()),
                random);
        this.secrets = open(keys.entrySet().iterator().next());
    }

    private Secrets open(Map.Entry<PeerId, KeyPair> node) {
        try {
            return GenesisBlock.open(
                            genesis.block(),
                            serviceId,
                            node.getKey().value(),
                            node.getValue().getPrivate())
                    .orElseThrow();
        } catch (MalformedException e) {
            throw new IllegalStateException("genesis was just made", e);
        }
    }

    private static Roster with(List<Roster.Node> nodes, Roster template) {
        return new Roster(
                nodes,
                template.generation(),
                template.rollovers(),
                template.open(),
                template.limits(),
                template.policy(),
                template.recovery());
    }

    /** @param template what its roster is but for the nodes; null for a network that nobody administers */
    static TestNetwork of(
            int size, List<LedgerFactory> factories, Map<String, byte[]> documents, @Nullable Roster template) {
        return new TestNetwork(size, factories, documents, template);
    }

    /** Keys for one more node, whose certificate nobody issued. */
    Roster.Node add(PeerId id) {
        KeyPair key = P256.generate(random);
        X509Certificate certificate = Certificates.selfSigned(id.value(), key, from, to, random);
        keys.put(id, key);
        certificates.put(id, certificate);
        return new Roster.Node(id.value(), certificate, key.getPublic());
    }

    X509Certificate serviceCertificate() {
        return service;
    }

    List<PeerId> peers() {
        return List.copyOf(keys.keySet());
    }

    byte[] serviceId() {
        return serviceId.clone();
    }

    JournalEntry genesis() {
        return genesis;
    }

    Secrets secrets() {
        return secrets;
    }

    Map<String, byte[]> documents() {
        return documents;
    }

    byte[] certificateDigest(PeerId id) {
        return SealerChange.digest(Objects.requireNonNull(certificates.get(id)));
    }

    PrivateKey signingKey(PeerId id) {
        return Objects.requireNonNull(keys.get(id)).getPrivate();
    }
}
