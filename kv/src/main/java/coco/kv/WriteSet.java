package coco.kv;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Changes to maps: values put and keys removed, per map in key order. Immutable.
 *
 * <p>It is its canonical bytes (docs/specs/write-set.md): equal changes have equal bytes, and reading goes through them
 * without making objects. A write set names the maps; it fits any store that has maps of those names, once parsed with
 * that store's {@link MapSpec}s.
 */
public final class WriteSet {
    static final byte FORMAT = 1;

    private static final WriteSet EMPTY = new WriteSetWriter().finish();
    private static final byte[] NO_BYTES = {};

    private final byte[] bytes;
    private final List<Section> sections;
    private final int size;

    /**
     * The changes of one map.
     *
     * @param start offset of its name's length
     * @param changesStart offset of its first change
     */
    record Section(MapSpec map, int start, int changesStart, int count) {}

    /** Part of an array, or a removal. */
    @SuppressWarnings("ArrayRecordComponent")
    record Slice(byte[] buffer, int offset, int length) {
        static final Slice REMOVAL = new Slice(NO_BYTES, 0, -1);

        static Slice of(byte @Nullable [] value) {
            return value == null ? REMOVAL : new Slice(value, 0, value.length);
        }

        boolean isRemoval() {
            return length < 0;
        }
    }

    /** Sees one change; the arrays are the visitor's own. A null value is a removal. */
    @FunctionalInterface
    public interface Visitor {
        void visit(MapSpec map, byte[] key, byte @Nullable [] value);
    }

    /** The bytes are known to be canonical and are not copied. */
    WriteSet(byte[] bytes, List<Section> sections) {
        this.bytes = bytes;
        this.sections = List.copyOf(sections);
        int count = 0;
        for (Section section : sections) {
            count += section.count();
        }
        this.size = count;
    }

    public static WriteSet empty() {
        return EMPTY;
    }

    /**
     * Parses {@link #serialise}'s bytes with {@link StoreLimits#DEFAULT}.
     *
     * @throws MalformedWriteSetException if the bytes are not canonical, exceed the limits, or name another map
     */
    public static WriteSet parse(byte[] bytes, List<MapSpec> maps) throws MalformedWriteSetException {
        return parse(bytes, maps, StoreLimits.DEFAULT);
    }

    /** As {@link #parse(byte[], List)} with the limits of a store. */
    public static WriteSet parse(byte[] bytes, List<MapSpec> maps, StoreLimits limits)
            throws MalformedWriteSetException {
        return new WriteSetParser(bytes.clone(), maps, limits).parse();
    }

    /**
     * The changes of these maps; those of any other are checked for their form and passed over. For whoever reads
     * public writes without knowing all maps of the store.
     *
     * @throws MalformedWriteSetException if the bytes are not canonical or exceed {@link StoreLimits#DEFAULT}
     */
    public static WriteSet parsePart(byte[] bytes, List<MapSpec> maps) throws MalformedWriteSetException {
        return new WriteSetParser(bytes.clone(), maps, StoreLimits.DEFAULT)
                .parseAll()
                .only(maps::contains);
    }

    /** The canonical bytes. */
    public byte[] serialise() {
        return bytes.clone();
    }

    /** Length of {@link #serialise}. */
    public int sizeBytes() {
        return bytes.length;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /** Number of changes. */
    public int size() {
        return size;
    }

    /** Maps that are changed, in order of their names. */
    public List<MapSpec> maps() {
        return sections.stream().map(Section::map).toList();
    }

    /** Shows every change, by map name and then by key. */
    public void forEach(Visitor visitor) {
        Changes changes = changes();
        while (changes.nextMap()) {
            while (changes.next()) {
                visitor.visit(changes.map(), changes.key(), changes.value());
            }
        }
    }

    /** What takes a reader that has these writes back to {@code before}, the reader they were made on. */
    public WriteSet invert(Reader before) {
        WriteSetWriter writer = new WriteSetWriter();
        Changes changes = changes();
        while (changes.nextMap()) {
            writer.beginMap(changes.map(), changes.count());
            while (changes.next()) {
                byte[] key = changes.key();
                writer.change(key, Slice.of(before.get(changes.map(), key)));
            }
        }
        return writer.finish();
    }

    /** The changes of maps of that visibility. */
    public WriteSet only(Visibility visibility) {
        return only((MapSpec map) -> map.visibility() == visibility);
    }

    /** The changes of those maps. */
    public WriteSet only(Predicate<MapSpec> which) {
        WriteSetWriter writer = new WriteSetWriter();
        for (int i = 0; i < sections.size(); i++) {
            Section section = sections.get(i);
            if (which.test(section.map())) {
                int end = i + 1 < sections.size() ? sections.get(i + 1).start() : bytes.length;
                writer.section(bytes, section, end);
            }
        }
        return writer.finish();
    }

    /**
     * All of them, as one; where they touch the same key the later one wins.
     *
     * @throws IllegalArgumentException if two of them mean different maps by one name
     */
    public static WriteSet merge(List<WriteSet> sets) {
        TreeMap<MapSpec, TreeMap<byte[], Slice>> merged = new TreeMap<>(Comparator.comparing(MapSpec::name));
        Map<String, MapSpec> specs = new HashMap<>();
        for (WriteSet set : sets) {
            Changes changes = set.changes();
            while (changes.nextMap()) {
                MapSpec map = changes.map();
                MapSpec same = specs.putIfAbsent(map.name(), map);
                if (same != null && same != map) {
                    throw new IllegalArgumentException("two maps are called " + map.name());
                }
                TreeMap<byte[], Slice> ofMap = merged.computeIfAbsent(map, _ -> new TreeMap<>(Keys.ORDER));
                while (changes.next()) {
                    ofMap.put(changes.key(), changes.slice());
                }
            }
        }
        WriteSetWriter writer = new WriteSetWriter();
        merged.forEach((map, changes) -> {
            writer.beginMap(map, changes.size());
            changes.forEach(writer::change);
        });
        return writer.finish();
    }

    Changes changes() {
        return new Changes();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof WriteSet set && Arrays.equals(bytes, set.bytes) && maps().equals(set.maps());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        List<String> counts = new ArrayList<>();
        for (Section section : sections) {
            counts.add(section.map().name() + ": " + section.count());
        }
        return "WriteSet" + counts;
    }

    /** Reads the bytes from map to map and from change to change, without making objects unless asked to. */
    final class Changes {
        private int section = -1;
        private int left;
        private int position;
        private byte[] key = new byte[64];
        private int keyLength;
        private int valueOffset;
        private int valueLength;

        boolean nextMap() {
            if (++section >= sections.size()) {
                return false;
            }
            left = sections.get(section).count();
            position = sections.get(section).changesStart();
            keyLength = 0;
            return true;
        }

        MapSpec map() {
            return sections.get(section).map();
        }

        int count() {
            return sections.get(section).count();
        }

        boolean next() {
            if (left == 0) {
                return false;
            }
            left--;
            int shared = varint();
            int suffix = varint();
            keyLength = shared + suffix;
            if (keyLength > key.length) {
                key = Arrays.copyOf(key, Math.max(keyLength, key.length * 2));
            }
            System.arraycopy(bytes, position, key, shared, suffix);
            position += suffix;
            valueLength = varint() - 1;
            valueOffset = position;
            position += Math.max(0, valueLength);
            return true;
        }

        boolean isRemoval() {
            return valueLength < 0;
        }

        byte[] keyBuffer() {
            return key;
        }

        int keyLength() {
            return keyLength;
        }

        byte[] valueBuffer() {
            return bytes;
        }

        int valueOffset() {
            return valueOffset;
        }

        int valueLength() {
            return valueLength;
        }

        byte[] key() {
            return Arrays.copyOf(key, keyLength);
        }

        byte @Nullable [] value() {
            return isRemoval() ? null : Arrays.copyOfRange(bytes, valueOffset, valueOffset + valueLength);
        }

        Slice slice() {
            return isRemoval() ? Slice.REMOVAL : new Slice(bytes, valueOffset, valueLength);
        }

        private int varint() {
            int result = 0;
            int shift = 0;
            while (true) {
                byte next = bytes[position++];
                result |= (next & 0x7f) << shift;
                if (next >= 0) {
                    return result;
                }
                shift += 7;
            }
        }
    }
}
