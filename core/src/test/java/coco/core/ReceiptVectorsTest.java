package coco.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.crypto.Certificates;
import coco.journal.BlockSealer;
import coco.journal.ConsistencyProof;
import coco.journal.JournalVerifier;
import coco.journal.Leaf;
import coco.journal.LeafTree;
import coco.journal.MalformedException;
import coco.journal.MerkleProof;
import coco.journal.Receipt;
import coco.journal.ReceiptCose;
import coco.journal.ReceiptJson;
import coco.journal.ReceiptVerdict;
import coco.journal.ReceiptVerdict.Check;
import coco.journal.ReceiptVerifier;
import coco.journal.Report;
import coco.journal.SealedBlock;
import coco.journal.SealingKeys;
import coco.journal.ServiceIdentity;
import coco.journal.SignedHead;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The vectors under docs/specs/vectors/receipts, good and bad, by which a second implementation is checked. Everything
 * but the certificates is made again and compared; with {@code -Dcoco.vectors.write=true} it is written instead.
 */
final class ReceiptVectorsTest {
    static final Path FOLDER = Path.of(System.getProperty("coco.root", ".."), "docs", "specs", "vectors", "receipts");
    private static final String FIRST = "service-0.pem";
    private static final String SECOND = "service-1.pem";

    @TempDir
    private Path journal = Path.of("");

    private @Nullable ReceiptVectors made;
    private final Map<String, byte[]> files = new LinkedHashMap<>();
    private final StringBuilder index =
            new StringBuilder("# file, service certificate, \"valid\" or the first check that fails\n");

    @BeforeEach
    void make() throws IOException, MalformedException {
        if (Boolean.getBoolean("coco.vectors.write")) {
            ReceiptVectors.writeCertificates(FOLDER);
        }
        made = new ReceiptVectors(FOLDER);
        made.write(journal);
    }

    private ReceiptVectors vectors() {
        return Objects.requireNonNull(made);
    }

    @Test
    void shouldMakeTheVectorsAndJudgeEachAsItSays() throws IOException, MalformedException {
        good();
        recovered();
        badLeaves();
        badHeads();
        badGenerations();
        malformed();
        files.put("index.txt", index.toString().getBytes(StandardCharsets.UTF_8));
        try (Stream<Path> chunks = Files.list(journal)) {
            for (Path chunk : chunks.toList()) {
                files.put(chunk.getFileName().toString(), Files.readAllBytes(chunk));
            }
        }
        if (Boolean.getBoolean("coco.vectors.write")) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                Files.write(FOLDER.resolve(file.getKey()), file.getValue());
            }
        }
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            assertThat(Files.readAllBytes(FOLDER.resolve(file.getKey())))
                    .as(file.getKey())
                    .isEqualTo(file.getValue());
        }
        try (Stream<Path> all = Files.list(FOLDER)) {
            assertThat(all.map(path -> path.getFileName().toString()).filter(name -> !name.endsWith(".pem")))
                    .containsExactlyInAnyOrderElementsOf(files.keySet());
        }
    }

    @Test
    void shouldFindTheJournalOfTheVectorsValid() {
        Report report = new JournalVerifier(
                        new ServiceMaps(), epoch -> vectors().epoch(epoch).sealRoot(), ReceiptVectors.LIMITS)
                .verify(journal, vectors().firstCertificate);
        assertThat(report.verdict()).as(report.toText()).isEqualTo(Report.Verdict.VALID);
        assertThat(report.blocks()).isEqualTo(ReceiptVectors.BLOCKS);
    }

    private void good() throws MalformedException, IOException {
        add("good-founding", vectors().receipt(0, 0, 4), FIRST, null);
        add("good-first-generation", vectors().receipt(4, 2, 6), FIRST, null);
        add("good-older-in-newer", vectors().receipt(4, 2, 11), FIRST, null);
        add("good-older-by-its-successor", vectors().receipt(5, 0, 9), SECOND, null);
        add("good-newer", vectors().receipt(9, 3, 11), FIRST, null);
        add("good-block-level", vectors().receipt(7, 6, 11), SECOND, null);
    }

    /** The second generation as if the network's nodes had been lost, and its members had begun it. */
    private void recovered() throws MalformedException, IOException {
        ReceiptVectors vectors = vectors();
        ServiceIdentity second = vectors.identities.get(1);
        List<ServiceIdentity> identities = List.of(
                vectors.identities.getFirst(),
                new ServiceIdentity(1, second.height(), second.certificate(), new byte[0]));
        Receipt newer = vectors.receipt(9, 3, 11);
        Receipt recovered = new Receipt(newer.head(), newer.leaf(), newer.path(), identities, null);
        add("good-recovered", recovered, SECOND, null);
        add("bad-recovered-unknown", recovered, FIRST, Check.IDENTITIES);
        Receipt older = vectors.receipt(4, 2, 11);
        SignedHead known = older.head();
        SignedHead lost =
                new SignedHead(known.header(), known.signature(), new byte[32], known.sealer(), known.endorsement());
        add("good-nonce-lost", new Receipt(lost, older.leaf(), older.path(), identities, older.newer()), SECOND, null);
        Receipt first = vectors.receipt(4, 2, 6);
        add("bad-nonce-lost", with(first, lost), FIRST, Check.EVIDENCE);
    }

    private void badLeaves() throws MalformedException, IOException {
        Receipt good = vectors().receipt(9, 3, 11);
        Leaf leaf = good.leaf();
        Leaf claimed = new Leaf(leaf.salt(), leaf.id(), ReceiptVectors.fill(9), leaf.writesDigest());
        add("bad-claims", leaf(good, claimed, good.path()), FIRST, Check.LEAF);
        Leaf unsalted = new Leaf(new byte[32], leaf.id(), leaf.claims(), leaf.writesDigest());
        add("bad-salt", leaf(good, unsalted, good.path()), FIRST, Check.LEAF);
        MerkleProof path = good.path();
        MerkleProof moved = new MerkleProof(path.index() ^ 1, path.size(), path.path());
        add("bad-index", leaf(good, leaf, moved), FIRST, Check.LEAF);
        List<byte[]> shorter = path.path().subList(0, path.path().size() - 1);
        add("bad-path", leaf(good, leaf, new MerkleProof(path.index(), path.size(), shorter)), FIRST, Check.LEAF);
        Receipt other = vectors().receipt(8, 1, 11);
        add("bad-block", leaf(good, other.leaf(), other.path()), FIRST, Check.LEAF);
    }

    private static Receipt leaf(Receipt good, Leaf leaf, MerkleProof path) {
        return new Receipt(good.head(), leaf, path, good.identities(), good.newer());
    }

    private void badHeads() throws MalformedException, IOException {
        Receipt good = vectors().receipt(9, 3, 11);
        SignedHead head = good.head();
        byte[] flipped = head.signature().clone();
        flipped[40] ^= 1;
        add(
                "bad-signature",
                with(good, new SignedHead(head.header(), flipped, head.nonce(), head.sealer(), head.endorsement())),
                FIRST,
                Check.SIGNATURE);
        add(
                "bad-unendorsed",
                with(good, new SignedHead(head.header(), head.signature(), head.nonce(), head.sealer(), null)),
                FIRST,
                Check.SEALER);
        // A leader that was deposed: it sealed block 5, and another one was committed there.
        BlockSealer deposed = vectors().sealer(vectors().firstNodeCertificate, vectors().firstNode, 9);
        SealedBlock lost = vectors().forged(5, deposed, vectors().keys(5));
        byte[] noNonce = vectors().entries.get(5).evidenceNonce();
        Receipt first = vectors().receipt(4, 0, 6);
        add("bad-uncommitted", forged(first, lost, noNonce), FIRST, Check.EVIDENCE);
        // An auditor: he has the seal root of the epoch, and no sealer's key.
        BlockSealer auditor = vectors().sealer(vectors().firstNodeCertificate, vectors().secondService, 10);
        SealedBlock audited = vectors().forged(5, auditor, vectors().keys(5));
        add("bad-auditor", forged(first, audited, noNonce), FIRST, Check.SIGNATURE);
        // Another network's node under this one's certificates.
        add("bad-stranger", good, "node-1.pem", Check.IDENTITIES);
    }

    /** A receipt for a block that is in no journal. */
    private Receipt forged(Receipt like, SealedBlock block, byte[] nonce) {
        LeafTree tree = vectors().leaves(block, (int) block.header().height() + 4);
        SignedHead head = new SignedHead(
                block.header(),
                block.signature(),
                nonce,
                like.head().sealer(),
                like.head().endorsement());
        return new Receipt(head, tree.leaf(0), tree.proof(0), like.identities(), like.newer());
    }

    private static Receipt with(Receipt receipt, SignedHead head) {
        return ReceiptVectors.with(receipt, head, receipt.newer());
    }

    private void badGenerations() throws MalformedException, IOException {
        ReceiptVectors vectors = vectors();
        Receipt older = vectors.receipt(4, 2, 11);
        Receipt.Inclusion newer = Objects.requireNonNull(older.newer());
        add("bad-not-included", ReceiptVectors.with(older, older.head(), null), FIRST, Check.GENERATION);
        Receipt.Inclusion elsewhere = new Receipt.Inclusion(newer.head(), vectors.inclusion(3, 11));
        add("bad-inclusion", ReceiptVectors.with(older, older.head(), elsewhere), FIRST, Check.GENERATION);
        Receipt.Inclusion old = new Receipt.Inclusion(vectors.head(5), vectors.inclusion(4, 5));
        add("bad-older-head", ReceiptVectors.with(older, older.head(), old), FIRST, Check.GENERATION);
        add("bad-before-pinned", vectors.receipt(4, 2, 6), SECOND, Check.IDENTITIES);
        // A node that was removed by block 6, and has the evidence key of generation 0: at a later height,
        BlockSealer removed = vectors.sealer(vectors.firstNodeCertificate, vectors.firstNode, 11);
        SealingKeys past = vectors.keys(5);
        SealedBlock later = vectors.forged(8, removed, past);
        add("bad-removed-later", forged(older, later, nonce(later)), FIRST, Check.SEALER);
        // in the generation after,
        SealedBlock next = vectors.forged(8, removed, new SealingKeys(past.epoch(), 1, past.evidence()));
        add("bad-removed-generation", forged(vectors.receipt(4, 2, 7), next, nonce(next)), FIRST, Check.SEALER);
        // and back-dated.
        SealedBlock dated = vectors.forged(5, removed, past);
        add("bad-removed-backdated", forged(older, dated, nonce(dated)), FIRST, Check.GENERATION);
    }

    /** What whoever has the evidence key of generation 0 makes. */
    private byte[] nonce(SealedBlock block) {
        return Objects.requireNonNull(vectors().opener.evidenceNonce(block));
    }

    private void malformed() throws MalformedException {
        byte[] cose = ReceiptCose.encode(vectors().receipt(4, 2, 6));
        addMalformed("bad-cut.cose", Arrays.copyOf(cose, cose.length - 1));
        addMalformed("bad-longer.cose", Arrays.copyOf(cose, cose.length + 1));
        String json = new String(ReceiptJson.encode(vectors().receipt(4, 2, 6)), StandardCharsets.UTF_8);
        addMalformed("bad-member.json", json.replace("\"leaf\":", "\"more\":1,\"leaf\":"));
        addMalformed("bad-twice.json", json.replace("\"leaf\":", "\"format\":\"coco-receipt-1\",\"leaf\":"));
        addMalformed("bad-upper-case.json", json.replaceFirst("\"salt\":\"[0-9a-f]{2}", "\"salt\":\"AB"));
    }

    private void addMalformed(String file, String json) {
        addMalformed(file, json.getBytes(StandardCharsets.UTF_8));
    }

    private void addMalformed(String file, byte[] bytes) {
        assertThatThrownBy(() -> decode(file, bytes)).as(file).isInstanceOf(MalformedException.class);
        files.put(file, bytes);
        index.append(file).append(' ').append(FIRST).append(" malformed\n");
    }

    private static Receipt decode(String file, byte[] bytes) throws MalformedException {
        return file.endsWith(".cose") ? ReceiptCose.decode(bytes) : ReceiptJson.receipt(bytes);
    }

    private void add(String name, Receipt receipt, String certificate, @Nullable Check failing)
            throws MalformedException, IOException {
        Map<String, byte[]> forms =
                Map.of(name + ".json", ReceiptJson.encode(receipt), name + ".cose", ReceiptCose.encode(receipt));
        ReceiptVerifier verifier =
                new ReceiptVerifier(Certificates.fromPem(Files.readString(FOLDER.resolve(certificate))));
        String expected = failing == null ? "valid" : failing.words();
        for (String file : new TreeSet<>(forms.keySet())) {
            byte[] bytes = Objects.requireNonNull(forms.get(file));
            Receipt decoded = decode(file, bytes);
            assertThat(file.endsWith(".cose") ? ReceiptCose.encode(decoded) : ReceiptJson.encode(decoded))
                    .as(file)
                    .isEqualTo(bytes);
            ReceiptVerdict verdict = verifier.verify(decoded);
            String found = verdict.checks().stream()
                    .filter(check -> !check.passed())
                    .map(check -> check.check().words())
                    .findFirst()
                    .orElse("valid");
            assertThat(found).as("%s: %s", file, verdict).isEqualTo(expected);
            files.put(file, bytes);
            index.append(file)
                    .append(' ')
                    .append(certificate)
                    .append(' ')
                    .append(expected)
                    .append('\n');
        }
    }

    @Test
    void shouldShowThatOneHeadBuildsOnAnother() throws MalformedException {
        ReceiptVectors vectors = vectors();
        ReceiptVerifier verifier = new ReceiptVerifier(vectors.firstCertificate);
        int proofs = 0;
        for (int to = 7; to < ReceiptVectors.BLOCKS; to++) {
            for (int from = 0; from < to; from++) {
                ConsistencyProof proof = new ConsistencyProof(
                        vectors.head(from),
                        vectors.head(to),
                        vectors.consistency(from, to),
                        vectors.inclusion(from, to),
                        vectors.identities);
                ReceiptVerdict verdict = verifier.verify(ReceiptJson.consistency(ReceiptJson.encode(proof)));
                assertThat(verdict.valid())
                        .as("%d to %d: %s", from, to, verdict)
                        .isTrue();
                ConsistencyProof wrong = new ConsistencyProof(
                        proof.from(),
                        proof.to(),
                        proof.consistency(),
                        vectors.inclusion((from + 1) % to, to),
                        vectors.identities);
                assertThat(verifier.verify(wrong).valid()).isEqualTo(to == 1);
                proofs++;
            }
        }
        assertThat(proofs).isEqualTo(45);
        ReceiptJson.Head head = new ReceiptJson.Head(vectors.head(11), vectors.identities);
        ReceiptJson.Head read = ReceiptJson.head(ReceiptJson.encode(head));
        assertThat(verifier.verify(read.head(), read.identities()).valid()).isTrue();
        assertThat(verifier.verify(vectors.head(5), vectors.identities).valid()).isFalse();
    }

    @Test
    void shouldFindAKeptHeadInTheLogWhenARecoveryTookItInWithoutItsNonce() throws MalformedException {
        ReceiptVectors vectors = vectors();
        ServiceIdentity second = vectors.identities.get(1);
        List<ServiceIdentity> identities = List.of(
                vectors.identities.getFirst(),
                new ServiceIdentity(1, second.height(), second.certificate(), new byte[0]));
        ReceiptVerifier verifier = new ReceiptVerifier(second.certificate());
        SignedHead known = vectors.head(5);
        SignedHead lost =
                new SignedHead(known.header(), known.signature(), new byte[32], known.sealer(), known.endorsement());
        SignedHead to = vectors.head(11);
        ConsistencyProof proof =
                new ConsistencyProof(lost, to, vectors.consistency(5, 11), vectors.inclusion(5, 11), identities);
        assertThat(verifier.verify(proof).valid())
                .as("%s", verifier.verify(proof))
                .isTrue();
        SignedHead unproven = new SignedHead(to.header(), to.signature(), new byte[32], to.sealer(), to.endorsement());
        ConsistencyProof open =
                new ConsistencyProof(lost, unproven, proof.consistency(), proof.inclusion(), identities);
        assertThat(verifier.verify(open).valid())
                .as("nothing shows that any of it committed")
                .isFalse();
        assertThat(verifier.verify(lost, identities).valid()).isFalse();
    }

    @Test
    void shouldOnlyEverSayThatAReceiptIsMalformedOrRefused() throws MalformedException {
        Receipt good = vectors().receipt(4, 2, 11);
        ReceiptVerifier verifier = new ReceiptVerifier(vectors().firstCertificate);
        Random random = new Random(4711);
        int malformed = 0;
        int refused = 0;
        List<String> accepted = new ArrayList<>();
        for (int run = 0; run < 4_000; run++) {
            boolean isCose = run % 2 == 0;
            byte[] original = isCose ? ReceiptCose.encode(good) : ReceiptJson.encode(good);
            byte[] bytes = mutated(original, random);
            if (Arrays.equals(bytes, original)) {
                continue;
            }
            try {
                Receipt receipt = decode(isCose ? ".cose" : ".json", bytes);
                if (verifier.verify(receipt).valid()
                        && !Arrays.equals(ReceiptCose.encode(receipt), ReceiptCose.encode(good))) {
                    accepted.add((isCose ? "COSE" : "JSON") + " run " + run);
                }
                refused++;
            } catch (MalformedException e) {
                malformed++;
            }
        }
        assertThat(accepted).isEmpty();
        assertThat(malformed).isGreaterThan(500);
        assertThat(refused).isGreaterThan(500);
    }

    private static byte[] mutated(byte[] good, Random random) {
        byte[] bytes = good.clone();
        return switch (random.nextInt(4)) {
            case 0 -> Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 1 -> {
                int at = random.nextInt(bytes.length);
                int length = Math.min(bytes.length - at, 1 + random.nextInt(8));
                for (int i = at; i < at + length; i++) {
                    bytes[i] = (byte) random.nextInt();
                }
                yield bytes;
            }
            default -> {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                yield bytes;
            }
        };
    }
}
