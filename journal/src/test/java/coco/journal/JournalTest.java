package coco.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.journal.Journal.Opening;
import coco.journal.ReadResult.Found;
import coco.journal.ReadResult.Missing;
import coco.journal.ReadResult.OutOfRange;
import coco.journal.StartReport.EmptyFileRemoved;
import coco.journal.StartReport.FooterCut;
import coco.journal.StartReport.Gap;
import coco.journal.StartReport.Note;
import coco.journal.StartReport.Quarantined;
import coco.journal.StartReport.TornTailCut;
import coco.journal.testing.FaultyStorage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    private static final int SMALL_CHUNK = 8 << 10;
    private static final JournalLimits SMALL = JournalLimits.DEFAULT.withChunkBytes(SMALL_CHUNK);
    private static final JournalLimits WIDE = JournalLimits.DEFAULT.withChunkBytes(64 << 10);
    private static final String FIRST = ChunkFormat.fileName(0);

    private static TestNetwork network = new TestNetwork(1);
    private static List<JournalEntry> chain = List.of();

    @BeforeAll
    static void seal() {
        network = new TestNetwork(11);
        chain = network.chain(60, 2, 100);
    }

    private final FaultyStorage storage = new FaultyStorage(new Random(3));

    private static Opening.Ready open(Storage storage, JournalLimits limits) {
        Opening opening = Journal.open(storage, network.serviceId, limits);
        assertThat(opening).isInstanceOf(Opening.Ready.class);
        return (Opening.Ready) opening;
    }

    private static void fill(Storage storage, JournalLimits limits, int from, int to) {
        try (Journal journal = open(storage, limits).journal()) {
            for (JournalEntry entry : chain.subList(from, to)) {
                journal.append(entry);
            }
        }
    }

    private static void assertHolds(Journal journal, int from, int to) {
        for (int height = from; height < to; height++) {
            ReadResult result = journal.read(height);
            assertThat(result).as("height %d", height).isInstanceOf(Found.class);
            JournalEntry entry = ((Found) result).entry();
            assertThat(entry.block()).isEqualTo(chain.get(height).block());
            assertThat(entry.evidenceNonce()).isEqualTo(chain.get(height).evidenceNonce());
            assertThat(entry.raftIndex()).isEqualTo(100 + height);
            assertThat(entry.raftTerm()).isEqualTo(3);
        }
    }

    @Test
    void shouldReadBackWhatWasAppendedAcrossChunksAndRestarts(@TempDir Path folder) {
        for (int part = 0; part < 6; part++) {
            Opening.Ready ready = open(new FileStorage(folder), SMALL);
            assertThat(ready.report().notes()).isEmpty();
            try (Journal journal = ready.journal()) {
                assertThat(journal.lastHeight()).isEqualTo(10L * part - 1);
                assertHolds(journal, 0, 10 * part);
                for (JournalEntry entry : chain.subList(10 * part, 10 * part + 10)) {
                    journal.append(entry);
                }
                assertHolds(journal, 0, 10 * part + 10);
                assertThat(journal.read(10L * part + 10)).isInstanceOf(OutOfRange.class);
                assertThat(journal.read(-1)).isInstanceOf(OutOfRange.class);
            }
        }
        assertThat(new FileStorage(folder).list()).hasSizeGreaterThan(5);
    }

    @Test
    void shouldMakeTheSameFilesWhateverTheRestartsAndForces() {
        fill(storage, SMALL, 0, 60);
        FaultyStorage other = new FaultyStorage(new Random(4));
        for (int i = 0; i < 60; i += 3) {
            fill(other, SMALL, i, i + 3);
            other.kill();
        }
        assertThat(other.contents().keySet()).isEqualTo(storage.contents().keySet());
        storage.contents()
                .forEach((name, bytes) -> assertThat(other.bytes(name)).as(name).isEqualTo(bytes));
    }

    @Test
    void shouldCallDurableOnlyWhatWasForced() {
        Journal journal = open(storage, JournalLimits.DEFAULT).journal();
        assertThat(journal.durable()).isEqualTo(DurablePosition.NONE);
        journal.append(chain.get(0));
        journal.append(chain.get(1));
        assertThat(journal.durable()).isEqualTo(DurablePosition.NONE);
        assertThat(journal.unforcedBytes()).isPositive();
        journal.force();
        assertThat(journal.durable()).isEqualTo(new DurablePosition(1, 3, 101));
        assertThat(journal.unforcedBytes()).isZero();
        journal.append(chain.get(2));
        assertThat(journal.durable().height()).isEqualTo(1);
        long forces = storage.forces();
        journal.force();
        journal.force();
        assertThat(storage.forces()).isEqualTo(forces + 1);
    }

    @Test
    void shouldStartAboveGenesisWhenItJoinedFromASnapshot() {
        try (Journal journal = open(storage, SMALL).journal()) {
            journal.append(chain.get(20));
            journal.append(chain.get(21));
            assertThat(journal.firstHeight()).isEqualTo(20);
            assertThat(journal.read(19)).isInstanceOf(OutOfRange.class);
            assertThatThrownBy(() -> journal.append(chain.get(23))).isInstanceOf(IllegalStateException.class);
        }
        assertHolds(open(storage, SMALL).journal(), 20, 22);
    }

    @Test
    void shouldCutATornTailAtEveryLength() {
        fill(storage, WIDE, 0, 3);
        byte[] whole = storage.bytes(FIRST);
        int frame = ChunkFormat.frameLength(chain.get(2));
        int start = whole.length - frame;
        for (int length = start; length <= whole.length; length++) {
            for (int tail : new int[] {0, 5000}) {
                FaultyStorage torn = new FaultyStorage(new Random(1));
                torn.put(FIRST, Arrays.copyOf(Arrays.copyOf(whole, length), length + tail));
                Opening.Ready ready = open(torn, WIDE);
                boolean complete = length == whole.length;
                assertThat(ready.journal().lastHeight()).isEqualTo(complete ? 2 : 1);
                assertThat(ready.journal().durable().height()).isEqualTo(complete ? 2 : 1);
                // A length prefix whose first bytes are zeros leaves nothing to see.
                if (length > start + 3 && !complete) {
                    assertThat(ready.report().notes()).hasSize(1).first().isInstanceOf(TornTailCut.class);
                }
                if (!complete) {
                    ready.journal().append(chain.get(2));
                }
                assertHolds(ready.journal(), 0, 3);
            }
        }
    }

    @Test
    void shouldDetectAnyFlippedByteOfTheOpenChunk() {
        fill(storage, JournalLimits.DEFAULT, 0, 3);
        assertEveryFlipIsNamed(storage, JournalLimits.DEFAULT);
    }

    @Test
    void shouldDetectAnyFlippedByteOfAClosedChunk() {
        JournalLimits tiny = JournalLimits.DEFAULT.withChunkBytes(2500);
        fill(storage, tiny, 0, 4);
        assertThat(storage.list()).hasSizeGreaterThan(1);
        assertEveryFlipIsNamed(storage, tiny);
    }

    private static void assertEveryFlipIsNamed(FaultyStorage storage, JournalLimits limits) {
        byte[] good = storage.bytes(FIRST);
        boolean isClosed = storage.list().size() > 1;
        for (int i = 0; i < good.length; i++) {
            FaultyStorage damaged = new FaultyStorage(new Random(1));
            storage.contents().forEach(damaged::put);
            damaged.flip(FIRST, i, i % 8);
            Opening opening = Journal.open(damaged, network.serviceId, limits);
            assertThat(opening).as("byte %d", i).isInstanceOf(Opening.Ready.class);
            List<Note> notes = ((Opening.Ready) opening).report().notes();
            assertThat(notes).as("byte %d", i).isNotEmpty();
            assertThat(notes.getFirst().words()).startsWith(FIRST);
            if (isClosed) {
                assertThat(notes.getFirst()).isInstanceOf(Quarantined.class);
                assertThat(damaged.list()).contains(FIRST + ".quarantined");
            }
        }
    }

    @Test
    void shouldAnswerMissingForTheHeightsOfADamagedChunk() {
        fill(storage, SMALL, 0, 60);
        List<String> files = storage.list();
        long first = ChunkFormat.firstHeight(files.get(2));
        long next = ChunkFormat.firstHeight(files.get(3));
        storage.flip(files.get(2), 700, 0);
        Opening.Ready ready = open(storage, SMALL);
        assertThat(ready.report().notes()).singleElement().isInstanceOfSatisfying(Quarantined.class, note -> {
            assertThat(note.firstHeight()).isEqualTo(first);
            assertThat(note.lastHeight()).isEqualTo(next - 1);
        });
        assertThat(ready.journal().read(first + 1)).isInstanceOfSatisfying(Missing.class, missing -> {
            assertThat(missing.firstHeight()).isEqualTo(first);
            assertThat(missing.lastHeight()).isEqualTo(next - 1);
        });
        assertHolds(ready.journal(), 0, (int) first);
        assertHolds(ready.journal(), (int) next, 60);
        ready.journal().close();
        assertThat(open(storage, SMALL).report().notes()).singleElement().isEqualTo(new Gap(first, next - 1));
    }

    @Test
    void shouldKnowOfAFirstChunkThatWasPutAside() {
        fill(storage, SMALL, 0, 60);
        storage.flip(FIRST, 700, 0);
        Journal journal = open(storage, SMALL).journal();
        assertThat(journal.firstHeight()).isZero();
        assertThat(journal.read(0)).isInstanceOf(Missing.class);
    }

    @Test
    void shouldAnswerMissingWhenAClosedChunkGoesBadAfterTheStart() {
        fill(storage, SMALL, 0, 60);
        Journal journal = open(storage, SMALL).journal();
        storage.flip(FIRST, 700, 0);
        assertThat(journal.read(0)).isInstanceOf(Missing.class);
        assertThat(journal.read(1)).isInstanceOf(Missing.class);
    }

    @Test
    void shouldAnswerMissingAndNoLinkWhenAFileCannotBeRead() {
        fill(storage, SMALL, 0, 60);
        try (Journal journal = open(storage, SMALL).journal()) {
            List<String> names = List.copyOf(storage.list());
            names.forEach(storage::delete);
            assertThat(names).hasSizeGreaterThan(5);
            for (int height = 0; height < 60; height++) {
                assertThat(journal.link(height)).as("link of %d", height).isNull();
                assertThat(journal.read(height)).as("height %d", height).isInstanceOf(Missing.class);
            }
        }
    }

    @Test
    void shouldLinkHeadersWhateverAFlippedByteOfTheFooterSaysOfThem() {
        fill(storage, SMALL, 0, 60);
        byte[] whole = storage.bytes(FIRST);
        int wrong = 0;
        for (int offset = whole.length - 200; offset < whole.length; offset++) {
            try (Journal journal = open(storage, SMALL).journal()) {
                storage.flip(FIRST, offset, 7);
                for (int height = 0; height < 10; height++) {
                    HeaderLink link = journal.link(height);
                    boolean isRight = link != null
                            && Arrays.equals(
                                    link.hash(), chain.get(height).block().headerHash());
                    wrong += isRight ? 0 : 1;
                }
                storage.flip(FIRST, offset, 7);
            }
        }
        assertThat(wrong).as("links that a table of places led astray").isPositive();
    }

    @Test
    void shouldPutAsideAnOpenChunkWithABadByteInTheMiddle() {
        fill(storage, JournalLimits.DEFAULT, 0, 5);
        storage.flip(FIRST, ChunkFormat.HEADER_LENGTH + 300, 2);
        Opening.Ready ready = open(storage, JournalLimits.DEFAULT);
        assertThat(ready.report().notes()).singleElement().isInstanceOf(Quarantined.class);
        assertThat(ready.journal().lastHeight()).isEqualTo(-1);
    }

    @Test
    void shouldNotMistakeALengthThatSwallowsWholeEntriesForATornTail() {
        fill(storage, JournalLimits.DEFAULT, 0, 5);
        byte[] bytes = storage.bytes(FIRST);
        byte[] preallocated = Arrays.copyOf(bytes, bytes.length + 100_000);
        preallocated[ChunkFormat.HEADER_LENGTH + 1] = 1; // 65,536 bytes more, far into the zeros
        storage.put(FIRST, preallocated);
        assertThat(open(storage, JournalLimits.DEFAULT).report().notes())
                .singleElement()
                .isInstanceOf(Quarantined.class);
    }

    @Test
    void shouldFinishClosingAtEveryLengthOfTheFooter() {
        JournalLimits tiny = JournalLimits.DEFAULT.withChunkBytes(2500);
        fill(storage, tiny, 0, 4);
        byte[] closed = storage.bytes(FIRST);
        int count = (int) ChunkFormat.firstHeight(storage.list().get(1));
        int footer = ChunkFormat.footerLength(count);
        for (int length = closed.length - footer; length <= closed.length; length++) {
            FaultyStorage torn = new FaultyStorage(new Random(1));
            torn.put(FIRST, Arrays.copyOf(closed, length));
            Opening.Ready ready = open(torn, tiny);
            assertThat(ready.journal().lastHeight()).isEqualTo(count - 1);
            if (length > closed.length - footer + 3 && length < closed.length) {
                assertThat(ready.report().notes()).singleElement().isInstanceOf(FooterCut.class);
            }
            ready.journal().append(chain.get(count));
            assertThat(torn.bytes(FIRST)).isEqualTo(closed);
        }
    }

    @Test
    void shouldRemoveAChunkWhoseHeaderWasTorn() {
        for (int length = 0; length < ChunkFormat.HEADER_LENGTH; length++) {
            FaultyStorage torn = new FaultyStorage(new Random(1));
            torn.put(FIRST, Arrays.copyOf(ChunkFormat.header(network.serviceId, 0), length));
            Opening.Ready ready = open(torn, SMALL);
            assertThat(ready.report().notes()).singleElement().isInstanceOf(EmptyFileRemoved.class);
            ready.journal().append(chain.getFirst());
            assertHolds(ready.journal(), 0, 1);
        }
    }

    @Test
    void shouldRefuseAnUnknownFormatVersionAndAnotherServiceWithoutTouchingAnything() {
        fill(storage, SMALL, 0, 30);
        byte[] newer = storage.bytes(FIRST);
        Bytes.putInt(newer, 8, 2);
        Bytes.putInt(newer, 12, ChunkFormat.checksum(newer, 0, 12));
        String last = storage.list().getLast();
        storage.flip(last, 70, 1);
        storage.put(FIRST, newer);
        Opening opening = Journal.open(storage, network.serviceId, SMALL);
        assertThat(opening)
                .isInstanceOfSatisfying(
                        Opening.Refused.class,
                        refused -> assertThat(refused.words()).contains("version 2 is unknown", "reads version 1"));
        assertThat(storage.list()).noneMatch(name -> name.endsWith(".quarantined"));
        FaultyStorage other = new FaultyStorage(new Random(1));
        fill(other, SMALL, 0, 3);
        assertThat(Journal.open(other, TestNetwork.fill(8), SMALL)).isInstanceOf(Opening.Refused.class);
    }

    @Test
    void shouldKeepEverythingForcedWhenItCrashesAtAnyMoment() {
        for (int seed = 0; seed < 400; seed++) {
            Random random = new Random(seed);
            FaultyStorage disk = new FaultyStorage(random);
            JournalLimits limits = JournalLimits.DEFAULT.withChunkBytes(random.nextBoolean() ? 4000 : 30_000);
            int lives = 1 + random.nextInt(4);
            long forced = -1;
            for (int life = 0; life < lives; life++) {
                Opening.Ready ready = open(disk, limits);
                Journal journal = ready.journal();
                String context = "seed " + seed + " life " + life + " " + ready.report();
                assertThat(journal.lastHeight()).as(context).isGreaterThanOrEqualTo(forced);
                assertThat(ready.report().notes())
                        .as(context)
                        .noneMatch(note -> note instanceof Quarantined || note instanceof Gap);
                assertHolds(journal, 0, (int) journal.lastHeight() + 1);
                forced = run(journal, disk, random);
                if (random.nextBoolean()) {
                    disk.crash();
                } else {
                    disk.kill();
                }
            }
        }
    }

    /** Appends and forces at random until the device fails or it is enough; the durable height. */
    private static long run(Journal journal, FaultyStorage disk, Random random) {
        if (random.nextInt(3) == 0) {
            disk.failAfter(random.nextInt(12));
        }
        int steps = random.nextInt(15);
        try {
            for (int i = 0; i < steps && journal.lastHeight() + 1 < chain.size(); i++) {
                journal.append(chain.get((int) journal.lastHeight() + 1));
                if (random.nextInt(3) == 0) {
                    journal.force();
                }
            }
        } catch (JournalException e) {
            assertThat(e).hasMessageContaining("no space");
            assertThatThrownBy(() -> journal.append(chain.get((int) journal.lastHeight() + 1)))
                    .isInstanceOf(IllegalStateException.class);
        }
        return journal.durable().height();
    }

    @Test
    void shouldStartFromAnyBytesWithoutAnUntypedError() {
        fill(storage, SMALL, 0, 30);
        for (int seed = 0; seed < 600; seed++) {
            Random random = new Random(seed);
            FaultyStorage damaged = new FaultyStorage(random);
            storage.contents()
                    .forEach((name, bytes) ->
                            damaged.put(name, random.nextInt(3) == 0 ? SealingTest.mutate(bytes, random) : bytes));
            Opening opening = Journal.open(damaged, network.serviceId, SMALL);
            if (opening instanceof Opening.Ready ready) {
                for (int height = 0; height <= ready.journal().lastHeight(); height++) {
                    if (ready.journal().read(height) instanceof Found found) {
                        assertThat(found.entry().block())
                                .isEqualTo(chain.get(height).block());
                    }
                }
            }
        }
    }

    @Test
    void shouldAnswerReadersWhileItIsWritten(@TempDir Path folder) throws InterruptedException {
        JournalLimits limits = new JournalLimits(8 << 10, 4 << 10, 8 << 20, 64, 65_536, 10, 1, 1, 10, 10, 2);
        AtomicBoolean failed = new AtomicBoolean();
        try (Journal journal = open(new FileStorage(folder), limits).journal()) {
            Thread reader = Thread.ofPlatform().start(() -> {
                Random random = new Random(2);
                while (journal.lastHeight() < 59 && !failed.get()) {
                    long last = journal.lastHeight();
                    if (last >= 0) {
                        long height = random.nextLong(last + 1);
                        // An interrupted reader must neither fail nor harm anyone else.
                        if (random.nextInt(10) == 0) {
                            Thread.currentThread().interrupt();
                        }
                        ReadResult result = journal.read(height);
                        failed.compareAndSet(false, !(result instanceof Found));
                    }
                }
            });
            for (JournalEntry entry : chain) {
                // Nor may an interrupt of the writer lose anything: it stays pending, and the journal goes on.
                Thread.currentThread().interrupt();
                journal.append(entry);
                journal.force();
                assertThat(Thread.interrupted()).isTrue();
            }
            reader.join();
            assertThat(failed).isFalse();
            assertHolds(journal, 0, 60);
        }
    }
}
