package coco.benchmarks.kv;

import coco.kv.Draft;
import coco.kv.MapSpec;
import coco.kv.Store;
import coco.kv.StoreLimits;
import coco.kv.Version;
import coco.kv.Visibility;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashPMap;
import org.pcollections.HashTreePMap;

/** One kind of map, filled with random keys; probes are those keys in another order. */
abstract sealed class Subject {
    private static final int VALUE_BYTES = 12;

    /** What a key of the object maps is. */
    static final class Key implements Comparable<Key> {
        private final byte[] bytes;
        private final int hash;

        Key(byte[] bytes) {
            this.bytes = bytes;
            this.hash = Arrays.hashCode(bytes);
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && hash == key.hash && Arrays.equals(bytes, key.bytes);
        }

        @Override
        public int compareTo(Key other) {
            return Arrays.compareUnsigned(bytes, other.bytes);
        }
    }

    abstract byte @Nullable [] get(byte[] key);

    abstract void put(byte[] key, byte[] value);

    /** Ends a batch of puts. */
    void endBatch() {}

    /** Bytes of memory the map takes, where it can say so without looking at the heap; else -1. */
    long bytes() {
        return -1;
    }

    static Subject of(String kind) {
        return switch (kind) {
            case "radix" -> new Radix(new MapSpec("bench", Visibility.PUBLIC));
            case "radixDigest" -> new Radix(new MapSpec("bench", Visibility.PUBLIC, new CheapDigest()));
            case "HashMap" -> new JavaMap(new HashMap<>());
            case "TreeMap" -> new JavaMap(new TreeMap<>());
            case "pcollections" -> new PersistentMap();
            default -> throw new IllegalArgumentException(kind);
        };
    }

    static byte[][] randomKeys(int count, int keyBytes, long seed) {
        Random random = new Random(seed);
        byte[][] keys = new byte[count][keyBytes];
        for (byte[] key : keys) {
            random.nextBytes(key);
        }
        return keys;
    }

    /** Copies of the keys, in another order. */
    static byte[][] probes(byte[][] keys) {
        byte[][] probes = keys.clone();
        Random random = new Random(5);
        for (int i = probes.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            byte[] swapped = probes[i];
            probes[i] = probes[j];
            probes[j] = swapped;
        }
        for (int i = 0; i < probes.length; i++) {
            probes[i] = probes[i].clone();
        }
        return probes;
    }

    void fill(byte[][] keys) {
        for (int i = 0; i < keys.length; i++) {
            put(keys[i], new byte[VALUE_BYTES]);
            if (i % 10_000 == 0) {
                endBatch();
            }
        }
        endBatch();
    }

    /** The map of {@code coco.kv}; a batch is a version. */
    private static final class Radix extends Subject {
        private final MapSpec map;
        private final Store store;
        private @Nullable Draft draft;
        private Version version;

        Radix(MapSpec map) {
            this.map = map;
            this.store = new Store(List.of(map), StoreLimits.DEFAULT);
            this.version = store.leaseHead();
        }

        @Override
        byte @Nullable [] get(byte[] key) {
            return version.get(map, key);
        }

        @Override
        void put(byte[] key, byte[] value) {
            if (draft == null) {
                draft = store.draft(version);
            }
            draft.put(map, key, value);
        }

        @Override
        void endBatch() {
            if (draft != null) {
                Version next = draft.seal();
                version.close();
                version = next;
                draft = null;
            }
        }

        @Override
        long bytes() {
            return store.statistics().liveBytes();
        }
    }

    private static final class JavaMap extends Subject {
        private final Map<Key, byte[]> map;

        JavaMap(Map<Key, byte[]> map) {
            this.map = map;
        }

        @Override
        byte @Nullable [] get(byte[] key) {
            return map.get(new Key(key));
        }

        @Override
        void put(byte[] key, byte[] value) {
            map.put(new Key(key.clone()), value.clone());
        }
    }

    private static final class PersistentMap extends Subject {
        private HashPMap<Key, byte[]> map = HashTreePMap.empty();

        @Override
        byte @Nullable [] get(byte[] key) {
            return map.get(new Key(key));
        }

        @Override
        void put(byte[] key, byte[] value) {
            map = map.plus(new Key(key.clone()), value.clone());
        }
    }
}
