package coco.kv;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks that bytes are the one canonical form of a write set. */
final class WriteSetParser {
    /** Most maps in one write set, where it is not known which maps there are: many times what any network has. */
    private static final int MAPS_MAX = 1_000;

    private final byte[] bytes;
    private final StoreLimits limits;
    private final Map<String, MapSpec> maps = new HashMap<>();
    private final byte[] key;
    private int keyLength;
    private int position;
    private boolean takesAll;

    WriteSetParser(byte[] bytes, List<MapSpec> maps, StoreLimits limits) {
        this.bytes = bytes;
        this.limits = limits;
        this.key = new byte[limits.maxKeyBytes()];
        for (MapSpec map : maps) {
            if (this.maps.putIfAbsent(map.name(), map) != null) {
                throw new IllegalArgumentException("two maps are called " + map.name());
            }
        }
    }

    /** As {@link #parse}, with maps that it does not know, too: each is a {@link MapSpec} of its own. */
    WriteSet parseAll() throws MalformedWriteSetException {
        takesAll = true;
        return parse();
    }

    WriteSet parse() throws MalformedWriteSetException {
        require(bytes.length <= limits.maxWriteSetBytes(), "longer than allowed");
        require(bytes.length > 0 && bytes[0] == WriteSet.FORMAT, "not format 1");
        position = 1;
        int mapCount = varint(takesAll ? MAPS_MAX : maps.size(), "more maps than there are");
        List<WriteSet.Section> sections = new ArrayList<>(mapCount);
        @Nullable String previous = null;
        for (int i = 0; i < mapCount; i++) {
            WriteSet.Section section = section();
            String name = section.map().name();
            require(previous == null || previous.compareTo(name) < 0, "maps are not in order");
            previous = name;
            sections.add(section);
        }
        require(position == bytes.length, "bytes after the end");
        return new WriteSet(bytes, sections);
    }

    private WriteSet.Section section() throws MalformedWriteSetException {
        int start = position;
        int nameLength = varint(64, "a map name is too long");
        requireLeft(nameLength);
        MapSpec map = map(new String(bytes, position, nameLength, StandardCharsets.ISO_8859_1));
        position += nameLength;
        int count = varint(bytes.length - position, "more changes than bytes");
        require(count > 0, "a map without changes");
        int changesStart = position;
        keyLength = 0;
        for (int i = 0; i < count; i++) {
            change(i == 0);
        }
        return new WriteSet.Section(map, start, changesStart, count);
    }

    private MapSpec map(String name) throws MalformedWriteSetException {
        MapSpec map = maps.get(name);
        if (map != null) {
            return map;
        }
        if (!takesAll) {
            throw new MalformedWriteSetException("there is no such map", position);
        }
        try {
            return new MapSpec(name, Visibility.PUBLIC);
        } catch (IllegalArgumentException noName) {
            throw new MalformedWriteSetException("a map has no proper name", position);
        }
    }

    private void change(boolean first) throws MalformedWriteSetException {
        int shared = varint(keyLength, "more shared with the previous key than it has");
        int suffix = varint(limits.maxKeyBytes() - shared, "a key is too long");
        requireLeft(suffix);
        // A key that adds nothing is the previous one, a part of it, or (at first) the empty key: none of them may be.
        require(suffix > 0, "a key is not above the previous one");
        if (!first && shared < keyLength) {
            int order = Byte.compareUnsigned(bytes[position], key[shared]);
            require(order != 0, "a key shares more with the previous one than it says");
            require(order > 0, "a key is not above the previous one");
        }
        System.arraycopy(bytes, position, key, shared, suffix);
        keyLength = shared + suffix;
        position += suffix;
        int valueTag = varint(limits.maxValueBytes() + 1, "a value is too long");
        if (valueTag > 0) {
            requireLeft(valueTag - 1);
            position += valueTag - 1;
        }
    }

    private int varint(int limit, String otherwise) throws MalformedWriteSetException {
        int result = 0;
        for (int shift = 0; shift < 28; shift += 7) {
            requireLeft(1);
            byte next = bytes[position++];
            result |= (next & 0x7f) << shift;
            if (next >= 0) {
                require(next != 0 || shift == 0, "a number is longer than it need be");
                require(result <= limit, otherwise);
                return result;
            }
        }
        throw new MalformedWriteSetException("a number is too long", position);
    }

    private void requireLeft(int count) throws MalformedWriteSetException {
        require(count <= bytes.length - position, "cut short");
    }

    private void require(boolean holds, String otherwise) throws MalformedWriteSetException {
        if (!holds) {
            throw new MalformedWriteSetException(otherwise, position);
        }
    }
}
