package coco.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.journal.HistoryIndex.BlockKeys;
import coco.journal.HistoryIndex.IndexedKey;
import coco.journal.IndexLookup.Candidates;
import coco.journal.IndexLookup.Position;
import coco.journal.IndexLookup.Unavailable;
import coco.journal.testing.FaultyStorage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryIndexTest {
    private static final byte[] INDEX_KEY = TestNetwork.fill(7);
    private static final int KINDS = 2;

    private final Random random = new Random(1);

    private HistoryIndex open(Storage storage, int memory) {
        return HistoryIndex.open(storage, INDEX_KEY, random, JournalLimits.DEFAULT.withIndexMemoryEntries(memory));
    }

    private static byte[] key(int number) {
        return ("key-" + number).getBytes(StandardCharsets.UTF_8);
    }

    private static List<Position> find(HistoryIndex index, int kind, byte[] key) {
        IndexLookup lookup = index.find(kind, key, 0, Long.MAX_VALUE, Integer.MAX_VALUE - 1);
        assertThat(lookup).isInstanceOf(Candidates.class);
        assertThat(((Candidates) lookup).isComplete()).isTrue();
        return ((Candidates) lookup).positions();
    }

    /** Against a map: adds, flushes, merges, restarts and crashes in any order. */
    @Property(tries = 60, seed = "4711")
    void shouldFindWhatAMapFinds(@ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int distinct) {
        Random choices = new Random(seed);
        FaultyStorage disk = new FaultyStorage(choices);
        Map<Integer, Map<Integer, List<Position>>> model = new HashMap<>();
        List<BlockKeys> blocks = new ArrayList<>();
        HistoryIndex index = open(disk, 300);
        for (int step = 0; step < 120; step++) {
            switch (choices.nextInt(13)) {
                case 12 -> index.endChunk();
                case 0 -> index.flush();
                case 1 -> index.maintain();
                case 2 -> {
                    index.close();
                    if (choices.nextBoolean()) {
                        disk.crash();
                    }
                    index = open(disk, 300);
                    long next = Math.max(0, index.nextHeight());
                    assertThat(next).isLessThanOrEqualTo(blocks.size());
                    for (BlockKeys block : blocks.subList((int) next, blocks.size())) {
                        add(index, block);
                    }
                }
                default -> {
                    BlockKeys block = block(blocks.size(), choices, distinct);
                    for (IndexedKey key : block.keys()) {
                        model.computeIfAbsent(key.kind(), kind -> new HashMap<>())
                                .computeIfAbsent(number(key.key()), number -> new ArrayList<>())
                                .add(new Position(block.height(), key.ordinal()));
                    }
                    blocks.add(block);
                    add(index, block);
                }
            }
        }
        for (int kind = 0; kind < KINDS; kind++) {
            for (int number = 0; number <= distinct; number++) {
                List<Position> all = model.getOrDefault(kind, Map.of()).getOrDefault(number, List.of());
                assertThat(find(index, kind, key(number))).isEqualTo(all);
                checkPages(index, kind, number, all, choices);
            }
        }
        assertThat(index.covers(blocks.size() - 1)).isEqualTo(!blocks.isEmpty());
        assertThat(index.covers(blocks.size())).isFalse();
        assertThat(index.damage()).isNull();
    }

    /**
     * Whoever reads a range page by page, each from after the last height of the one before, misses and repeats
     * nothing.
     */
    private static void checkPages(HistoryIndex index, int kind, int number, List<Position> all, Random choices) {
        long from = choices.nextLong(-5, 125);
        long to = from + choices.nextLong(-5, 125);
        int limit = 1 + choices.nextInt(12);
        List<Position> paged = new ArrayList<>();
        boolean isComplete = false;
        while (!isComplete) {
            long next = paged.isEmpty() ? from : paged.getLast().height() + 1;
            Candidates page = (Candidates) index.find(kind, key(number), next, to, limit);
            isComplete = page.isComplete();
            paged.addAll(page.positions());
            if (!isComplete) {
                assertThat(page.positions()).hasSizeGreaterThanOrEqualTo(limit);
            }
            if (page.positions().size() > limit) {
                assertThat(page.positions().get(limit - 1).height())
                        .isEqualTo(page.positions().getLast().height());
            }
        }
        assertThat(paged)
                .isEqualTo(all.stream()
                        .filter(position -> position.height() >= from && position.height() <= to)
                        .toList());
    }

    private static int number(byte[] key) {
        return Integer.parseInt(new String(key, StandardCharsets.UTF_8).substring(4));
    }

    private static BlockKeys block(long height, Random random, int distinct) {
        List<IndexedKey> keys = new ArrayList<>();
        int count = random.nextInt(30);
        for (int ordinal = 0; ordinal < count; ordinal++) {
            keys.add(new IndexedKey(random.nextInt(KINDS), key(random.nextInt(distinct)), ordinal));
        }
        return new BlockKeys(height, keys);
    }

    private static void add(HistoryIndex index, BlockKeys block) {
        for (IndexedKey key : block.keys()) {
            index.add(key.kind(), key.key(), block.height(), key.ordinal());
        }
        index.endBlock(block.height());
    }

    private static void fill(HistoryIndex index, int blocks, int perBlock) {
        for (int height = 0; height < blocks; height++) {
            for (int ordinal = 0; ordinal < perBlock; ordinal++) {
                index.add(0, key(height * perBlock + ordinal), height, ordinal);
            }
            index.add(1, key(0), height, 0);
            index.endBlock(height);
        }
    }

    @Test
    void shouldWriteOnlyInMaintenanceWhenAChunkEnds() {
        FaultyStorage disk = new FaultyStorage(new Random(3));
        HistoryIndex index = open(disk, 1_000);
        fill(index, 10, 5);
        index.endChunk();
        long forces = disk.forces();
        add(index, new BlockKeys(10, List.of(new IndexedKey(0, key(50), 0))));
        add(index, new BlockKeys(11, List.of(new IndexedKey(0, key(51), 0), new IndexedKey(1, key(0), 1))));
        assertThat(disk.forces()).as("written by the adding thread").isEqualTo(forces);
        assertThat(index.runs()).isZero();
        assertThat(find(index, 0, key(12))).containsExactly(new Position(2, 2));
        assertThat(find(index, 0, key(51))).containsExactly(new Position(11, 0));
        assertThat(index.maintain()).isTrue();
        assertThat(index.maintain()).isFalse();
        assertThat(index.runs()).isEqualTo(1);
        assertThat(find(index, 1, key(0))).hasSize(11).endsWith(new Position(9, 0), new Position(11, 1));
        assertThat(open(disk, 1_000).nextHeight()).isEqualTo(11);
    }

    @Test
    void shouldWriteItselfWhenItIsAWholeMemoryAheadOfMaintenance() {
        HistoryIndex index = open(new FaultyStorage(new Random(3)), 60);
        fill(index, 100, 5);
        assertThat(index.runs())
                .as("600 entries in runs of 60, but for the last")
                .isEqualTo(9);
        for (int i = 0; i < 500; i++) {
            assertThat(find(index, 0, key(i))).containsExactly(new Position(i / 5, i % 5));
        }
    }

    @Test
    void shouldKeepFewRunsAndFlatMemoryHoweverManyBlocks(@TempDir Path folder) {
        try (HistoryIndex index = open(new FileStorage(folder), 1_000)) {
            for (int height = 0; height < 3_000; height++) {
                for (int ordinal = 0; ordinal < 20; ordinal++) {
                    index.add(0, key(height * 20 + ordinal), height, ordinal);
                }
                index.add(1, key(0), height, 0);
                index.endBlock(height);
                while (index.maintain()) {
                    assertThat(index.runs()).isPositive();
                }
            }
            assertThat(index.runs()).isLessThan(12);
            for (int i = 0; i < 60_000; i += 997) {
                assertThat(find(index, 0, key(i))).containsExactly(new Position(i / 20, i % 20));
            }
            assertThat(find(index, 0, key(60_001))).isEmpty();
            assertThat(find(index, 1, key(0))).hasSize(3_000);
        }
        try (HistoryIndex again = open(new FileStorage(folder), 1_000)) {
            assertThat(again.nextHeight()).isGreaterThan(2_900);
            assertThat(find(again, 0, key(4_711))).containsExactly(new Position(235, 11));
        }
    }

    @Test
    void shouldGiveARangeAndSayWhenThereIsMore() {
        HistoryIndex index = open(new FaultyStorage(random), 250);
        fill(index, 100, 10);
        Candidates range = (Candidates) index.find(1, key(0), 20, 29, 100);
        assertThat(range.positions())
                .isEqualTo(IntStream.range(20, 30)
                        .mapToObj(h -> new Position(h, 0))
                        .toList());
        assertThat(range.isComplete()).isTrue();
        Candidates limited = (Candidates) index.find(1, key(0), 50, Long.MAX_VALUE, 7);
        assertThat(limited.positions())
                .isEqualTo(IntStream.range(50, 57)
                        .mapToObj(h -> new Position(h, 0))
                        .toList());
        assertThat(limited.isComplete()).isFalse();
        assertThat(((Candidates) index.find(1, key(0), 200, 300, 7)).positions())
                .isEmpty();
        assertThat(((Candidates) index.find(1, key(0), 5, 4, 7)).positions()).isEmpty();
    }

    @Test
    void shouldGiveAHeightWholeWhenTheLimitFallsIntoIt() {
        HistoryIndex index = open(new FaultyStorage(random), 1_000);
        for (int height = 0; height < 20; height++) {
            for (int ordinal = 0; ordinal < 5; ordinal++) {
                index.add(0, key(1), height, ordinal);
            }
            index.endBlock(height);
            if (height == 9) {
                index.flush();
            }
        }
        for (int from : new int[] {2, 12}) {
            Candidates page = (Candidates) index.find(0, key(1), from, 30, 7);
            assertThat(page.positions()).hasSize(10);
            assertThat(page.positions().getLast()).isEqualTo(new Position(from + 1, 4));
            assertThat(page.isComplete()).isFalse();
            Candidates exact = (Candidates) index.find(0, key(1), from, from + 1, 10);
            assertThat(exact.positions()).isEqualTo(page.positions());
            assertThat(exact.isComplete()).isTrue();
        }
    }

    /** The key of every block, asked for where it was long ago: steps through it must not grow with its number. */
    @Test
    void shouldFindARangeOfAPopularKeyInMemoryWithoutPassingTheRest() {
        IndexMemory memory = new IndexMemory();
        int blocks = 200_000;
        for (int height = 0; height < blocks; height++) {
            memory.add(4711, (long) height << 24);
            memory.add(random.nextLong(), (long) height << 24 | 1);
        }
        for (int i = 0; i < blocks; i += 7) {
            long[] found = memory.find(4711, (long) i << 24, Long.MAX_VALUE, 2);
            assertThat(found).hasSize(Math.min(3, blocks - i)).startsWith((long) i << 24);
        }
    }

    @Test
    void shouldPutNoKeyOnDiskAndNoPageTwiceTheSame() {
        FaultyStorage disk = new FaultyStorage(random);
        HistoryIndex index = open(disk, 100);
        fill(index, 50, 10);
        Set<String> pages = new HashSet<>();
        disk.contents().forEach((name, bytes) -> {
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            assertThat(text).doesNotContain("key-");
            for (int at = IndexRun.HEADER_LENGTH; at < bytes.length; at += IndexRun.PAGE) {
                assertThat(pages.add(text.substring(at, at + 64))).isTrue();
            }
        });
        assertThat(pages).hasSizeGreaterThan(3);
    }

    @Test
    void shouldSayThatItIsDamagedAndComeBackWhenRebuilt() {
        FaultyStorage disk = new FaultyStorage(random);
        HistoryIndex index = open(disk, 2_000);
        fill(index, 100, 30);
        index.flush();
        index.close();
        String run = disk.list().getFirst();
        disk.flip(run, IndexRun.HEADER_LENGTH + 3 * IndexRun.PAGE + 17, 3);
        HistoryIndex again = open(disk, 2_000);
        assertThat(again.covers(5)).isTrue();
        boolean unavailable = false;
        for (int i = 0; i < 3_000 && !unavailable; i++) {
            unavailable = again.find(0, key(i), 0, 100, 10) instanceof Unavailable;
        }
        assertThat(unavailable).isTrue();
        assertThat(again.damage()).contains("not authentic");
        assertThat(again.covers(5)).isFalse();

        again.rebuild(IntStream.range(0, 100)
                .mapToObj(height -> new BlockKeys(height, List.of(new IndexedKey(0, key(height), 3))))
                .iterator());
        assertThat(again.damage()).isNull();
        assertThat(again.covers(99)).isTrue();
        assertThat(find(again, 0, key(42))).containsExactly(new Position(42, 3));
    }

    @Test
    void shouldDropWhatIsNotWholeOrNotUnderItsKey() {
        FaultyStorage disk = new FaultyStorage(random);
        HistoryIndex index = open(disk, 200);
        fill(index, 100, 10);
        index.close();
        for (String name : disk.list()) {
            FaultyStorage damaged = new FaultyStorage(random);
            disk.contents().forEach(damaged::put);
            damaged.flip(name, 40, 1);
            HistoryIndex again = open(damaged, 200);
            long next = again.nextHeight();
            assertThat(again.damage()).isNull();
            for (int height = (int) Math.max(0, again.firstHeight()); height < next; height++) {
                assertThat(again.covers(height)).isTrue();
                assertThat(find(again, 0, key(10 * height))).containsExactly(new Position(height, 0));
            }
        }
        HistoryIndex other = HistoryIndex.open(disk, TestNetwork.fill(8), random, JournalLimits.DEFAULT);
        assertThat(other.nextHeight()).isEqualTo(-1);
        assertThat(disk.list()).isEmpty();
    }

    @Test
    void shouldAnswerWhileRunsAreMerged(@TempDir Path folder) throws InterruptedException {
        try (HistoryIndex index = open(new FileStorage(folder), 500)) {
            fill(index, 10, 10);
            List<Throwable> failures = new ArrayList<>();
            Thread reader = Thread.ofPlatform()
                    .uncaughtExceptionHandler((thread, failure) -> failures.add(failure))
                    .start(() -> {
                        while (index.nextHeight() < 400) {
                            assertThat(find(index, 0, key(57))).containsExactly(new Position(5, 7));
                        }
                    });
            for (int height = 10; height < 400; height++) {
                for (int ordinal = 0; ordinal < 50; ordinal++) {
                    index.add(0, key(height * 50 + ordinal), height, ordinal);
                }
                index.endBlock(height);
                index.maintain();
            }
            reader.join();
            assertThat(failures).isEmpty();
        }
    }

    @Test
    void shouldRefuseToSkipABlock() {
        HistoryIndex index = open(new FaultyStorage(random), 100);
        index.endBlock(5);
        assertThat(index.covers(4)).isFalse();
        assertThat(index.covers(5)).isTrue();
        assertThatThrownBy(() -> index.endBlock(7)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> index.add(0, key(1), 5, 0)).isInstanceOf(IllegalStateException.class);
    }

    /** Some of the files damaged, some gone, while blocks go on coming: afterwards all is found again. */
    @Property(tries = 40, seed = "815")
    void shouldFindEverythingAgainAfterARepairWhileRunning(@ForAll long seed) {
        Random choices = new Random(seed);
        FaultyStorage disk = new FaultyStorage(choices);
        HistoryIndex index = open(disk, 300);
        List<BlockKeys> blocks = new ArrayList<>();
        for (int height = 0; height < 200; height++) {
            grow(index, blocks, choices);
            if (choices.nextInt(20) == 0) {
                index.maintain();
            }
        }
        index.flush();
        for (String name : disk.list()) {
            if (choices.nextBoolean()) {
                disk.flip(name, 64 + choices.nextInt(disk.bytes(name).length - 64), choices.nextInt(8));
            } else if (choices.nextInt(4) == 0) {
                disk.delete(name);
            }
        }
        for (int i = 0; i < 60; i++) {
            index.find(0, key(i), 0, Long.MAX_VALUE, 1_000);
            grow(index, blocks, choices);
        }
        index.repair(0, height -> blocks.get((int) height).keys());
        assertThat(index.damage()).isNull();
        assertAllFound(index, blocks);
        while (index.maintain()) {
            grow(index, blocks, choices);
        }
        index.flush();
        index.close();
        HistoryIndex again = open(disk, 300);
        assertThat(again.nextHeight()).isEqualTo(blocks.size());
        assertAllFound(again, blocks);
    }

    @Test
    void shouldMakeABeginningThatIsMissing() {
        FaultyStorage disk = new FaultyStorage(random);
        HistoryIndex index = open(disk, 300);
        List<BlockKeys> blocks = new ArrayList<>();
        for (int height = 0; height < 90; height++) {
            blocks.add(block(height, random, 20));
        }
        blocks.subList(50, 90).forEach(block -> add(index, block));
        assertThat(index.covers(10)).isFalse();
        index.repair(0, height -> blocks.get((int) height).keys());
        assertThat(index.firstHeight()).isZero();
        assertThat(index.covers(10)).isTrue();
        assertAllFound(index, blocks);
    }

    private static void grow(HistoryIndex index, List<BlockKeys> blocks, Random choices) {
        BlockKeys block = block(blocks.size(), choices, 60);
        blocks.add(block);
        add(index, block);
    }

    private static void assertAllFound(HistoryIndex index, List<BlockKeys> blocks) {
        for (int kind = 0; kind < KINDS; kind++) {
            for (int number = 0; number <= 60; number++) {
                List<Position> expected = new ArrayList<>();
                for (BlockKeys block : blocks) {
                    for (IndexedKey key : block.keys()) {
                        if (key.kind() == kind && number(key.key()) == number) {
                            expected.add(new Position(block.height(), key.ordinal()));
                        }
                    }
                }
                assertThat(find(index, kind, key(number))).isEqualTo(expected);
            }
        }
    }

    /** A million transactions on a real disk: made, looked up, one file damaged, made again. */
    @Test
    @Tag("long")
    void shouldBeRepairedWithAMillionTransactions(@TempDir Path folder) throws IOException {
        int blocks = 2_500;
        int each = 400;
        LongFunction<List<IndexedKey>> keysAt = height -> {
            List<IndexedKey> keys = new ArrayList<>(each);
            for (int i = 0; i < each; i++) {
                keys.add(new IndexedKey(0, key((int) height * each + i), i));
            }
            return keys;
        };
        FileStorage disk = new FileStorage(folder);
        long begin = System.nanoTime();
        HistoryIndex index = HistoryIndex.open(disk, INDEX_KEY, random, JournalLimits.DEFAULT);
        index.rebuild(LongStream.range(0, blocks)
                .mapToObj(height -> new BlockKeys(height, keysAt.apply(height)))
                .iterator());
        while (index.maintain()) {
            // Until nothing is left to merge.
        }
        long made = System.nanoTime();
        String victim = disk.list().getFirst();
        byte[] bytes = Files.readAllBytes(folder.resolve(victim));
        bytes[bytes.length / 2] ^= 1;
        Files.write(folder.resolve(victim), bytes);
        index.repair(0, keysAt);
        long repaired = System.nanoTime();
        int looked = 20_000;
        for (int i = 0; i < looked; i++) {
            int number = random.nextInt(blocks * each);
            assertThat(find(index, 0, key(number))).contains(new Position(number / each, number % each));
        }
        long found = System.nanoTime();
        System.out.printf(
                "history index: %d keys made in %d ms, %d bytes in %d files, repaired in %d ms, a look-up %d us%n",
                blocks * each,
                (made - begin) / 1_000_000,
                bytes.length,
                disk.list().size(),
                (repaired - made) / 1_000_000,
                (found - repaired) / 1_000 / looked);
        index.close();
    }
}
