package coco.journal;

import static org.assertj.core.api.Assertions.assertThat;

import coco.crypto.Certificates;
import coco.crypto.P256;
import coco.journal.Report.Finding;
import coco.journal.Report.Level;
import coco.journal.Report.Verdict;
import coco.journal.testing.FaultyStorage;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class JournalVerifierTest {
    private static final JournalLimits LIMITS = JournalLimits.DEFAULT.withChunkBytes(6_000);

    private final TestNetwork network = new TestNetwork(5);
    private final List<JournalEntry> chain = network.chain(20, 2, 40);

    private FaultyStorage write(List<JournalEntry> entries) {
        return write(entries, network.serviceId);
    }

    private static FaultyStorage write(List<JournalEntry> entries, byte[] serviceId) {
        FaultyStorage storage = new FaultyStorage(new Random(1));
        if (Journal.open(storage, serviceId, LIMITS) instanceof Journal.Opening.Ready ready) {
            entries.forEach(ready.journal()::append);
            ready.journal().close();
        }
        return storage;
    }

    private Report verify(FaultyStorage storage) {
        return new JournalVerifier(TestNetwork::facts, epoch -> network.epoch.sealRoot(), LIMITS)
                .verify(storage, network.service);
    }

    private List<JournalEntry> with(int height, UnaryOperator<JournalEntry> change) {
        List<JournalEntry> out = new ArrayList<>(chain);
        out.set(height, change.apply(out.get(height)));
        return out;
    }

    private static void assertBad(Report report, Level level, long height, String words) {
        assertThat(report.verdict()).as(report.toText()).isEqualTo(Verdict.INVALID);
        assertThat(report.firstBadHeight()).isEqualTo(height);
        Finding first = report.findings().getFirst();
        assertThat(first.level()).as(report.toText()).isEqualTo(level);
        assertThat(first.words()).contains(words);
    }

    @Test
    void shouldFindAGoodJournalValidAndSayWhatItChecked() {
        FaultyStorage storage = write(chain);
        assertThat(storage.list()).hasSizeGreaterThan(2);
        Report report = verify(storage);
        assertThat(report.toText()).startsWith("valid\n").contains("heights 0 to 19, 20 blocks", "40 transactions");
        assertThat(report.verdict()).isEqualTo(Verdict.VALID);
        assertThat(report.firstBadHeight()).isEqualTo(-1);
        assertThat(report.levels()).allMatch(level -> level.failed() == 0 && level.skipped() == 0);
        assertThat(report.levels())
                .allMatch(level -> level.checked()
                        == (level.level() == Level.CHUNKS ? storage.list().size() : 20));
    }

    @Test
    void shouldCutWhatACrashLeftOffASurvivorAndSaySo() {
        FaultyStorage storage = write(chain);
        String last = storage.list().getLast();
        byte[] whole = storage.bytes(last);
        int torn = 0;
        int inOrder = 0;
        for (int length = 0; length < whole.length; length += length < 40 ? 1 : 5) {
            byte[] cut = new byte[length % 2 == 0 ? whole.length : length];
            System.arraycopy(whole, 0, cut, 0, length);
            storage.put(last, cut);
            JournalVerifier.Survivor survivor = survivor(storage);
            Report report = survivor.report();
            assertThat(report.findings())
                    .as("cut at %d: %s", length, report.toText())
                    .isEmpty();
            assertThat(report.verdict()).isEqualTo(Verdict.VALID);
            assertThat(storage.bytes(last)).as("the files stay as they are").isEqualTo(cut);
            FaultyStorage opened = new FaultyStorage(new Random(2));
            storage.contents().forEach(opened::put);
            Journal.Opening opening = Journal.open(opened, network.serviceId, LIMITS);
            Journal journal = ((Journal.Opening.Ready) opening).journal();
            assertThat(report.lastHeight()).as("cut at %d", length).isEqualTo(journal.lastHeight());
            torn += survivor.cut() == null ? 0 : 1;
            inOrder += survivor.cut() == null ? 1 : 0;
        }
        System.out.printf("survivors: %d torn, %d that end in order%n", torn, inOrder);
        assertThat(torn).isGreaterThan(10 * inOrder);
        assertThat(inOrder).isPositive();
    }

    @Test
    void shouldCutNothingOffASurvivorThatACrashCannotHaveDone() {
        FaultyStorage storage = write(chain);
        String last = storage.list().getLast();
        byte[] whole = storage.bytes(last);
        int flips = 0;
        int cuts = 0;
        for (int offset = 0; offset < whole.length; offset += 7) {
            storage.put(last, whole);
            storage.flip(last, offset, 3);
            JournalVerifier.Survivor survivor = survivor(storage);
            FaultyStorage opened = new FaultyStorage(new Random(2));
            storage.contents().forEach(opened::put);
            var notes = ((Journal.Opening.Ready) Journal.open(opened, network.serviceId, LIMITS))
                    .report()
                    .notes();
            // What a node would put aside at its start is damage; a length that reaches beyond the file looks torn.
            boolean isDamage = notes.getFirst() instanceof StartReport.Quarantined;
            assertThat(survivor.report().verdict())
                    .as("byte %d", offset)
                    .isEqualTo(isDamage ? Verdict.INVALID : Verdict.VALID);
            assertThat(survivor.cut()).as("byte %d", offset).isEqualTo(isDamage ? null : notes.getFirst());
            flips++;
            cuts += isDamage ? 0 : 1;
        }
        assertThat(cuts).isLessThan(flips / 20);
        storage.put(last, whole);
        String first = storage.list().getFirst();
        storage.put(first, Arrays.copyOf(storage.bytes(first), storage.bytes(first).length - 100));
        assertThat(survivor(storage).report().verdict()).as("not the last file").isEqualTo(Verdict.INVALID);
    }

    private JournalVerifier.Survivor survivor(FaultyStorage storage) {
        return new JournalVerifier(TestNetwork::facts, epoch -> network.epoch.sealRoot(), LIMITS)
                .verifySurvivor(storage, network.service);
    }

    @Test
    void shouldSkipContentWhenNoEpochIsOpened() {
        Report report = new JournalVerifier(TestNetwork::facts, JournalVerifier.SealRoots.NONE, LIMITS)
                .verify(write(chain), network.service);
        assertThat(report.verdict()).isEqualTo(Verdict.VALID);
        assertThat(report.levels().getLast().skipped()).isEqualTo(20);
    }

    @Test
    void shouldNameTheHeightWhenABlockWasExchangedForAnotherGoodOne() throws MalformedException {
        ChainHead parent = ChainHead.NONE;
        for (int i = 0; i < 7; i++) {
            parent = parent.next(chain.get(i).block());
        }
        // A node of the service seals a rival of block 7: all of it is right but for what follows.
        SealedBlock rival = network.sealer()
                .seal(parent, 3, network.keys, network.content(TestNetwork.GENESIS_MILLIS + 500, 1, 9), new byte[0]);
        byte[] nonce = network.evidenceKey.nonce(EvidenceKey.seed(rival.bytes(), 0));
        Report report = verify(write(with(7, entry -> new JournalEntry(3, 107, nonce, rival))));
        assertBad(report, Level.HEADERS, 8, "does not name the header before it");
    }

    @Test
    void shouldRefuseABlockThatWasSignedButNeverCommitted() {
        Report report = verify(write(with(11, entry -> new JournalEntry(3, 111, TestNetwork.fill(0), entry.block()))));
        assertBad(report, Level.EVIDENCE, 11, "not committed");
        assertThat(report.findingCount()).isEqualTo(1);
    }

    @Test
    void shouldNameWhatIsWrongWhenAnyPartOfABlockIsChangedAndTheFrameMadeGood() {
        SealedBlock block = chain.get(6).block();
        assertChange(block, BlockHeader.PRIVATE_HASH_OFFSET, Level.HEADERS, "private part does not hash");
        assertChange(block, BlockHeader.EVIDENCE_DIGEST_OFFSET, Level.SIGNATURES, "signature is not");
        assertChange(block, BlockHeader.P_LENGTH - 90, Level.HEADERS, "log root");
        assertChange(block, BlockHeader.P_LENGTH - 40, Level.HEADERS, "public write set does not hash");
        assertChange(block, BlockHeader.P_LENGTH - 128, Level.SIGNATURES, "signature is not");
        assertChange(block, 36 + 28 + 3, Level.SIGNATURES, "not allowed to seal");
        assertChange(block, block.privateOffset() + 30, Level.HEADERS, "private part does not hash");
        assertChange(block, block.bytes().length - 1, Level.SIGNATURES, "signature is not");
        assertChange(block, BlockHeader.SERVICE_ID_OFFSET, Level.HEADERS, "another service");
        assertChange(block, 3, Level.CHUNKS, "version");
    }

    private void assertChange(SealedBlock block, int offset, Level level, String words) {
        FaultyStorage storage = write(chain);
        String file = "";
        for (String name : storage.list()) {
            file = ChunkFormat.firstHeight(name) <= 6 ? name : file;
        }
        byte[] bytes = storage.bytes(file);
        int at = indexOf(bytes, block.bytes());
        bytes[at + offset] ^= 1;
        makeGood(bytes, at - ChunkFormat.FRAME_PREFIX - ChunkFormat.ENTRY_PREFIX);
        storage.put(file, bytes);
        assertBad(verify(storage), level, 6, words);
    }

    private static int indexOf(byte[] in, byte[] part) {
        for (int i = 0; i + part.length <= in.length; i++) {
            if (Arrays.equals(in, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        throw new AssertionError("not there");
    }

    /** What a forger does who knows the format: checksum and digest are no secrets. */
    private static void makeGood(byte[] chunk, int frame) {
        int bodyLength = Bytes.getInt(chunk, frame);
        CRC32C crc = new CRC32C();
        crc.update(chunk, frame, 4);
        crc.update(chunk, frame + 8, bodyLength);
        Bytes.putInt(chunk, frame + 4, (int) crc.getValue());
        byte[] digest = Digests.hash(Arrays.copyOf(chunk, chunk.length - 36));
        System.arraycopy(digest, 0, chunk, chunk.length - 36, 32);
    }

    @Test
    void shouldNameTheFileAndHeightOfAnyFlippedBit() {
        FaultyStorage good = write(chain);
        Random random = new Random(9);
        for (int round = 0; round < 300; round++) {
            FaultyStorage storage = new FaultyStorage(random);
            good.contents().forEach(storage::put);
            String name = good.list().get(random.nextInt(good.list().size()));
            int offset = random.nextInt(good.bytes(name).length);
            storage.flip(name, offset, random.nextInt(8));
            Report report = verify(storage);
            assertThat(report.verdict()).as("round %d", round).isEqualTo(Verdict.INVALID);
            assertThat(report.findings().getFirst().file()).isEqualTo(name);
            assertThat(report.findings().getFirst().level()).isEqualTo(Level.CHUNKS);
        }
    }

    @Test
    void shouldBeIncompleteWhenAChunkIsMissing() {
        FaultyStorage storage = write(chain);
        String second = storage.list().get(1);
        storage.delete(second);
        Report report = verify(storage);
        assertThat(report.verdict()).as(report.toText()).isEqualTo(Verdict.INCOMPLETE);
        assertThat(report.firstBadHeight()).isEqualTo(ChunkFormat.firstHeight(second));
        assertThat(report.toText()).contains("are not there");
        assertThat(verify(new FaultyStorage(new Random(1))).verdict()).isEqualTo(Verdict.INCOMPLETE);
    }

    @Test
    void shouldBeIncompleteWhenTheBeginningIsMissing() {
        FaultyStorage storage = write(chain);
        storage.delete(storage.list().getFirst());
        Report report = verify(storage);
        assertThat(report.verdict()).as(report.toText()).isEqualTo(Verdict.INCOMPLETE);
        assertThat(report.levels()).anyMatch(level -> level.level() == Level.SIGNATURES && level.skipped() > 0);
    }

    @Test
    void shouldRefuseAnotherServicesCertificateAndSealers() {
        KeyPair otherKeys = P256.generate(new SecureRandom());
        X509Certificate other =
                Certificates.selfSigned("service", otherKeys, TestNetwork.FROM, TestNetwork.TO, new SecureRandom());
        Report report = new JournalVerifier(TestNetwork::facts, JournalVerifier.SealRoots.NONE, LIMITS)
                .verify(write(chain), other);
        assertBad(report, Level.SIGNATURES, 0, "service id is not that of this genesis document");
        assertThat(report.toText()).contains("which the service did not issue");

        Report noSealers = new JournalVerifier(
                        (height, writes) -> PublicWritesReader.PublicFacts.NONE, JournalVerifier.SealRoots.NONE, LIMITS)
                .verify(write(chain), network.service);
        assertBad(noSealers, Level.SIGNATURES, 0, "not allowed to seal");
        assertThat(noSealers.findingCount()).isEqualTo(20);
    }

    @Test
    void shouldNameContentThatTheSealerLiedAbout() throws MalformedException {
        SealRoot other = new SealRoot(network.serviceId, 0, TestNetwork.fill(77));
        Report report =
                new JournalVerifier(TestNetwork::facts, epoch -> other, LIMITS).verify(write(chain), network.service);
        assertBad(report, Level.CONTENT, 0, "another secret");
    }

    @Test
    void shouldTellOfPublicWritesThatDoNotParse() {
        PublicWritesReader broken = (height, writes) -> {
            if (height == 4) {
                throw new MalformedException("cut off");
            }
            return TestNetwork.facts(height, writes);
        };
        Report report = new JournalVerifier(broken, JournalVerifier.SealRoots.NONE, LIMITS)
                .verify(write(chain), network.service);
        assertBad(report, Level.SIGNATURES, 4, "public write set: cut off");
    }

    @Test
    void shouldNeverThrowOnMutatedFiles() {
        FaultyStorage good = write(chain);
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            FaultyStorage storage = new FaultyStorage(random);
            good.contents().forEach((name, bytes) -> storage.put(name, SealingTest.mutate(bytes, random)));
            assertThat(verify(storage).verdict()).as("seed %d", seed).isNotNull();
        }
        FaultyStorage text = new FaultyStorage(new Random(1));
        text.put(ChunkFormat.fileName(0), "not a chunk".getBytes(StandardCharsets.UTF_8));
        text.put("readme.txt", new byte[3]);
        assertThat(verify(text).verdict()).isEqualTo(Verdict.INVALID);
    }

    @Test
    void shouldReportWhatTheJudgeOfDecisionsSays() {
        JournalVerifier verifier = new JournalVerifier(
                TestNetwork::facts,
                (block, facts) -> switch ((int) block.header().height()) {
                    case 0 -> JournalVerifier.Decision.SKIPPED;
                    case 7 -> new JournalVerifier.Decision(true, "nobody signed that");
                    default -> JournalVerifier.Decision.RIGHT;
                },
                JournalVerifier.SealRoots.NONE,
                LIMITS);
        Report report = verifier.verify(write(chain), network.service);
        assertBad(report, Level.GOVERNANCE, 7, "nobody signed that");
        assertThat(report.levels()).contains(new Report.LevelResult(Level.GOVERNANCE, 19, 1, 1));
        assertThat(report.toText()).contains("decisions of members");
    }
}
