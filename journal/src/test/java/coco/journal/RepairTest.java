package coco.journal;

import static org.assertj.core.api.Assertions.assertThat;

import coco.journal.Journal.Opening;
import coco.journal.ReadResult.Found;
import coco.journal.ReadResult.Missing;
import coco.journal.testing.FaultyStorage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Damage found while a journal is in use, and how a range comes back. */
class RepairTest {
    private static final JournalLimits SMALL = JournalLimits.DEFAULT.withChunkBytes(8 << 10);

    private static TestNetwork network = new TestNetwork(1);
    private static List<JournalEntry> chain = List.of();

    private final FaultyStorage storage = new FaultyStorage(new Random(3));
    private List<String> files = List.of();
    private Map<String, byte[]> good = Map.of();

    @BeforeAll
    static void seal() {
        network = new TestNetwork(12);
        chain = network.chain(60, 2, 100);
    }

    @BeforeEach
    void fill() {
        try (Journal journal = open(storage)) {
            chain.subList(0, 50).forEach(journal::append);
        }
        files = storage.list();
        good = storage.contents();
    }

    private byte[] good(String file) {
        return Objects.requireNonNull(good.get(file));
    }

    private static Journal open(Storage storage) {
        return ((Opening.Ready) Journal.open(storage, network.serviceId, SMALL)).journal();
    }

    private static ChunkRestore begin(Journal journal, Missing gap) {
        return Objects.requireNonNull(journal.restore(gap, Recoveries.NONE));
    }

    /** What the range is filled with, where nothing is wrong with the other node. */
    private static ChunkRestore.Outcome restore(Journal journal, Missing gap) {
        try (ChunkRestore restore = begin(journal, gap)) {
            while (!restore.isComplete()) {
                assertThat(restore.append(chain.get((int) restore.next()))).isNull();
            }
            return restore.finish();
        }
    }

    private void assertAsBefore(Journal journal) {
        for (String file : files.subList(0, files.size() - 1)) {
            assertThat(storage.bytes(file)).as(file).isEqualTo(good.get(file));
        }
        for (int height = 0; height <= journal.lastHeight(); height++) {
            assertThat(journal.read(height)).as("height %d", height).isInstanceOf(Found.class);
        }
        assertThat(journal.gaps()).isEmpty();
        assertThat(storage.list()).noneMatch(name -> name.endsWith(ChunkRestore.SUFFIX));
    }

    @Test
    void shouldQuarantineAndRestoreEachChunkWhileItIsWritten() {
        Journal journal = open(storage);
        int next = 50;
        for (String file : files.subList(0, files.size() - 1)) {
            storage.flip(file, good(file).length / 2, 3);
            long height = ChunkFormat.firstHeight(file);
            ChunkCheck check = Objects.requireNonNull(journal.check(height, bytes -> {}));
            assertThat(check.file()).isEqualTo(file);
            assertThat(check.damage()).startsWith(file);
            assertThat(journal.read(height)).isInstanceOf(Missing.class);
            assertThat(journal.quarantineDamaged()).singleElement().satisfies(aside -> {
                assertThat(aside.firstHeight()).isEqualTo(check.firstHeight());
                assertThat(aside.lastHeight()).isEqualTo(check.lastHeight());
            });
            assertThat(storage.list()).contains(file + ".quarantined").doesNotContain(file);
            Missing gap = journal.gaps().getFirst();
            assertThat(gap.firstHeight()).isEqualTo(check.firstHeight());
            assertThat(gap.lastHeight()).isEqualTo(check.lastHeight());
            journal.append(chain.get(next++));
            assertThat(restore(journal, gap)).isEqualTo(new ChunkRestore.Outcome.Restored(List.of(file)));
            assertThat(Objects.requireNonNull(journal.check(height, bytes -> {}))
                            .damage())
                    .isNull();
        }
        assertThat(files).hasSizeGreaterThan(5);
        assertAsBefore(journal);
        journal.close();
        assertAsBefore(open(storage));
    }

    @Test
    void shouldRestoreSeveralChunksInOneRangeAsTheSameFiles() {
        Journal journal = open(storage);
        for (String file : files.subList(0, 4)) {
            storage.delete(file);
        }
        for (String file : files.subList(0, 4)) {
            assertThat(journal.read(ChunkFormat.firstHeight(file))).isInstanceOf(Missing.class);
        }
        assertThat(journal.quarantineDamaged()).hasSize(4);
        assertThat(journal.gaps()).hasSize(1);
        assertThat(restore(journal, journal.gaps().getFirst()))
                .isEqualTo(new ChunkRestore.Outcome.Restored(files.subList(0, 4)));
        assertAsBefore(journal);
    }

    @Test
    void shouldNoticeAnotherFileThatIsInOrderByItself() {
        Journal journal = open(storage);
        // The same chunk of a journal in which other blocks were sealed: every checksum is right.
        TestNetwork twin = new TestNetwork(12);
        FaultyStorage other = new FaultyStorage(new Random(5));
        try (Journal made = ((Opening.Ready) Journal.open(other, twin.serviceId, SMALL)).journal()) {
            twin.chain(50, 2, 100).forEach(made::append);
        }
        byte[] foreign = other.bytes(files.get(1));
        System.arraycopy(good.get(files.get(1)), 0, foreign, 0, ChunkFormat.HEADER_LENGTH);
        storage.put(files.get(1), foreign);
        long height = ChunkFormat.firstHeight(files.get(1));
        assertThat(Objects.requireNonNull(journal.check(height, bytes -> {})).damage())
                .startsWith(files.get(1));
    }

    @Test
    void shouldKeepAChunkThatCouldNotBeReadForAMoment() {
        Journal journal = open(storage);
        byte[] second = storage.bytes(files.get(1));
        storage.delete(files.get(1));
        long height = ChunkFormat.firstHeight(files.get(1));
        assertThat(journal.read(height)).isInstanceOf(Missing.class);
        assertThat(journal.isDamaged()).isTrue();
        storage.put(files.get(1), second);
        assertThat(journal.quarantineDamaged()).isEmpty();
        assertThat(journal.isDamaged()).isFalse();
        assertThat(journal.read(height)).isInstanceOf(Found.class);
    }

    @Test
    void shouldReadSlowlyEnoughToBePaced() {
        Journal journal = open(storage);
        long[] bytes = {0};
        long checked = 0;
        for (ChunkCheck check = journal.check(0, read -> bytes[0] += read);
                check != null;
                check = journal.check(check.lastHeight() + 1, read -> bytes[0] += read)) {
            checked++;
        }
        assertThat(checked).isEqualTo(files.size() - 1);
        long size = good.values().stream().mapToLong(file -> file.length).sum();
        assertThat(bytes[0]).isGreaterThanOrEqualTo(size - good(files.getLast()).length);
    }

    /** Whatever a peer sends in place of an entry, nothing of it comes to lie in the journal. */
    @Test
    void shouldTakeNothingThatDoesNotBelongThere() {
        storage.delete(files.get(2));
        Journal journal = open(storage);
        Missing gap = journal.gaps().getFirst();
        int first = (int) gap.firstHeight();
        TestNetwork twin = new TestNetwork(12);
        List<JournalEntry> foreign = twin.chain(50, 2, 100);
        JournalEntry right = chain.get(first);
        List<JournalEntry> wrong = new ArrayList<>();
        wrong.add(chain.get(first + 1));
        wrong.add(chain.get(first - 1));
        wrong.add(foreign.get(first));
        wrong.add(new JournalEntry(right.raftTerm(), right.raftIndex(), TestNetwork.fill(3), right.block()));
        wrong.add(new JournalEntry(right.raftTerm(), 5, right.evidenceNonce(), right.block()));
        wrong.add(new JournalEntry(1, right.raftIndex(), right.evidenceNonce(), right.block()));
        try (ChunkRestore restore = begin(journal, gap)) {
            for (JournalEntry entry : wrong) {
                assertThat(restore.append(entry)).as("%s", entry.height()).isNotNull();
            }
            assertThat(restore.next()).isEqualTo(first);
        }
        Random random = new Random(4);
        for (int i = 0; i < 300; i++) {
            int at = first + random.nextInt((int) (gap.lastHeight() - gap.firstHeight() + 1));
            assertThat(isRefused(journal, gap, at, mutate(chain.get(at), random)))
                    .as("mutation %d of height %d", i, at)
                    .isTrue();
        }
        for (int at = first; at <= gap.lastHeight(); at++) {
            JournalEntry entry = chain.get(at);
            JournalEntry stripped =
                    new JournalEntry(entry.raftTerm(), entry.raftIndex(), JournalEntry.noEvidence(), entry.block());
            assertThat(isRefused(journal, gap, at, stripped))
                    .as("no nonce at %d", at)
                    .isTrue();
        }
        assertThat(journal.read(first)).isInstanceOf(Missing.class);
        assertThat(restore(journal, gap)).isInstanceOf(ChunkRestore.Outcome.Restored.class);
        assertAsBefore(journal);
    }

    /** Whether a range with one wrong entry is refused: at that entry, at the next, or by what follows the range. */
    private static boolean isRefused(Journal journal, Missing gap, int at, JournalEntry wrong) {
        try (ChunkRestore restore = begin(journal, gap)) {
            while (!restore.isComplete()) {
                int next = (int) restore.next();
                if (restore.append(next == at ? wrong : chain.get(next)) != null) {
                    return true;
                }
            }
            return restore.finish() instanceof ChunkRestore.Outcome.Refused;
        }
    }

    /** The same entry with one bit changed in what the header hash covers, which is all but the signature. */
    private static JournalEntry mutate(JournalEntry entry, Random random) {
        byte[] bytes = entry.block().bytes().clone();
        while (true) {
            int at = random.nextInt(bytes.length - 64);
            bytes[at] ^= (byte) (1 << random.nextInt(8));
            try {
                SealedBlock block = SealedBlock.parse(bytes);
                if (block.header().height() == entry.height()) {
                    return new JournalEntry(entry.raftTerm(), entry.raftIndex(), entry.evidenceNonce(), block);
                }
            } catch (MalformedException unreadable) {
                // Such an entry does not come out of a decoder.
            }
            bytes = entry.block().bytes().clone();
        }
    }

    /** A range that is well linked in itself but does not lead to what follows it. */
    @Test
    void shouldRefuseARangeThatWhatFollowsDoesNotKnow() {
        storage.delete(files.get(0));
        Journal journal = open(storage);
        // The gap is known by name only if something says where the journal began: its file is gone altogether.
        assertThat(journal.gaps()).isEmpty();
        storage.put(files.get(0) + ".quarantined", new byte[10]);
        journal = open(storage);
        Missing gap = journal.gaps().getFirst();
        assertThat(gap.firstHeight()).isZero();
        BlockSealer sealer = network.sealer();
        ChainHead head = ChainHead.NONE;
        try (ChunkRestore restore = begin(journal, gap)) {
            while (!restore.isComplete()) {
                long height = restore.next();
                SealedBlock block = sealer.seal(
                        head, 3, network.keys, network.content(TestNetwork.GENESIS_MILLIS, 2, 100), new byte[0]);
                byte[] nonce = Objects.requireNonNull(network.opener().evidenceNonce(block));
                assertThat(restore.append(new JournalEntry(3, 100 + height, nonce, block)))
                        .isNull();
                head = head.next(block);
            }
            assertThat(restore.finish()).isInstanceOf(ChunkRestore.Outcome.Refused.class);
        }
        assertThat(journal.read(0)).isInstanceOf(Missing.class);
        assertThat(restore(journal, gap)).isInstanceOf(ChunkRestore.Outcome.Restored.class);
        assertAsBefore(journal);
    }

    /** The whole way back, ended after each operation on the disk, by a kill and by a power cut. */
    @Test
    void shouldMendAtTheNextStartWhateverTheMomentOfACrash() {
        int crashes = 0;
        for (int seed = 0; seed < 2; seed++) {
            boolean finished = false;
            for (int operations = 0; !finished; operations++) {
                FaultyStorage disk = new FaultyStorage(new Random(operations));
                good.forEach(disk::put);
                disk.flip(files.get(1), 900, 1);
                disk.delete(files.get(2));
                Journal journal = open(disk);
                CountedStorage counted = new CountedStorage(disk, operations);
                journal.close();
                finished = mend(counted);
                if (seed == 0) {
                    disk.kill();
                } else {
                    disk.crash();
                }
                crashes++;
                assertThat(mend(new CountedStorage(disk, Integer.MAX_VALUE))).isTrue();
                Journal after = open(disk);
                for (int height = 0; height < 50; height++) {
                    assertThat(after.read(height))
                            .as("operation %d, height %d", operations, height)
                            .isInstanceOf(Found.class);
                }
                for (String file : files.subList(0, files.size() - 1)) {
                    assertThat(disk.bytes(file)).isEqualTo(good.get(file));
                }
            }
        }
        System.out.printf("repair: ended at %d moments%n", crashes);
        assertThat(crashes).isGreaterThan(20);
    }

    private static boolean mend(Storage disk) {
        try {
            Journal journal = open(disk);
            for (Missing gap : journal.gaps()) {
                assertThat(restore(journal, gap)).isInstanceOf(ChunkRestore.Outcome.Restored.class);
            }
            return true;
        } catch (CountedStorage.Stopped stopped) {
            return false;
        }
    }
}
