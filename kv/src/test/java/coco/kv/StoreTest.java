package coco.kv;

import static coco.kv.TestData.HASHED;
import static coco.kv.TestData.PLAIN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StoreTest {
    private final Store store = TestData.store();

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private Version put(String key, String value) {
        Draft draft = store.draft(store.head());
        draft.put(PLAIN, bytes(key), bytes(value));
        return draft.seal();
    }

    @Test
    void shouldKeepVersionsApart() {
        Version one = put("k", "1");
        Version two = put("k", "2");
        assertThat(one.get(PLAIN, bytes("k"))).isEqualTo(bytes("1"));
        assertThat(two.get(PLAIN, bytes("k"))).isEqualTo(bytes("2"));
        assertThat(two.number()).isGreaterThan(one.number());
        assertThat(store.head()).isSameAs(two);
    }

    @Test
    void shouldChangeNothingWhenAValueIsPutThatIsThere() {
        Version one = put("k", "1");
        Version same = put("k", "1");
        assertThat(same.roots).isEqualTo(one.roots);
        assertThat(same.superseded().size()).isZero();
    }

    @Test
    void shouldTellAnEmptyValueFromNone() {
        Version version = put("k", "");
        assertThat(version.get(PLAIN, bytes("k"))).isEmpty();
        assertThat(version.get(PLAIN, bytes("j"))).isNull();
        assertThat(version.size(PLAIN)).isEqualTo(1);
    }

    @Test
    void shouldHoldValuesOfAnyAllowedSize() {
        Random random = new Random(3);
        Draft draft = store.draft(store.head());
        int[] sizes = {0, 1, 7, 8, 9, 255, 256, 257, 24_576, 65_527, 65_528, 65_529, 524_289, 10 << 20, (1 << 24) - 1};
        byte[][] values = new byte[sizes.length][];
        for (int i = 0; i < sizes.length; i++) {
            values[i] = new byte[sizes[i]];
            random.nextBytes(values[i]);
            draft.put(PLAIN, new byte[] {(byte) i}, values[i]);
        }
        Version version = draft.seal();
        for (int i = 0; i < sizes.length; i++) {
            assertThat(version.get(PLAIN, new byte[] {(byte) i})).isEqualTo(values[i]);
        }
    }

    @Test
    void shouldRefuseKeysAndValuesBeyondTheLimits() {
        Draft draft = store.draft(store.head());
        assertThatIllegalArgumentException().isThrownBy(() -> draft.put(PLAIN, new byte[0], new byte[1]));
        assertThatIllegalArgumentException().isThrownBy(() -> draft.put(PLAIN, new byte[257], new byte[1]));
        assertThatIllegalArgumentException().isThrownBy(() -> draft.put(PLAIN, new byte[1], new byte[1 << 24]));
        assertThatIllegalArgumentException().isThrownBy(() -> draft.remove(PLAIN, new byte[0]));
        MapSpec unknown = new MapSpec("plain", Visibility.PUBLIC);
        assertThatIllegalArgumentException().isThrownBy(() -> draft.get(unknown, new byte[1]));
        assertThatIllegalArgumentException().isThrownBy(() -> draft.digest(PLAIN));
        assertThatIllegalArgumentException().isThrownBy(() -> new Store(List.of(PLAIN, unknown), StoreLimits.DEFAULT));
        assertThatIllegalArgumentException().isThrownBy(() -> new MapSpec("Upper", Visibility.PUBLIC));
    }

    @Test
    void shouldRefuseDraftsThatDoNotBuildOnTheHead() {
        Version one = put("k", "1");
        Version two = put("k", "2");
        assertThatIllegalStateException().isThrownBy(() -> store.draft(one));
        Draft draft = store.draft(two);
        assertThatIllegalStateException().isThrownBy(() -> store.draft(two));
        assertThatIllegalStateException().isThrownBy(() -> store.rollBackTo(one));
        draft.discard();
        assertThatIllegalStateException().isThrownBy(() -> draft.put(PLAIN, new byte[1], new byte[1]));
        assertThatIllegalStateException().isThrownBy(draft::seal);
        store.rollBackTo(one);
        assertThat(store.draft(one).get(PLAIN, bytes("k"))).isEqualTo(bytes("1"));
    }

    @Test
    void shouldRefuseToReadOrLeaseAVersionNobodyHolds() {
        Version one = put("k", "1");
        put("k", "2").close();
        one.lease();
        one.close();
        assertThat(one.get(PLAIN, bytes("k"))).isEqualTo(bytes("1"));
        one.close();
        assertThatIllegalStateException().isThrownBy(() -> one.get(PLAIN, bytes("k")));
        assertThatIllegalStateException().isThrownBy(one::lease);
        assertThat(one.tryLease()).isNull();
        assertThatIllegalStateException().isThrownBy(one::close);
        assertThatIllegalStateException().isThrownBy(() -> store.rollBackTo(one));
        try (Version head = store.leaseHead()) {
            assertThat(head.get(PLAIN, bytes("k"))).isEqualTo(bytes("2"));
        }
    }

    @Test
    void shouldGoOnFromTheOlderVersionWhenRolledBack() {
        Version committed = put("k", "1");
        Version lost = put("k", "2");
        Version lostToo = put("j", "3");
        store.rollBackTo(committed);
        assertThat(lostToo.get(PLAIN, bytes("j"))).isEqualTo(bytes("3"));
        lost.close();
        lostToo.close();
        Version next = put("i", "4");
        assertThat(next.get(PLAIN, bytes("k"))).isEqualTo(bytes("1"));
        assertThat(next.get(PLAIN, bytes("j"))).isNull();
        assertThat(next.number()).isGreaterThan(lostToo.number());
    }

    @Test
    void shouldEndCursorsOfADraftWhenItChanges() {
        Draft draft = store.draft(store.head());
        draft.put(PLAIN, bytes("a"), bytes("1"));
        draft.put(PLAIN, bytes("b"), bytes("2"));
        Cursor cursor = draft.scan(PLAIN, new byte[0], null);
        assertThatIllegalStateException().isThrownBy(cursor::key);
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.key()).isEqualTo(bytes("a"));
        draft.put(PLAIN, bytes("c"), bytes("3"));
        assertThatIllegalStateException().isThrownBy(cursor::next);
    }

    @Test
    void shouldFreeABoundedNumberOfBlocksAtEachSealWhenALongLeaseEnds() {
        Draft first = store.draft(store.head());
        for (int i = 0; i < 30_000; i++) {
            first.put(PLAIN, bytes("key " + i), bytes("value"));
        }
        Version held = first.seal();
        Draft second = store.draft(held);
        for (int i = 0; i < 30_000; i++) {
            second.put(PLAIN, bytes("key " + i), bytes("other"));
        }
        Version head = second.seal();
        long waiting = store.statistics().waitingBlocks();
        assertThat(waiting).isGreaterThan(30_000);
        held.close();
        put("x", "1").close();
        assertThat(store.statistics().waitingBlocks()).isBetween(waiting - 5000, waiting - 4000);
        head.close();
        for (int i = 0; i < 10; i++) {
            put("x", "y" + i).close();
        }
        assertThat(store.statistics().waitingBlocks()).isZero();
    }

    @Test
    void shouldChangeNothingWhenAPutFindsTheStoreFull() {
        Store small = new Store(TestData.MAPS, new StoreLimits(256, 1 << 20, 3 << 20, 1 << 20));
        Draft draft = small.draft(small.head());
        draft.put(PLAIN, bytes("k"), bytes("1"));
        Version version = draft.seal();
        Random random = new Random(2);
        Draft tooMuch = small.draft(version);
        TreeMap<byte[], byte[]> model = new TreeMap<>(Keys.ORDER);
        model.put(bytes("k"), bytes("1"));
        int refused = 0;
        for (int i = 0; i < 5000; i++) {
            byte[] key = TestData.key(random);
            byte[] value = new byte[random.nextInt(random.nextInt(20) == 0 ? 120_000 : 3000)];
            try {
                tooMuch.put(PLAIN, key, value);
                model.put(key, value);
            } catch (StoreFullException e) {
                refused++;
            }
        }
        assertThat(refused).isPositive();
        assertThat(TestData.entries(tooMuch.scan(PLAIN, new byte[0], null))).isEqualTo(TestData.entries(model));
        tooMuch.discard();
        small.reclaim(Integer.MAX_VALUE);
        assertThat(small.statistics().liveBlocks()).isEqualTo(1);
        assertThat(version.get(PLAIN, bytes("k"))).isEqualTo(bytes("1"));
    }

    @Test
    void shouldGiveTheDigestOfAnEmptyMapForAPrefixNobodyHas() {
        byte[] empty = store.head().digest(HASHED);
        Draft draft = store.draft(store.head());
        draft.put(HASHED, bytes("abc"), bytes("1"));
        assertThat(draft.digest(HASHED, bytes("b"))).isEqualTo(empty);
        assertThat(draft.digest(HASHED, bytes("abcd"))).isEqualTo(empty);
        assertThat(draft.digest(HASHED, bytes("ab"))).isNotEqualTo(empty);
        assertThat(draft.digest(HASHED)).isNotEqualTo(empty);
        draft.remove(HASHED, bytes("abc"));
        assertThat(draft.digest(HASHED)).isEqualTo(empty);
    }
}
