package coco.core;

import coco.crypto.Hpke;
import coco.journal.BlockSealer;
import coco.journal.ChainHead;
import coco.journal.EpochSecrets;
import coco.journal.EvidenceKey;
import coco.journal.JournalEntry;
import coco.journal.JournalLimits;
import coco.journal.MalformedException;
import coco.journal.SealedBlock;
import coco.journal.SealerChange;
import coco.journal.SealerIdentity;
import coco.journal.ServiceId;
import coco.kv.Draft;
import coco.kv.MalformedWriteSetException;
import coco.kv.MapSpec;
import coco.kv.Store;
import coco.kv.StoreLimits;
import coco.kv.Transaction;
import coco.kv.WriteSet;
import coco.ledgers.api.Ledger;
import coco.ledgers.api.LedgerBlock;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The first block of a network, at height 0: the genesis document, the nodes that may seal, the first epoch's secrets
 * encrypted to each of them, and each ledger's initial state. It is sealed by the service identity, once, where the
 * network is made, and copied to every node; no log carries it.
 */
public final class GenesisBlock {
    private static final byte[] WRAP_LABEL = "coco epoch wrap 1".getBytes(StandardCharsets.UTF_8);
    private static final int SECRET_BYTES = 32;

    private GenesisBlock() {}

    /**
     * A node of the genesis document.
     *
     * @param id its name
     * @param certificate of its identity key, issued by the service
     * @param wrappingKey P-256 key to which epoch secrets are encrypted
     */
    public record Node(String id, X509Certificate certificate, PublicKey wrappingKey) {}

    /**
     * What a network is made from.
     *
     * @param document the genesis document's canonical bytes
     * @param nodes all nodes at the start
     * @param serviceCertificate of the service identity
     * @param serviceKey the service identity's key pair
     * @param ledgers the ledgers of the network, in order
     * @param ledgerDocuments each ledger's part of the genesis document
     * @param timestampMillis of the block
     */
    public record Ingredients(
            byte[] document,
            List<Node> nodes,
            X509Certificate serviceCertificate,
            KeyPair serviceKey,
            List<Ledger> ledgers,
            Map<String, byte[]> ledgerDocuments,
            long timestampMillis) {
        public Ingredients {
            nodes = List.copyOf(nodes);
            ledgers = List.copyOf(ledgers);
            ledgerDocuments = Map.copyOf(ledgerDocuments);
        }
    }

    /** Makes the block, drawing the first epoch's secrets, which nobody keeps but the nodes. */
    public static JournalEntry make(Ingredients from, SecureRandom random) {
        byte[] serviceId = ServiceId.of(from.document(), from.serviceKey().getPublic());
        byte[] epochSecret = draw(random);
        byte[] evidenceSecret = draw(random);
        Map<String, LedgerBlock> blocks = new LinkedHashMap<>();
        List<MapSpec> maps = allMaps(from.ledgers());
        Store store = new Store(maps, StoreLimits.DEFAULT);
        Draft draft = store.draft(store.head());
        for (Ledger ledger : from.ledgers()) {
            byte[] document = from.ledgerDocuments().get(ledger.id());
            blocks.put(ledger.id(), ledger.genesis(draft, document == null ? new byte[0] : document));
        }
        byte[] publicWrites = publicWrites(from, draft, serviceId, concat(epochSecret, evidenceSecret), random)
                .serialise();
        draft.discard();
        EvidenceKey evidence = new EvidenceKey(serviceId, evidenceSecret);
        SealerIdentity identity = new SealerIdentity(
                serviceId,
                0,
                SealerChange.digest(from.serviceCertificate()),
                from.serviceKey().getPrivate(),
                evidence);
        SealedBlock block = new BlockSealer(identity, random, JournalLimits.DEFAULT)
                .seal(
                        ChainHead.NONE,
                        0,
                        new EpochSecrets(serviceId, 0, epochSecret),
                        Chain.content(from.timestampMillis(), blocks),
                        publicWrites);
        byte[] nonce = Invariant.present(
                Secrets.opener(serviceId, evidence).evidenceNonce(block), "the evidence key was just made");
        return new JournalEntry(0, -1, nonce, block);
    }

    /** The maps of a network with these ledgers: the service's, then each ledger's. */
    static List<MapSpec> allMaps(List<Ledger> ledgers) {
        List<MapSpec> maps = new ArrayList<>(ServiceMaps.ALL);
        ledgers.forEach(ledger -> maps.addAll(ledger.maps()));
        return maps;
    }

    private static WriteSet publicWrites(
            Ingredients from, Draft draft, byte[] serviceId, byte[] secrets, SecureRandom random) {
        Transaction writes = new Transaction(draft);
        writes.put(ServiceMaps.GENESIS, ServiceMaps.DOCUMENT, from.document());
        writes.put(
                ServiceMaps.SEALERS,
                ServiceMaps.SERVICE_SEALER.getBytes(StandardCharsets.UTF_8),
                der(from.serviceCertificate()));
        for (Node node : from.nodes()) {
            byte[] id = node.id().getBytes(StandardCharsets.UTF_8);
            writes.put(
                    ServiceMaps.SEALERS, concat("node.".getBytes(StandardCharsets.UTF_8), id), der(node.certificate()));
            byte[] key = epochKey(0, node.id());
            writes.put(
                    ServiceMaps.EPOCHS, key, Hpke.seal(node.wrappingKey(), wrapInfo(serviceId), key, secrets, random));
        }
        return writes.writes();
    }

    /**
     * The secrets that a genesis block holds for one node.
     *
     * @return empty if there are none for it, or they are not encrypted to this key
     */
    public static Optional<Secrets> open(SealedBlock genesis, byte[] serviceId, String nodeId, PrivateKey wrappingKey)
            throws MalformedException {
        byte[] key = epochKey(0, nodeId);
        List<byte[]> wrapped = new ArrayList<>();
        try {
            WriteSet.parse(genesis.publicWrites(), ServiceMaps.ALL).forEach((map, at, value) -> {
                if (map == ServiceMaps.EPOCHS && value != null && Arrays.equals(at, key)) {
                    wrapped.add(value);
                }
            });
        } catch (MalformedWriteSetException e) {
            throw new MalformedException("the genesis block's public write set is malformed");
        }
        if (wrapped.isEmpty()) {
            return Optional.empty();
        }
        byte[] secrets = Hpke.open(wrappingKey, wrapInfo(serviceId), key, wrapped.getFirst());
        if (secrets == null || secrets.length != 2 * SECRET_BYTES) {
            return Optional.empty();
        }
        return Optional.of(new Secrets(
                new EpochSecrets(serviceId, 0, Arrays.copyOf(secrets, SECRET_BYTES)),
                new EvidenceKey(serviceId, Arrays.copyOfRange(secrets, SECRET_BYTES, 2 * SECRET_BYTES))));
    }

    private static byte[] epochKey(long epoch, String nodeId) {
        byte[] id = nodeId.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES + id.length)
                .putLong(epoch)
                .put(id)
                .array();
    }

    private static byte[] wrapInfo(byte[] serviceId) {
        return concat(WRAP_LABEL, serviceId);
    }

    private static byte[] draw(SecureRandom random) {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        return secret;
    }

    private static byte[] der(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("a certificate without an encoding", e);
        }
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
