package coco.core;

import coco.crypto.Hpke;
import coco.journal.BlockOpener;
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
import coco.ledgers.api.HistoryImport;
import coco.ledgers.api.Ledger;
import coco.ledgers.api.LedgerBlock;
import coco.ledgers.api.LedgerException;
import java.io.IOException;
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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The first block of a network, at height 0: the genesis document, the nodes that may seal, the first epoch's secrets
 * encrypted to each of them, and each ledger's initial state. It is sealed by the service identity, once, where the
 * network is made, and copied to every node; no log carries it. A network that begins with the history of another one
 * has that at the heights that follow, made and sealed in the same way; the first block says how far that goes.
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

    /**
     * The history of another network, with which this one begins.
     *
     * @param ledger whose history it is
     * @param blocks its blocks in order
     * @param count how many there are
     */
    public record History(String ledger, HistoryImport blocks, long count) {}

    /** Makes the block, drawing the first epoch's secrets, which nobody keeps but the nodes. */
    public static JournalEntry make(Ingredients from, SecureRandom random) {
        List<JournalEntry> entries = new ArrayList<>();
        make(from, null, random, entries::add);
        return entries.getFirst();
    }

    /**
     * Makes the block, and one for each block of a history after it.
     *
     * @param journal takes each as it is made; only one is in memory at a time
     * @throws LedgerException if the history is not valid, is not as long as it says, or cannot be read
     */
    public static void make(
            Ingredients from, @Nullable History history, SecureRandom random, Consumer<JournalEntry> journal) {
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
        long foundedHeight = history == null ? 0 : history.count();
        byte[] secrets = concat(epochSecret, evidenceSecret);
        byte[] publicWrites = publicWrites(from, draft, serviceId, secrets, foundedHeight, random)
                .serialise();
        EvidenceKey evidence = new EvidenceKey(serviceId, evidenceSecret);
        SealerIdentity identity = new SealerIdentity(
                serviceId,
                0,
                SealerChange.digest(from.serviceCertificate()),
                from.serviceKey().getPrivate(),
                evidence);
        Sealing sealing = new Sealing(
                new BlockSealer(identity, random, JournalLimits.DEFAULT),
                new EpochSecrets(serviceId, 0, epochSecret),
                Secrets.opener(serviceId, evidence),
                from.timestampMillis());
        journal.accept(sealing.seal(blocks, publicWrites));
        if (history == null) {
            draft.discard();
            return;
        }
        draft.seal().close();
        follow(store, history, sealing, journal);
    }

    private static void follow(Store store, History history, Sealing sealing, Consumer<JournalEntry> journal) {
        byte[] nothing = WriteSet.empty().serialise();
        for (long height = 1; true; height++) {
            Draft draft = store.draft(store.head());
            LedgerBlock block;
            try {
                block = history.blocks().next(draft);
            } catch (IOException e) {
                throw new LedgerException("the history cannot be read: " + e.getMessage(), e);
            }
            if (block == null || height > history.count()) {
                draft.discard();
                if (block != null || height <= history.count()) {
                    throw new LedgerException("the history has not " + history.count() + " blocks, as was said");
                }
                return;
            }
            draft.seal().close();
            journal.accept(sealing.seal(Map.of(history.ledger(), block), nothing));
        }
    }

    /** The service identity at its only work. */
    private static final class Sealing {
        private final BlockSealer sealer;
        private final EpochSecrets secrets;
        private final BlockOpener opener;
        private final long timestampMillis;
        private ChainHead head = ChainHead.NONE;

        Sealing(BlockSealer sealer, EpochSecrets secrets, BlockOpener opener, long timestampMillis) {
            this.sealer = sealer;
            this.secrets = secrets;
            this.opener = opener;
            this.timestampMillis = timestampMillis;
        }

        JournalEntry seal(Map<String, LedgerBlock> blocks, byte[] publicWrites) {
            SealedBlock block = sealer.seal(head, 0, secrets, Chain.content(timestampMillis, blocks), publicWrites);
            head = head.next(block);
            byte[] nonce = Invariant.present(opener.evidenceNonce(block), "the evidence key was just made");
            return new JournalEntry(0, -1, nonce, block);
        }
    }

    /** The maps of a network with these ledgers: the service's, then each ledger's. */
    static List<MapSpec> allMaps(List<Ledger> ledgers) {
        List<MapSpec> maps = new ArrayList<>(ServiceMaps.ALL);
        ledgers.forEach(ledger -> maps.addAll(ledger.maps()));
        return maps;
    }

    private static WriteSet publicWrites(
            Ingredients from, Draft draft, byte[] serviceId, byte[] secrets, long foundedHeight, SecureRandom random) {
        Transaction writes = new Transaction(draft);
        if (foundedHeight > 0) {
            byte[] height =
                    ByteBuffer.allocate(Long.BYTES).putLong(foundedHeight).array();
            writes.put(ServiceMaps.GENESIS, ServiceMaps.FOUNDED, height);
        }
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
