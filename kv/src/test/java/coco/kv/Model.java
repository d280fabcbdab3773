package coco.kv;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** What maps should hold: one sorted map for each. */
final class Model {
    private final Map<MapSpec, NavigableMap<byte[], byte[]>> maps = new LinkedHashMap<>();

    Model() {
        TestData.MAPS.forEach(map -> maps.put(map, new TreeMap<>(Keys.ORDER)));
    }

    Model copy() {
        Model copy = new Model();
        maps.forEach((map, entries) -> copy.of(map).putAll(entries));
        return copy;
    }

    NavigableMap<byte[], byte[]> of(MapSpec map) {
        NavigableMap<byte[], byte[]> entries = maps.get(map);
        if (entries == null) {
            throw new IllegalArgumentException("no map " + map);
        }
        return entries;
    }

    void forEach(BiConsumer<MapSpec, NavigableMap<byte[], byte[]>> action) {
        maps.forEach(action);
    }
}
