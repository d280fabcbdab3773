package coco.kv;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The maps of a store by their index, and idle digesters for reuse. */
final class Maps {
    private final MapSpec[] specs;
    private final Map<MapSpec, Integer> indexes = new HashMap<>();
    private final AtomicReferenceArray<@Nullable Digester> idleDigesters;

    Maps(List<MapSpec> specs) {
        this.specs = specs.toArray(new MapSpec[0]);
        this.idleDigesters = new AtomicReferenceArray<>(specs.size());
        Set<String> names = new HashSet<>();
        for (MapSpec spec : specs) {
            if (!names.add(spec.name())) {
                throw new IllegalArgumentException("two maps are called " + spec.name());
            }
            indexes.put(spec, indexes.size());
        }
    }

    int count() {
        return specs.length;
    }

    int index(MapSpec map) {
        int hint = map.indexHint();
        return hint < specs.length && specs[hint] == map ? hint : findIndex(map);
    }

    private int findIndex(MapSpec map) {
        Integer index = indexes.get(map);
        if (index == null) {
            throw new IllegalArgumentException("the store has no map " + map.name());
        }
        map.indexHint(index);
        return index;
    }

    boolean hasDigest(int index) {
        return specs[index].digest() != null;
    }

    int indexWithDigest(MapSpec map) {
        int index = index(map);
        if (!hasDigest(index)) {
            throw new IllegalArgumentException("the map " + map.name() + " has no digest");
        }
        return index;
    }

    /** The idle one, or a new one if another thread has it. */
    Digester borrowDigester(int index) {
        Digester idle = idleDigesters.getAndSet(index, null);
        NodeDigest digest = specs[index].digest();
        if (idle != null) {
            return idle;
        }
        if (digest == null) {
            throw new IllegalArgumentException("the map " + specs[index].name() + " has no digest");
        }
        return new Digester(digest);
    }

    void giveBack(int index, Digester digester) {
        idleDigesters.set(index, digester);
    }
}
