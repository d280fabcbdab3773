package coco.core;

import coco.journal.BlockOpener;
import coco.journal.BlockSealer;
import coco.journal.ChainHead;
import coco.journal.EpochSecrets;
import coco.journal.EvidenceKey;
import coco.journal.JournalEntry;
import coco.journal.JournalLimits;
import coco.journal.MalformedException;
import coco.journal.Recovery;
import coco.journal.SealedBlock;
import coco.journal.SealerChange;
import coco.journal.SealerEndorsement;
import coco.journal.SealerIdentity;
import coco.journal.SealingKeys;
import coco.journal.ServiceId;
import coco.journal.ServiceIdentity;
import coco.kv.Draft;
import coco.kv.MapSpec;
import coco.kv.Store;
import coco.kv.StoreLimits;
import coco.kv.Transaction;
import coco.kv.Visibility;
import coco.kv.WriteSet;
import coco.ledgers.api.HistoryImport;
import coco.ledgers.api.Ledger;
import coco.ledgers.api.LedgerBlock;
import coco.ledgers.api.LedgerException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
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
    private GenesisBlock() {}

    /**
     * What a network is made from.
     *
     * @param document the genesis document's canonical bytes
     * @param nodes all nodes at the start
     * @param serviceCertificate of the service identity
     * @param serviceKey the service identity's key pair
     * @param ledgers the ledgers of the network, in order; the administrative one, if there is one, first
     * @param administrative id of the administrative ledger; null if there is none
     * @param ledgerDocuments each ledger's part of the genesis document
     * @param timestampMillis of the block
     * @param recovery which members are dealt shares of the first epoch
     */
    public record Ingredients(
            byte[] document,
            List<Roster.Node> nodes,
            X509Certificate serviceCertificate,
            KeyPair serviceKey,
            List<Ledger> ledgers,
            @Nullable String administrative,
            Map<String, byte[]> ledgerDocuments,
            long timestampMillis,
            Recovery recovery) {
        /** Copies the lists. */
        public Ingredients(
                byte[] document,
                List<Roster.Node> nodes,
                X509Certificate serviceCertificate,
                KeyPair serviceKey,
                List<Ledger> ledgers,
                @Nullable String administrative,
                Map<String, byte[]> ledgerDocuments,
                long timestampMillis,
                Recovery recovery) {
            // Not a compact constructor: that loses the annotations of its parameters in class files.
            this.document = document;
            this.nodes = List.copyOf(nodes);
            this.serviceCertificate = serviceCertificate;
            this.serviceKey = serviceKey;
            this.ledgers = List.copyOf(ledgers);
            this.administrative = administrative;
            this.ledgerDocuments = Map.copyOf(ledgerDocuments);
            this.timestampMillis = timestampMillis;
            this.recovery = recovery;
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
        EvidenceKey evidence = new EvidenceKey(serviceId, Wraps.draw(random));
        Generation generation = new Generation(0, evidence, from.serviceKey().getPrivate());
        EpochSecrets epoch = new EpochSecrets(serviceId, 0, Wraps.draw(random));
        Map<String, LedgerBlock> blocks = new LinkedHashMap<>();
        List<MapSpec> maps = allMaps(from.ledgers(), from.administrative());
        Store store = new Store(maps, StoreLimits.DEFAULT);
        Draft draft = store.draft(store.head());
        for (Ledger ledger : from.ledgers()) {
            byte[] document = from.ledgerDocuments().get(ledger.id());
            blocks.put(ledger.id(), ledger.genesis(draft, document == null ? new byte[0] : document));
        }
        long foundedHeight = history == null ? 0 : history.count();
        WriteSet own =
                publicWrites(from, draft, serviceId, new Wraps.Brought(epoch, generation), foundedHeight, random);
        byte[] publicWrites = PublicWrites.join(blocks.values(), own, maps);
        SealerIdentity identity = new SealerIdentity(
                serviceId,
                SealerChange.digest(from.serviceCertificate()),
                from.serviceKey().getPrivate());
        Sealing sealing = new Sealing(
                new BlockSealer(identity, random, JournalLimits.DEFAULT),
                new SealingKeys(epoch, 0, evidence),
                Secrets.opener(serviceId, generation),
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
        private final SealingKeys keys;
        private final BlockOpener opener;
        private final long timestampMillis;
        private ChainHead head = ChainHead.NONE;

        Sealing(BlockSealer sealer, SealingKeys keys, BlockOpener opener, long timestampMillis) {
            this.sealer = sealer;
            this.keys = keys;
            this.opener = opener;
            this.timestampMillis = timestampMillis;
        }

        JournalEntry seal(Map<String, LedgerBlock> blocks, byte[] publicWrites) {
            SealedBlock block = sealer.seal(head, 0, keys, LedgerBlocks.content(timestampMillis, blocks), publicWrites);
            head = head.next(block);
            byte[] nonce = Invariant.present(opener.evidenceNonce(block), "the evidence key was just made");
            return new JournalEntry(0, -1, nonce, block);
        }
    }

    /**
     * The maps of a network with these ledgers: the service's, then each ledger's. What stands in clear in the journal
     * is for administration alone.
     *
     * @param administrative the id of the only ledger that may have public maps; null if none may
     */
    static List<MapSpec> allMaps(List<Ledger> ledgers, @Nullable String administrative) {
        List<MapSpec> maps = new ArrayList<>(ServiceMaps.ALL);
        for (Ledger ledger : ledgers) {
            for (MapSpec map : ledger.maps()) {
                if (map.visibility() == Visibility.PUBLIC && !ledger.id().equals(administrative)) {
                    throw new CoreException("the ledger " + ledger.id() + " may not keep the public map " + map.name());
                }
                maps.add(map);
            }
        }
        return maps;
    }

    private static WriteSet publicWrites(
            Ingredients from,
            Draft draft,
            byte[] serviceId,
            Wraps.Brought secrets,
            long foundedHeight,
            SecureRandom random) {
        Transaction writes = new Transaction(draft);
        if (foundedHeight > 0) {
            byte[] height =
                    ByteBuffer.allocate(Long.BYTES).putLong(foundedHeight).array();
            writes.put(ServiceMaps.GENESIS, ServiceMaps.FOUNDED, height);
        }
        writes.put(ServiceMaps.GENESIS, ServiceMaps.DOCUMENT, from.document());
        writes.put(
                ServiceMaps.IDENTITIES,
                ServiceMaps.identityKey(0),
                ServiceMaps.identityValue(new ServiceIdentity(0, 0, from.serviceCertificate(), new byte[0])));
        for (Roster.Node node : from.nodes()) {
            SealerEndorsement endorsement = SealerEndorsement.of(
                    serviceId, 0, 0, node.certificate(), from.serviceKey().getPrivate());
            writes.put(
                    ServiceMaps.SEALERS,
                    SealerChange.digest(node.certificate()),
                    ServiceMaps.sealerValue(node.certificate(), endorsement));
            writes.put(
                    ServiceMaps.EPOCHS,
                    Wraps.key(0, node.id()),
                    Wraps.seal(secrets, serviceId, node.id(), node.wrappingKey(), random));
        }
        Sharing.write(writes, draft, Recovery.NONE, from.recovery(), secrets.epoch(), List::of, random);
        return writes.writes();
    }

    /**
     * The secrets that a genesis block holds for one node.
     *
     * @return empty if there are none for it, or they are not encrypted to this key
     */
    public static Optional<Secrets> open(SealedBlock genesis, byte[] serviceId, String nodeId, PrivateKey wrappingKey)
            throws MalformedException {
        byte[] wrapped = PublicWrites.value(genesis.publicWrites(), ServiceMaps.EPOCHS, Wraps.key(0, nodeId));
        Wraps.Brought brought = wrapped == null ? null : Wraps.open(wrapped, serviceId, 0, nodeId, wrappingKey);
        Generation generation = brought == null ? null : brought.generation();
        return brought == null || generation == null
                ? Optional.empty()
                : Optional.of(new Secrets(List.of(brought.epoch()), List.of(generation)));
    }
}
