package coco.kv;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;

/** Maps, keys and values that reach the corners: keys that share much, or are prefixes of each other; long values. */
final class TestData {
    static final MapSpec PLAIN = new MapSpec("plain", Visibility.PUBLIC);
    static final MapSpec HASHED = new MapSpec("hashed", Visibility.PRIVATE, new ShaDigest());
    static final MapSpec OTHER = new MapSpec("other", Visibility.PRIVATE, new ShaDigest());
    static final List<MapSpec> MAPS = List.of(PLAIN, HASHED, OTHER);

    private TestData() {}

    static Store store() {
        return new Store(MAPS, StoreLimits.DEFAULT);
    }

    static MapSpec map(Random random) {
        return MAPS.get(random.nextInt(MAPS.size()));
    }

    static byte[] key(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> narrow(random, 1 + random.nextInt(4));
            case 1 -> narrow(random, 1 + random.nextInt(40));
            case 2 -> {
                byte[] key = new byte[32];
                random.nextBytes(key);
                key[0] = (byte) random.nextInt(4);
                key[1] = 0;
                yield key;
            }
            default -> narrow(random, random.nextInt(20) == 0 ? 256 : 2);
        };
    }

    private static byte[] narrow(Random random, int length) {
        byte[] key = new byte[length];
        byte[] alphabet = {0, 1, 0x10, (byte) 0xff};
        for (int i = 0; i < length; i++) {
            key[i] = random.nextInt(8) == 0 ? alphabet[random.nextInt(alphabet.length)] : 0;
        }
        return key;
    }

    static byte[] value(Random random) {
        int length = switch (random.nextInt(40)) {
            case 0 -> 250 + random.nextInt(20);
            case 1 -> random.nextInt(3000);
            case 2 -> random.nextInt(200) == 0 ? 70_000 + random.nextInt(100_000) : 0;
            default -> random.nextInt(40);
        };
        byte[] value = new byte[length];
        random.nextBytes(value);
        return value;
    }

    /** A key that is likely there. */
    static byte[] keyNear(Random random, NavigableMap<byte[], byte[]> entries) {
        byte[] key = key(random);
        if (entries.isEmpty() || random.nextInt(4) == 0) {
            return key;
        }
        byte[] found = entries.ceilingKey(key);
        return found == null ? entries.firstKey() : found;
    }

    static List<String> entries(Cursor cursor) {
        List<String> all = new ArrayList<>();
        while (cursor.next()) {
            all.add(entry(cursor.key(), cursor.value()));
        }
        return all;
    }

    static List<String> entries(NavigableMap<byte[], byte[]> model) {
        List<String> all = new ArrayList<>();
        model.forEach((key, value) -> all.add(entry(key, value)));
        return all;
    }

    private static String entry(byte[] key, byte[] value) {
        return PlainTree.nibbles(key) + " = " + value.length + " " + Arrays.hashCode(value);
    }
}
