package coco.systemtests.simulation;

import coco.consensus.PeerId;
import coco.core.GenesisBlock;
import coco.core.Roster;
import coco.core.Secrets;
import coco.crypto.Certificates;
import coco.crypto.P256;
import coco.journal.JournalEntry;
import coco.journal.MalformedException;
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

    private TestNetwork(int size, List<LedgerFactory> factories, Map<String, byte[]> documents) {
        SecureRandom random = new SecureRandom();
        this.documents = documents;
        Instant from = Instant.now().minus(1, ChronoUnit.DAYS);
        Instant to = from.plus(30, ChronoUnit.DAYS);
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
        this.serviceId = ServiceId.of(DOCUMENT, service.getPublic());
        List<Ledger> ledgers = factories.stream()
                .map(factory -> factory.create(
                        new FoundingContext(documents.getOrDefault(factory.id(), new byte[0]), InstantSource.system())))
                .toList();
        this.genesis = GenesisBlock.make(
                new GenesisBlock.Ingredients(
                        DOCUMENT, nodes, authority, service, ledgers, null, documents, 1_700_000_000_000L),
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

    static TestNetwork of(int size, List<LedgerFactory> factories, Map<String, byte[]> documents) {
        return new TestNetwork(size, factories, documents);
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
