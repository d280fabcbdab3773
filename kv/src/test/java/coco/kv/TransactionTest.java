package coco.kv;

import static coco.kv.TestData.PLAIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.NavigableMap;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

class TransactionTest {
    private record Mark(int savepoint, Model model) {}

    @Property(tries = 300, shrinking = ShrinkingMode.OFF)
    void shouldAgreeWithSortedMapsWhenUsedAtRandom(@ForAll long seed) {
        Random random = new Random(seed);
        Store store = TestData.store();
        Draft draft = store.draft(store.head());
        draft.apply(WriteSetTest.random(random));
        Version base = draft.seal();
        Model model = new Model();
        for (MapSpec map : TestData.MAPS) {
            Cursor cursor = base.scan(map, new byte[0], null);
            while (cursor.next()) {
                model.of(map).put(cursor.key(), cursor.value());
            }
        }
        Transaction outer = new Transaction(base);
        model = use(random, outer, model);
        Transaction inner = new Transaction(outer);
        model = use(random, inner, model);
        check(random, inner, model);

        Draft applied = store.draft(base);
        applied.apply(outer.writes());
        applied.apply(inner.writes());
        Model expected = model;
        expected.forEach((map, entries) -> assertThat(TestData.entries(applied.scan(map, new byte[0], null)))
                .isEqualTo(TestData.entries(entries)));
    }

    private static Model use(Random random, Transaction transaction, Model start) {
        Model model = start;
        Deque<Mark> marks = new ArrayDeque<>();
        for (int i = 0; i < 40; i++) {
            MapSpec map = TestData.map(random);
            byte[] key = TestData.keyNear(random, model.of(map));
            switch (random.nextInt(8)) {
                case 0 -> marks.push(new Mark(transaction.savepoint(), model.copy()));
                case 1 -> {
                    for (int pops = random.nextInt(3); pops > 0 && marks.size() > 1; pops--) {
                        marks.pop();
                    }
                    if (!marks.isEmpty()) {
                        Mark mark = random.nextBoolean() ? marks.pop() : marks.getFirst();
                        transaction.rollBack(mark.savepoint());
                        model = mark.model().copy();
                    }
                }
                case 2, 3 -> {
                    transaction.remove(map, key);
                    model.of(map).remove(key);
                }
                default -> {
                    byte[] value = TestData.value(random);
                    transaction.put(map, key, value);
                    model.of(map).put(key, value);
                }
            }
            if (random.nextInt(10) == 0) {
                check(random, transaction, model);
            }
        }
        return model;
    }

    private static void check(Random random, Transaction transaction, Model model) {
        model.forEach((map, entries) -> {
            assertThat(transaction.size(map)).isEqualTo(entries.size());
            assertThat(TestData.entries(transaction.scan(map, new byte[0], null)))
                    .isEqualTo(TestData.entries(entries));
            for (int i = 0; i < 4; i++) {
                byte[] key = TestData.keyNear(random, entries);
                assertThat(transaction.get(map, key)).isEqualTo(entries.get(key));
                byte[] prefix = Arrays.copyOf(key, random.nextInt(Math.min(3, key.length + 1)));
                byte[] after = Keys.afterPrefix(prefix);
                NavigableMap<byte[], byte[]> tail = entries.tailMap(prefix, true);
                NavigableMap<byte[], byte[]> range = after == null ? tail : tail.headMap(after, false);
                Cursor cursor = transaction.scanPrefix(map, prefix);
                assertThat(TestData.entries(cursor)).isEqualTo(TestData.entries(range));
                cursor.seek(key);
                assertThat(TestData.entries(cursor)).isEqualTo(TestData.entries(range.tailMap(key, true)));
            }
        });
    }

    @Test
    void shouldGiveTheWritesSinceASavepoint() {
        Transaction transaction = new Transaction(TestData.store().head());
        transaction.put(PLAIN, new byte[] {1}, new byte[] {1});
        transaction.put(PLAIN, new byte[] {2}, new byte[] {2});
        int savepoint = transaction.savepoint();
        assertThat(transaction.writesSince(savepoint).isEmpty()).isTrue();
        transaction.put(PLAIN, new byte[] {2}, new byte[] {3});
        int later = transaction.savepoint();
        transaction.remove(PLAIN, new byte[] {4});
        transaction.put(PLAIN, new byte[] {2}, new byte[] {5});

        Transaction expected = new Transaction(TestData.store().head());
        expected.put(PLAIN, new byte[] {2}, new byte[] {5});
        expected.remove(PLAIN, new byte[] {4});
        assertThat(transaction.writesSince(savepoint)).isEqualTo(expected.writes());
        assertThat(transaction.writesSince(later)).isEqualTo(expected.writes());
        assertThat(transaction.writesSince(0)).isEqualTo(transaction.writes());
        transaction.rollBack(savepoint);
        assertThat(transaction.writesSince(savepoint).isEmpty()).isTrue();
        assertThat(transaction.get(PLAIN, new byte[] {2})).isEqualTo(new byte[] {2});
        assertThatIllegalArgumentException().isThrownBy(() -> transaction.rollBack(later));
    }

    @Test
    void shouldSeeChangesAheadOfACursor() {
        Transaction transaction = new Transaction(TestData.store().head());
        for (byte i = 0; i < 10; i++) {
            transaction.put(PLAIN, new byte[] {i}, new byte[] {i});
        }
        Cursor cursor = transaction.scan(PLAIN, new byte[0], null);
        int seen = 0;
        while (cursor.next()) {
            byte key = cursor.key()[0];
            transaction.remove(PLAIN, new byte[] {(byte) (key + 1)});
            transaction.put(PLAIN, new byte[] {(byte) (key - 1)}, new byte[1]);
            seen++;
        }
        // 0, 2, 4, 6, 8, and the key 255 that the step at 0 put at the end, with the 254 that comes before it unseen.
        assertThat(seen).isEqualTo(6);
    }

    @Test
    void shouldNotShareArraysWithItsCaller() {
        Transaction transaction = new Transaction(TestData.store().head());
        byte[] key = {1};
        byte[] value = {2};
        transaction.put(PLAIN, key, value);
        key[0] = 9;
        value[0] = 9;
        byte[] read = transaction.get(PLAIN, new byte[] {1});
        assertThat(read).isEqualTo(new byte[] {2});
        assertThat(transaction.get(PLAIN, new byte[] {9})).isNull();
    }
}
