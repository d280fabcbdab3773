package coco.kv;

import org.jspecify.annotations.Nullable;

/**
 * Reads of named, ordered maps. Keys are ordered as unsigned bytes; a key that is a prefix of another comes first.
 * Arrays given are not kept and arrays returned are the caller's own.
 *
 * <p>Every method throws {@link IllegalArgumentException} for a map the store was not made with.
 */
public interface Reader {
    /** The value, or null if the key is absent. An empty value is present. */
    byte @Nullable [] get(MapSpec map, byte[] key);

    /** Entries with {@code from <= key < to}, in order; {@code to} null means to the end. */
    Cursor scan(MapSpec map, byte[] from, byte @Nullable [] to);

    /** Entries whose keys begin with {@code prefix} (the empty prefix: all), in order. */
    Cursor scanPrefix(MapSpec map, byte[] prefix);

    /** Number of entries. */
    long size(MapSpec map);
}
