package coco.benchmarks.journal;

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
import coco.journal.HeaderLink;
import coco.journal.HistoryIndex;
import coco.journal.IndexLookup;
import coco.journal.Journal;
import coco.journal.JournalEntry;
import coco.journal.JournalLimits;
import coco.journal.MerkleLog;
import coco.journal.OpenResult;
import coco.journal.OpenerKeys;
import coco.journal.PublicWritesReader.PublicFacts;
import coco.journal.ReadResult;
import coco.journal.Receipt;
import coco.journal.ReceiptCose;
import coco.journal.ReceiptVerdict;
import coco.journal.ReceiptVerifier;
import coco.journal.SealRoot;
import coco.journal.SealedBlock;
import coco.journal.SealerChange;
import coco.journal.SealerDirectory;
import coco.journal.SealerEndorsement;
import coco.journal.SealerIdentity;
import coco.journal.SealingKeys;
import coco.journal.Section;
import coco.journal.ServiceIdentity;
import coco.journal.SignedHead;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Receipts in a journal of a million transactions, 400 a block, in two generations: what a node does for one that
 * nobody asked for lately (index, disk, decryption, leaves, proofs), and what its holder does to verify it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ReceiptBenchmark {
    private static final int BLOCKS = 2_500;
    private static final int ENTRIES = 400;
    private static final int REMOVAL = BLOCKS / 2;

    private final Random random = new Random(1);
    private final byte[] serviceId = new byte[32];
    private final EpochSecrets epoch = new EpochSecrets(serviceId, 0, new byte[32]);
    private final EvidenceKey evidenceKey = new EvidenceKey(serviceId, new byte[32]);
    private final KeyPair service = P256.generate(new SecureRandom());
    private final KeyPair node = P256.generate(new SecureRandom());
    private final X509Certificate serviceCertificate = certificate("service", service);
    private final X509Certificate nodeCertificate = certificate("node", node);
    private final SealerDirectory.Tracked sealers = new SealerDirectory.Tracked();
    private final BlockOpener opener = new BlockOpener(serviceId, new Keys(), sealers, JournalLimits.DEFAULT);
    private final ReceiptVerifier verifier = new ReceiptVerifier(serviceCertificate);
    private final List<ServiceIdentity> identities = new ArrayList<>();
    private final Path folder;
    private final Journal journal;
    private final HistoryIndex index;
    private final MerkleLog log;
    private Receipt older;
    private Receipt current;

    private final class Keys implements OpenerKeys {
        @Override
        public SealRoot sealRoot(long id) {
            return epoch.sealRoot();
        }

        @Override
        public EvidenceKey evidenceKey(int generation) {
            return evidenceKey;
        }
    }

    private static X509Certificate certificate(String name, KeyPair keys) {
        return Certificates.selfSigned(
                name, keys, Instant.EPOCH, Instant.EPOCH.plus(Duration.ofDays(1)), new SecureRandom());
    }

    /** Makes the journal. */
    public ReceiptBenchmark() {
        try {
            folder = Files.createTempDirectory("receipt-benchmark");
            Files.createDirectory(folder.resolve("journal"));
            Files.createDirectory(folder.resolve("index"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        journal = open(folder.resolve("journal"));
        index = HistoryIndex.open(
                new FileStorage(folder.resolve("index")), new byte[32], random, JournalLimits.DEFAULT);
        log = new MerkleLog(this::headerHash);
        fill();
        older = make(1_000, 7);
        current = make(REMOVAL + 1_000, 7);
    }

    private Journal open(Path path) {
        return switch (Journal.open(new FileStorage(path), serviceId, JournalLimits.DEFAULT)) {
            case Journal.Opening.Ready ready -> ready.journal();
            default -> throw new IllegalStateException("a new journal opens");
        };
    }

    private byte[] headerHash(long height) {
        HeaderLink link = journal.link(height);
        if (link == null) {
            throw new IllegalStateException("no header at " + height);
        }
        return link.hash();
    }

    private void fill() {
        KeyPair next = P256.generate(new SecureRandom());
        byte[] endorsement = ServiceIdentity.endorse(serviceId, 1, REMOVAL, next.getPublic(), service.getPrivate());
        identities.add(new ServiceIdentity(0, 0, serviceCertificate, new byte[0]));
        identities.add(new ServiceIdentity(1, REMOVAL, certificate("service", next), endorsement));
        SealerIdentity identity =
                new SealerIdentity(serviceId, SealerChange.digest(nodeCertificate), node.getPrivate());
        BlockSealer sealer = new BlockSealer(identity, random, JournalLimits.DEFAULT);
        ChainHead head = ChainHead.NONE;
        for (int height = 0; height < BLOCKS; height++) {
            int generation = height > REMOVAL ? 1 : 0;
            SealedBlock block =
                    sealer.seal(head, 1, new SealingKeys(epoch, generation, evidenceKey), content(height), new byte[0]);
            byte[] nonce = opener.evidenceNonce(block);
            journal.append(new JournalEntry(1, height, nonce == null ? new byte[32] : nonce, block));
            head = head.next(block);
            for (int i = 0; i < ENTRIES; i++) {
                index.add(0, id(height, i), height, i);
            }
            index.endBlock(height);
            if (height == 0 || height == REMOVAL) {
                KeyPair speaker = height == 0 ? service : next;
                SealerEndorsement word = SealerEndorsement.of(
                        serviceId, height == 0 ? 0 : 1, height, nodeCertificate, speaker.getPrivate());
                sealers.apply(
                        height,
                        new PublicFacts(
                                null,
                                List.of(new SealerChange.Admitted(nodeCertificate, word)),
                                false,
                                identities.get(height == 0 ? 0 : 1)));
            }
            if (height < BLOCKS - 1) {
                log.append(block.headerHash());
            }
        }
        journal.force();
        while (index.maintain()) {
            // Until all is on disk and merged.
        }
    }

    private static byte[] id(int height, int ordinal) {
        byte[] id = new byte[32];
        new Random(height * (long) ENTRIES + ordinal).nextBytes(id);
        return id;
    }

    /** Transactions of the size of ERC-20 transfers. */
    private BlockContent content(int height) {
        List<Entry> list = new ArrayList<>();
        for (int i = 0; i < ENTRIES; i++) {
            list.add(new Entry(id(height, i), bytes(32), bytes(260), bytes(140)));
        }
        return new BlockContent(1_000_000, List.of(new Section("ethereum", list, bytes(600), new byte[0])));
    }

    private byte[] bytes(int length) {
        byte[] out = new byte[length];
        random.nextBytes(out);
        return out;
    }

    private Receipt make(int height, int ordinal) {
        byte[] id = id(height, ordinal);
        if (!(index.find(0, id, 0, BLOCKS, 10) instanceof IndexLookup.Candidates found)) {
            throw new IllegalStateException("the index is damaged");
        }
        IndexLookup.Position at = found.positions().getFirst();
        JournalEntry entry = entry(at.height());
        if (!(opener.leaves(entry) instanceof OpenResult.Opened opened)) {
            throw new IllegalStateException("the block does not open");
        }
        Receipt.Inclusion newer = height > REMOVAL
                ? null
                : new Receipt.Inclusion(head(BLOCKS - 1), log.inclusionProof(height, BLOCKS - 1));
        return new Receipt(
                head(at.height()),
                opened.leaves().leaf(at.ordinal()),
                opened.leaves().proof(at.ordinal()),
                identities,
                newer);
    }

    private JournalEntry entry(long height) {
        if (journal.read(height) instanceof ReadResult.Found(JournalEntry entry)) {
            return entry;
        }
        throw new IllegalStateException("no block at " + height);
    }

    private SignedHead head(long height) {
        SignedHead head = SignedHead.of(entry(height), sealers);
        if (head == null) {
            throw new IllegalStateException("an unknown sealer");
        }
        return head;
    }

    /** Deterministic garbage would be a poor benchmark. */
    @Setup
    public void check() {
        if (!verifier.verify(older).valid() || !verifier.verify(current).valid()) {
            throw new IllegalStateException(verifier.verify(older) + " " + verifier.verify(current));
        }
    }

    /** Any transaction of the newest generation, as COSE. */
    @Benchmark
    public byte[] makeCurrent() {
        return ReceiptCose.encode(make(REMOVAL + 1 + random.nextInt(BLOCKS - REMOVAL - 2), random.nextInt(ENTRIES)));
    }

    /** Any transaction of the generation before, with its inclusion in the newest head. */
    @Benchmark
    public byte[] makeOlder() {
        return ReceiptCose.encode(make(1 + random.nextInt(REMOVAL), random.nextInt(ENTRIES)));
    }

    /** Two generations, one head. */
    @Benchmark
    public ReceiptVerdict verifyCurrent() {
        return verifier.verify(current);
    }

    /** Two generations, two heads. */
    @Benchmark
    public ReceiptVerdict verifyOlder() {
        return verifier.verify(older);
    }

    /** Removes the files. */
    @TearDown
    public void remove() throws IOException {
        index.close();
        journal.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
    }
}
