package coco.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Random use of a store, every step compared with sorted maps, and at the end every block of memory accounted for. */
class StoreModelTest {
    @Property(tries = 250, shrinking = ShrinkingMode.OFF)
    void shouldAgreeWithSortedMapsWhenUsedAtRandom(@ForAll long seed) {
        new Run(seed).run(60);
    }

    /**
     * A node keeps a thousand old states; speculation is lost beside them, and the oldest end one by one or all at
     * once.
     */
    @Property(tries = 12, shrinking = ShrinkingMode.OFF)
    void shouldReadOldVersionsAsTheyWereWhenTheLineIsLong(@ForAll long seed) {
        new Run(seed).runLong(600, 250);
    }

    private static final class Run {
        private final Random random;
        private final Store store = TestData.store();
        private final PlainTree plainTree = new PlainTree(new ShaDigest());
        private final List<Held> line = new ArrayList<>();
        private final List<Held> extra = new ArrayList<>();

        private record Held(Version version, Model model) {}

        Run(long seed) {
            random = new Random(seed);
            line.add(new Held(store.leaseHead(), new Model()));
        }

        void run(int steps) {
            for (int i = 0; i < steps; i++) {
                switch (random.nextInt(10)) {
                    case 0 -> rollBack();
                    case 1 -> extra.add(lease(line.get(random.nextInt(line.size()))));
                    case 2 -> releaseExtra();
                    case 3 -> forgetOldest();
                    case 4 -> check(line.get(random.nextInt(line.size())));
                    default -> draft();
                }
                extra.forEach(held -> checkSome(held));
                checkMemory();
            }
            line.forEach(this::check);
            extra.forEach(this::check);
            releaseAll();
        }

        void runLong(int steps, int kept) {
            for (int i = 0; i < steps; i++) {
                draft();
                if (random.nextInt(10) == 0) {
                    rollBackTo(Math.max(0, line.size() - 1 - random.nextInt(4)));
                }
                while (line.size() > (random.nextInt(100) == 0 ? kept / 4 : kept)) {
                    forgetOldest();
                }
                checkSome(line.get(random.nextInt(line.size())));
                long[] waiting = store.countWaiting();
                assertThat(store.statistics().waitingBlocks()).isEqualTo(waiting[0]);
                assertThat(store.statistics().waitingBytes()).isEqualTo(waiting[1] << 3);
            }
            line.forEach(this::check);
            checkMemory();
            releaseAll();
        }

        private static Held lease(Held held) {
            return new Held(held.version().lease(), held.model());
        }

        private void draft() {
            Held base = line.getLast();
            Draft draft = store.draft(base.version());
            Model model = base.model().copy();
            int changes = random.nextInt(30);
            boolean growing = random.nextInt(3) > 0;
            for (int i = 0; i < changes; i++) {
                MapSpec map = TestData.map(random);
                NavigableMap<byte[], byte[]> entries = model.of(map);
                if (random.nextInt(growing ? 5 : 2) == 0) {
                    byte[] key = TestData.keyNear(random, entries);
                    draft.remove(map, key);
                    entries.remove(key);
                } else {
                    byte[] key = random.nextBoolean() ? TestData.key(random) : TestData.keyNear(random, entries);
                    byte[] value = TestData.value(random);
                    draft.put(map, key, value);
                    entries.put(key, value);
                }
                if (random.nextInt(20) == 0) {
                    checkReader(draft, model);
                }
            }
            if (random.nextInt(4) == 0) {
                draft.discard();
            } else {
                line.add(new Held(draft.seal(), model));
            }
        }

        private void rollBack() {
            rollBackTo(random.nextInt(line.size()));
        }

        private void rollBackTo(int target) {
            List<Held> lost = new ArrayList<>(line.subList(target + 1, line.size()));
            boolean closeFirst = random.nextBoolean();
            if (closeFirst) {
                lost.forEach(held -> held.version().close());
            }
            store.rollBackTo(line.get(target).version());
            if (!closeFirst) {
                lost.forEach(this::check);
                lost.forEach(held -> held.version().close());
            }
            line.subList(target + 1, line.size()).clear();
            assertThat(store.head()).isSameAs(line.getLast().version());
        }

        private void releaseExtra() {
            if (!extra.isEmpty()) {
                extra.remove(random.nextInt(extra.size())).version().close();
            }
        }

        private void forgetOldest() {
            if (line.size() > 1) {
                line.removeFirst().version().close();
            }
        }

        private void releaseAll() {
            extra.forEach(held -> held.version().close());
            while (line.size() > 1) {
                line.removeFirst().version().close();
            }
            store.reclaim(Integer.MAX_VALUE);
            StoreStatistics statistics = store.statistics();
            assertThat(statistics.waitingBlocks()).isZero();
            assertThat(statistics.versions()).isEqualTo(1);
            checkMemory();
            Draft draft = store.draft(store.head());
            line.getFirst().model().forEach((map, entries) -> entries.keySet().forEach(key -> draft.remove(map, key)));
            line.getFirst().version().close();
            draft.seal().close();
            store.reclaim(Integer.MAX_VALUE);
            assertThat(store.statistics().liveBlocks()).isZero();
            assertThat(store.statistics().liveBytes()).isZero();
        }

        /** Live blocks are those that kept versions reach, and those that wait to be freed. */
        private void checkMemory() {
            store.reclaim(Integer.MAX_VALUE);
            Set<Integer> reachable = new HashSet<>();
            for (Version version : store.keptVersions()) {
                for (int root : version.roots) {
                    HandleList blocks = new HandleList();
                    Editor.collectYounger(version.arena.slabs(), root, -1, blocks);
                    for (int i = 0; i < blocks.size(); i++) {
                        reachable.add(blocks.get(i));
                    }
                }
            }
            StoreStatistics statistics = store.statistics();
            long[] waiting = store.countWaiting();
            assertThat(statistics.waitingBlocks()).isEqualTo(waiting[0]);
            assertThat(statistics.waitingBytes()).isEqualTo(waiting[1] << 3);
            assertThat(statistics.liveBlocks()).isGreaterThanOrEqualTo(reachable.size());
            assertThat(statistics.liveBlocks() - statistics.waitingBlocks()).isLessThanOrEqualTo(reachable.size());
            if (store.keptVersions().size() == 1) {
                assertThat(statistics.liveBlocks()).isEqualTo(reachable.size());
            }
        }

        private void check(Held held) {
            checkReader(held.version(), held.model());
        }

        private void checkSome(Held held) {
            MapSpec map = TestData.map(random);
            NavigableMap<byte[], byte[]> entries = held.model().of(map);
            byte[] key = TestData.keyNear(random, entries);
            assertThat(held.version().get(map, key)).isEqualTo(entries.get(key));
        }

        private void checkReader(DigestReader reader, Model model) {
            model.forEach((map, entries) -> {
                assertThat(reader.size(map)).isEqualTo(entries.size());
                assertThat(TestData.entries(reader.scan(map, new byte[0], null)))
                        .isEqualTo(TestData.entries(entries));
                for (int i = 0; i < 5; i++) {
                    byte[] key = TestData.keyNear(random, entries);
                    assertThat(reader.get(map, key)).isEqualTo(entries.get(key));
                    checkScan(reader, map, entries);
                }
                if (map.digest() != null) {
                    checkDigests(reader, map, entries);
                }
            });
        }

        private void checkScan(Reader reader, MapSpec map, NavigableMap<byte[], byte[]> entries) {
            byte[] from = TestData.keyNear(random, entries);
            byte[] to = TestData.keyNear(random, entries);
            NavigableMap<byte[], byte[]> range = Keys.ORDER.compare(from, to) < 0
                    ? entries.subMap(from, true, to, false)
                    : entries.subMap(from, true, from, false);
            Cursor cursor = reader.scan(map, from, to);
            assertThat(TestData.entries(cursor)).isEqualTo(TestData.entries(range));
            byte[] place = TestData.keyNear(random, entries);
            cursor.seek(place);
            NavigableMap<byte[], byte[]> rest =
                    new TreeMap<>(range).tailMap(Keys.ORDER.compare(place, from) < 0 ? from : place, true);
            assertThat(TestData.entries(cursor)).isEqualTo(TestData.entries(rest));
            byte[] prefix = Arrays.copyOf(place, random.nextInt(Math.min(4, place.length + 1)));
            byte[] after = Keys.afterPrefix(prefix);
            NavigableMap<byte[], byte[]> tail = entries.tailMap(prefix, true);
            assertThat(TestData.entries(reader.scanPrefix(map, prefix)))
                    .isEqualTo(TestData.entries(after == null ? tail : tail.headMap(after, false)));
        }

        private void checkDigests(DigestReader reader, MapSpec map, NavigableMap<byte[], byte[]> entries) {
            if (random.nextBoolean()) {
                assertThat(reader.digest(map)).isEqualTo(plainTree.digest(entries, new byte[0]));
            }
            byte[] key = TestData.keyNear(random, entries);
            byte[] prefix = Arrays.copyOf(key, random.nextInt(key.length + 1));
            assertThat(reader.digest(map, prefix)).isEqualTo(plainTree.digest(entries, prefix));
        }
    }
}
