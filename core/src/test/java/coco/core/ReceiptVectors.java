package coco.core;

import coco.crypto.Certificates;
import coco.crypto.P256;
import coco.journal.BlockContent;
import coco.journal.BlockOpener;
import coco.journal.BlockSealer;
import coco.journal.ChainHead;
import coco.journal.Entry;
import coco.journal.EpochSecrets;
import coco.journal.EvidenceKey;
import coco.journal.FileStorage;
import coco.journal.Journal;
import coco.journal.JournalEntry;
import coco.journal.JournalLimits;
import coco.journal.LeafTree;
import coco.journal.MalformedException;
import coco.journal.MerkleLog;
import coco.journal.MerkleProof;
import coco.journal.OpenerKeys;
import coco.journal.Receipt;
import coco.journal.SealRoot;
import coco.journal.SealedBlock;
import coco.journal.SealerChange;
import coco.journal.SealerDirectory;
import coco.journal.SealerEndorsement;
import coco.journal.SealerIdentity;
import coco.journal.SealingKeys;
import coco.journal.Section;
import coco.journal.ServiceId;
import coco.journal.ServiceIdentity;
import coco.journal.SignedHead;
import coco.kv.Store;
import coco.kv.StoreLimits;
import coco.kv.Transaction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A small network from fixed keys, whose journal and receipts are the vectors of docs/specs/receipt.md: node-1 seals
 * from genesis on, node-2 from block 4 on; block 6 removes node-1 and begins generation 1. All but the certificates
 * comes out the same each time.
 */
final class ReceiptVectors {
    static final int BLOCKS = 12;
    static final int ADMISSION = 3;
    static final int REMOVAL = 6;
    static final JournalLimits LIMITS = JournalLimits.DEFAULT.withChunkBytes(9_000);
    static final byte[] DOCUMENT = "{\"name\":\"receipts\"}".getBytes(StandardCharsets.UTF_8);

    private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant TO = Instant.parse("2036-01-01T00:00:00Z");
    private static final long GENESIS_MILLIS = 1_800_000_000_000L;

    final KeyPair firstService = key(0x61, "service");
    final KeyPair secondService = key(0x62, "service");
    final KeyPair firstNode = key(0x63, "node");
    final KeyPair secondNode = key(0x64, "node");
    final byte[] serviceId = ServiceId.of(DOCUMENT, firstService.getPublic());
    final X509Certificate firstCertificate;
    final X509Certificate secondCertificate;
    final X509Certificate firstNodeCertificate;
    final X509Certificate secondNodeCertificate;
    final List<JournalEntry> entries = new ArrayList<>();
    final List<ServiceIdentity> identities = new ArrayList<>();
    final SealerDirectory.Tracked sealers = new SealerDirectory.Tracked();
    final BlockOpener opener = new BlockOpener(serviceId, new Keys(), sealers, LIMITS);
    private final MerkleLog log =
            new MerkleLog(height -> entries.get((int) height).block().headerHash());
    private ChainHead head = ChainHead.NONE;

    private static KeyPair key(int seed, String name) {
        return P256.derive(fill(seed), name.getBytes(StandardCharsets.US_ASCII));
    }

    static byte[] fill(int value) {
        byte[] out = new byte[32];
        Arrays.fill(out, (byte) value);
        return out;
    }

    /** Certificates from a folder: their signatures and serial numbers are the only thing that is drawn. */
    ReceiptVectors(Path folder) throws IOException, MalformedException {
        firstCertificate = read(folder, "service-0.pem");
        secondCertificate = read(folder, "service-1.pem");
        firstNodeCertificate = read(folder, "node-1.pem");
        secondNodeCertificate = read(folder, "node-2.pem");
        make();
    }

    private static X509Certificate read(Path folder, String name) throws IOException {
        return Certificates.fromPem(Files.readString(folder.resolve(name)));
    }

    /** Makes those that are not there. */
    static void writeCertificates(Path folder) throws IOException {
        Files.createDirectories(folder);
        write(folder, "service-0.pem", "service", key(0x61, "service"));
        write(folder, "service-1.pem", "service", key(0x62, "service"));
        write(folder, "node-1.pem", "node-1", key(0x63, "node"));
        write(folder, "node-2.pem", "node-2", key(0x64, "node"));
    }

    private static void write(Path folder, String file, String name, KeyPair key) throws IOException {
        if (Files.exists(folder.resolve(file))) {
            return;
        }
        X509Certificate certificate = Certificates.selfSigned(name, key, FROM, TO, new SecureRandom());
        Files.writeString(folder.resolve(file), Certificates.toPem(certificate));
    }

    private final class Keys implements OpenerKeys {
        @Override
        public SealRoot sealRoot(long epoch) {
            return epoch(epoch).sealRoot();
        }

        @Override
        public EvidenceKey evidenceKey(int generation) {
            return evidence(generation);
        }
    }

    EpochSecrets epoch(long epoch) {
        return new EpochSecrets(serviceId, epoch, fill(0x70 + (int) epoch));
    }

    EvidenceKey evidence(int generation) {
        return new EvidenceKey(serviceId, fill(0x68 + generation));
    }

    private void make() throws MalformedException {
        BlockSealer service = sealer(firstCertificate, firstService, 1);
        BlockSealer first = sealer(firstNodeCertificate, firstNode, 2);
        BlockSealer second = sealer(secondNodeCertificate, secondNode, 3);
        identities.add(new ServiceIdentity(0, 0, firstCertificate, new byte[0]));
        identities.add(new ServiceIdentity(
                1,
                REMOVAL,
                secondCertificate,
                ServiceIdentity.endorse(serviceId, 1, REMOVAL, secondService.getPublic(), firstService.getPrivate())));
        for (int height = 0; height < BLOCKS; height++) {
            BlockSealer by = height == 0 ? service : height > REMOVAL || height == 5 ? second : first;
            SealedBlock block = by.seal(head, height == 0 ? 0 : 2, keys(height), content(height), publicWrites(height));
            append(block);
        }
    }

    SealingKeys keys(int height) {
        long epoch = height > REMOVAL ? REMOVAL : height > ADMISSION ? ADMISSION : 0;
        int generation = height > REMOVAL ? 1 : 0;
        return new SealingKeys(epoch(epoch), generation, evidence(generation));
    }

    private void append(SealedBlock block) throws MalformedException {
        long height = block.header().height();
        byte[] nonce = Objects.requireNonNull(opener.evidenceNonce(block));
        entries.add(new JournalEntry(block.header().term(), height == 0 ? -1 : 10 + height, nonce, block));
        sealers.apply(height, new ServiceMaps().read(height, block.publicWrites()));
        head = head.next(block);
        log.append(block.headerHash());
    }

    BlockSealer sealer(X509Certificate certificate, KeyPair key, long seed) {
        return new BlockSealer(
                new SealerIdentity(serviceId, SealerChange.digest(certificate), key.getPrivate()),
                new Random(seed),
                LIMITS);
    }

    static BlockContent content(int height) {
        List<Section> sections = new ArrayList<>();
        for (int s = 0; s < 1 + height % 2; s++) {
            List<Entry> list = new ArrayList<>();
            for (int i = 0; i < height % 5 + 1; i++) {
                list.add(new Entry(id(height, s, i), fill(0x30 + i), new byte[40 * i], new byte[10 + i]));
            }
            sections.add(new Section(s == 0 ? "ethereum" : "kv", list, new byte[20], new byte[7 * s]));
        }
        return new BlockContent(GENESIS_MILLIS + 700L * height, sections);
    }

    static byte[] id(int height, int section, int ordinal) {
        byte[] id = fill(0x20 + height);
        id[0] = (byte) section;
        id[1] = (byte) ordinal;
        return id;
    }

    private byte[] publicWrites(int height) {
        Transaction writes = new Transaction(new Store(ServiceMaps.ALL, StoreLimits.DEFAULT).head());
        if (height == 0) {
            writes.put(ServiceMaps.GENESIS, ServiceMaps.DOCUMENT, DOCUMENT);
            identify(writes, 0);
            admit(writes, 0, 0, firstNodeCertificate, firstService.getPrivate());
            bringEpoch(writes, 0, "node-1");
        } else if (height == ADMISSION) {
            admit(writes, 0, ADMISSION, secondNodeCertificate, firstService.getPrivate());
            bringEpoch(writes, ADMISSION, "node-2");
        } else if (height == REMOVAL) {
            identify(writes, 1);
            writes.remove(ServiceMaps.SEALERS, SealerChange.digest(firstNodeCertificate));
            admit(writes, 1, REMOVAL, secondNodeCertificate, secondService.getPrivate());
            bringEpoch(writes, REMOVAL, "node-2");
        }
        return writes.writes().serialise();
    }

    private void identify(Transaction writes, int generation) {
        writes.put(
                ServiceMaps.IDENTITIES,
                ServiceMaps.identityKey(generation),
                ServiceMaps.identityValue(identities.get(generation)));
    }

    private void admit(Transaction writes, int generation, long height, X509Certificate node, PrivateKey service) {
        SealerEndorsement endorsement = SealerEndorsement.of(serviceId, generation, height, node, service);
        writes.put(ServiceMaps.SEALERS, SealerChange.digest(node), ServiceMaps.sealerValue(node, endorsement));
    }

    /** Wraps are opaque to whoever verifies: these open to nothing. */
    private static void bringEpoch(Transaction writes, long height, String node) {
        writes.put(ServiceMaps.EPOCHS, Wraps.key(height, node), fill((int) height));
    }

    /** Writes the journal's files into a folder. */
    void write(Path folder) {
        if (Journal.open(new FileStorage(folder), serviceId, LIMITS) instanceof Journal.Opening.Ready ready) {
            entries.forEach(ready.journal()::append);
            ready.journal().close();
            return;
        }
        throw new IllegalStateException("a new journal opens");
    }

    SignedHead head(int height) {
        return Objects.requireNonNull(SignedHead.of(entries.get(height), sealers));
    }

    /** A block upon the one below this height, by whom and under what the caller likes: it is not appended. */
    SealedBlock forged(int height, BlockSealer sealer, SealingKeys keys) {
        ChainHead parent = ChainHead.NONE;
        for (int i = 0; i < height; i++) {
            parent = parent.next(entries.get(i).block());
        }
        return sealer.seal(parent, 2, keys, content(height + 4), new byte[0]);
    }

    LeafTree leaves(SealedBlock block, int contentOf) {
        return LeafTree.of(
                epoch(block.header().epoch()).sealRoot(), block.header().height(), content(contentOf));
    }

    /** The receipt of a block's leaf, made when the block at {@code newest} was the newest. */
    Receipt receipt(int height, int leaf, int newest) {
        LeafTree tree = leaves(entries.get(height).block(), height);
        int generation = entries.get(newest).block().header().generation();
        boolean isOlder = entries.get(height).block().header().generation() < generation;
        return new Receipt(
                head(height),
                tree.leaf(leaf),
                tree.proof(leaf),
                identities.subList(0, generation + 1),
                isOlder ? new Receipt.Inclusion(head(newest), inclusion(height, newest)) : null);
    }

    MerkleProof inclusion(long height, long size) {
        return log.inclusionProof(height, size);
    }

    List<byte[]> consistency(long from, long to) {
        return log.consistencyProof(from, to);
    }

    /** A receipt with another head, and whatever it says for itself. */
    static Receipt with(Receipt receipt, SignedHead head, Receipt.@Nullable Inclusion newer) {
        return new Receipt(head, receipt.leaf(), receipt.path(), receipt.identities(), newer);
    }
}
