package coco.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

class DigestTest {
    /** Counts the nodes that are digested. */
    private static final class CountingDigest implements NodeDigest {
        private final AtomicInteger references = new AtomicInteger();

        @Override
        public Hasher newHasher() {
            Hasher below = new ShaDigest().newHasher();
            return new Hasher() {
                @Override
                public int reference(NodeView node, byte[] out) {
                    references.incrementAndGet();
                    return below.reference(node, out);
                }

                @Override
                public int root(NodeView node, byte[] out) {
                    return below.root(node, out);
                }

                @Override
                public int empty(byte[] out) {
                    return below.empty(out);
                }
            };
        }
    }

    @Test
    void shouldDigestOnlyWhatChanged() {
        CountingDigest counting = new CountingDigest();
        MapSpec map = new MapSpec("counted", Visibility.PUBLIC, counting);
        Store store = new Store(List.of(map), StoreLimits.DEFAULT);
        Random random = new Random(11);
        Draft draft = store.draft(store.head());
        byte[] key = new byte[32];
        for (int i = 0; i < 10_000; i++) {
            random.nextBytes(key);
            draft.put(map, key, new byte[12]);
        }
        Version first = draft.seal();
        first.digest(map);
        int all = counting.references.getAndSet(0);
        assertThat(all).isBetween(10_000, 20_000);
        first.digest(map);
        assertThat(counting.references.get()).isZero();

        Draft next = store.draft(first);
        next.put(map, key, new byte[13]);
        next.seal().digest(map);
        assertThat(counting.references.get()).isBetween(2, 8);
    }

    @Test
    void shouldDigestNothingButTheRootWhenAMapWasImported() throws MalformedNodesException {
        CountingDigest counting = new CountingDigest();
        MapSpec map = new MapSpec("counted", Visibility.PUBLIC, counting);
        Store store = new Store(List.of(map), StoreLimits.DEFAULT);
        Random random = new Random(13);
        Draft draft = store.draft(store.head());
        byte[] key = new byte[32];
        for (int i = 0; i < 10_000; i++) {
            random.nextBytes(key);
            draft.put(map, key, new byte[12]);
        }
        Version version = draft.seal();
        MapExport export = new MapExport(version, map);
        byte[] digest = version.digest(map);
        counting.references.set(0);
        Store other = new Store(List.of(map), StoreLimits.DEFAULT);
        Draft copy = other.draft(other.head());
        MapImport load = copy.importing(map);
        for (byte[] chunk = export.nextChunk(9_000); chunk != null; chunk = export.nextChunk(9_000)) {
            load.add(chunk);
        }
        load.end();
        assertThat(copy.seal().digest(map)).isEqualTo(digest);
        assertThat(counting.references.get()).isZero();
    }

    @Test
    void shouldFindWorkDoneOnAnOlderVersionWhenDigestingALaterOne() {
        CountingDigest counting = new CountingDigest();
        MapSpec map = new MapSpec("counted", Visibility.PUBLIC, counting);
        Store store = new Store(List.of(map), StoreLimits.DEFAULT);
        Draft draft = store.draft(store.head());
        for (int i = 0; i < 1000; i++) {
            draft.put(map, new byte[] {(byte) (i >> 8), (byte) i}, new byte[40]);
        }
        Version first = draft.seal();
        Draft next = store.draft(first);
        next.put(map, new byte[] {0, 0}, new byte[41]);
        Version second = next.seal();
        first.digest(map);
        counting.references.set(0);
        second.digest(map);
        assertThat(counting.references.get()).isLessThan(5);
    }

    @Property(tries = 200, shrinking = ShrinkingMode.OFF)
    void shouldDigestThePartOfOneOwnerAsAMapOfItsOwn(@ForAll long seed) {
        Random random = new Random(seed);
        byte[][] owners = new byte[1 + random.nextInt(5)][random.nextInt(5)];
        for (byte[] owner : owners) {
            for (int i = 0; i < owner.length; i++) {
                owner[i] = (byte) random.nextInt(2);
            }
        }
        Store store = TestData.store();
        Draft draft = store.draft(store.head());
        NavigableMap<byte[], byte[]> all = new TreeMap<>(Keys.ORDER);
        for (int i = 0; i < 60; i++) {
            byte[] owner = owners[random.nextInt(owners.length)];
            byte[] key = Arrays.copyOf(owner, owner.length + 4);
            for (int j = 0; j < 4; j++) {
                key[owner.length + j] = (byte) random.nextInt(3);
            }
            if (random.nextInt(4) == 0) {
                draft.remove(TestData.HASHED, key);
                all.remove(key);
            } else {
                byte[] value = TestData.value(random);
                draft.put(TestData.HASHED, key, value);
                all.put(key, value);
            }
        }
        PlainTree plain = new PlainTree(new ShaDigest());
        for (byte[] owner : owners) {
            assertThat(draft.digest(TestData.HASHED, owner)).isEqualTo(plain.digest(all, owner));
        }
        assertThat(draft.digest(TestData.HASHED)).isEqualTo(plain.digest(all, new byte[0]));
    }

    @Property(tries = 200, shrinking = ShrinkingMode.OFF)
    void shouldShowTheNodesFromTheRootToTheKeyWhenWalked(@ForAll long seed) {
        Random random = new Random(seed);
        Store store = TestData.store();
        Draft draft = store.draft(store.head());
        NavigableMap<byte[], byte[]> all = new TreeMap<>(Keys.ORDER);
        for (int i = 0; i < 40; i++) {
            byte[] key = TestData.key(random);
            draft.put(TestData.HASHED, key, key);
            all.put(key, key);
        }
        Version version = draft.seal();
        for (int i = 0; i < 20; i++) {
            byte[] key = TestData.keyNear(random, all);
            byte[] prefix = Arrays.copyOf(key, random.nextInt(key.length));
            checkWalk(version, prefix, Arrays.copyOfRange(key, prefix.length, key.length), all.containsKey(key));
        }
    }

    /** Every node shown, digested by itself, is what the node above it embeds; the first is the root. */
    private static void checkWalk(Version version, byte[] prefix, byte[] key, boolean present) {
        NodeDigest.Hasher hasher = new ShaDigest().newHasher();
        StringBuilder way = new StringBuilder();
        List<byte[]> embedded = new ArrayList<>();
        List<byte[]> values = new ArrayList<>();
        String nibbles = PlainTree.nibbles(key);
        version.walk(TestData.HASHED, prefix, key, node -> {
            byte[] out = new byte[32];
            if (embedded.isEmpty()) {
                int length = hasher.root(node, out);
                assertThat(Arrays.copyOf(out, length)).isEqualTo(version.digest(TestData.HASHED, prefix));
            } else {
                int length = hasher.reference(node, out);
                assertThat(Arrays.copyOf(out, length)).isEqualTo(embedded.getLast());
                way.append(nibbles.charAt(way.length()));
            }
            for (int i = 0; i < node.pathLength(); i++) {
                way.append(Character.forDigit(node.pathNibble(i), 16));
            }
            byte[] reference = new byte[32];
            int next = way.length() < nibbles.length() ? Character.digit(nibbles.charAt(way.length()), 16) : 0;
            int copied = node.copyReference(next, reference, 0);
            assertThat(copied).isEqualTo(node.referenceLength(next));
            embedded.add(Arrays.copyOf(reference, copied));
            byte[] value = new byte[node.valueLength()];
            assertThat(node.copyValue(value, 0)).isEqualTo(value.length);
            values.add(value);
        });
        if (present) {
            assertThat(way.toString()).isEqualTo(nibbles);
            assertThat(values.getLast()).endsWith(key);
        }
    }
}
