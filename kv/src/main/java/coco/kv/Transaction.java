package coco.kv;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes over a reader that does not change meanwhile: reads see them, the base does not. Used by one thread.
 *
 * <p>A savepoint is a mark in a journal of what the writes replaced; rolling back undoes the journal to the mark and
 * costs what changed since. A write journals only if the key was not written since the newest mark, so a loop over one
 * key does not grow the journal. Rolling back to a mark forgets all later marks, and the mark itself stays good.
 *
 * <p>Removing a key that is not there is a write like any other, and appears in {@link #writes}.
 */
public final class Transaction implements Reader {
    private static final StoreLimits LIMITS = StoreLimits.DEFAULT;

    private final Reader base;
    private final Map<MapSpec, NavigableMap<byte[], Entry>> overlay = new HashMap<>();
    private final List<Undo> journal = new ArrayList<>();
    private int newestMark;

    /** What the transaction wrote to a key; a null value is a removal. */
    private static final class Entry {
        final int journalled;
        byte @Nullable [] value;

        Entry(int journalled, byte @Nullable [] value) {
            this.journalled = journalled;
            this.value = value;
        }
    }

    /** What was in the overlay before a write; null for nothing. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Undo(MapSpec map, byte[] key, @Nullable Entry before) {}

    public Transaction(Reader base) {
        this.base = base;
    }

    /**
     * Puts the value; the arrays are copied.
     *
     * @throws IllegalArgumentException for a key or value beyond {@link StoreLimits#DEFAULT}
     */
    public void put(MapSpec map, byte[] key, byte[] value) {
        Keys.check(LIMITS, key.length, value.length);
        write(map, key, value.clone());
    }

    /** Removes the entry, if there is one. */
    public void remove(MapSpec map, byte[] key) {
        Keys.check(LIMITS, key.length, 0);
        write(map, key, null);
    }

    private void write(MapSpec map, byte[] key, byte @Nullable [] value) {
        NavigableMap<byte[], Entry> ofMap = overlayOf(map);
        Entry entry = ofMap.get(key);
        if (entry != null && entry.journalled >= newestMark) {
            entry.value = value;
            return;
        }
        byte[] ownKey = key.clone();
        ofMap.put(ownKey, new Entry(journal.size(), value));
        journal.add(new Undo(map, ownKey, entry));
    }

    private NavigableMap<byte[], Entry> overlayOf(MapSpec map) {
        return overlay.computeIfAbsent(map, _ -> new TreeMap<>(Keys.ORDER));
    }

    /** Marks the present state, to return to with {@link #rollBack}. */
    public int savepoint() {
        newestMark = journal.size();
        return newestMark;
    }

    /**
     * Undoes every write since the savepoint.
     *
     * @throws IllegalArgumentException if a roll-back to an earlier one has forgotten this savepoint
     */
    public void rollBack(int savepoint) {
        checkSavepoint(savepoint);
        for (int i = journal.size() - 1; i >= savepoint; i--) {
            Undo undo = journal.remove(i);
            NavigableMap<byte[], Entry> ofMap = overlayOf(undo.map());
            if (undo.before() == null) {
                ofMap.remove(undo.key());
            } else {
                ofMap.put(undo.key(), undo.before());
            }
        }
        newestMark = savepoint;
    }

    private void checkSavepoint(int savepoint) {
        if (savepoint < 0 || savepoint > journal.size()) {
            throw new IllegalArgumentException("there is no savepoint " + savepoint);
        }
    }

    /** All writes that stand. */
    public WriteSet writes() {
        return write(overlay);
    }

    /** What stands of the writes made since the savepoint. */
    public WriteSet writesSince(int savepoint) {
        checkSavepoint(savepoint);
        Map<MapSpec, NavigableMap<byte[], Entry>> since = new HashMap<>();
        for (Undo undo : journal.subList(savepoint, journal.size())) {
            Entry entry = overlayOf(undo.map()).get(undo.key());
            if (entry == null) {
                throw new IllegalStateException("a journalled write is not in the overlay");
            }
            since.computeIfAbsent(undo.map(), _ -> new TreeMap<>(Keys.ORDER)).put(undo.key(), entry);
        }
        return write(since);
    }

    private static WriteSet write(Map<MapSpec, NavigableMap<byte[], Entry>> changes) {
        WriteSetWriter writer = new WriteSetWriter();
        List<MapSpec> maps = new ArrayList<>(changes.keySet());
        maps.sort(Comparator.comparing(MapSpec::name));
        for (MapSpec map : maps) {
            NavigableMap<byte[], Entry> ofMap = changes.get(map);
            if (ofMap != null && !ofMap.isEmpty()) {
                writer.beginMap(map, ofMap.size());
                ofMap.forEach((key, entry) -> writer.change(key, WriteSet.Slice.of(entry.value)));
            }
        }
        return writer.finish();
    }

    @Override
    public byte @Nullable [] get(MapSpec map, byte[] key) {
        NavigableMap<byte[], Entry> ofMap = overlay.get(map);
        Entry entry = ofMap == null ? null : ofMap.get(key);
        if (entry == null) {
            return base.get(map, key);
        }
        return entry.value == null ? null : entry.value.clone();
    }

    @Override
    public Cursor scan(MapSpec map, byte[] from, byte @Nullable [] to) {
        return new MergedCursor(overlayOf(map), base.scan(map, from, to), from.clone(), to == null ? null : to.clone());
    }

    @Override
    public Cursor scanPrefix(MapSpec map, byte[] prefix) {
        return scan(map, prefix, Keys.afterPrefix(prefix));
    }

    /** Costs a read of the base for every key written. */
    @Override
    public long size(MapSpec map) {
        long size = base.size(map);
        for (Map.Entry<byte[], Entry> write : overlayOf(map).entrySet()) {
            boolean before = base.get(map, write.getKey()) != null;
            boolean after = write.getValue().value != null;
            size += (after ? 1 : 0) - (before ? 1 : 0);
        }
        return size;
    }

    /** Merges the overlay with the base; finds its place in the overlay anew at each step, so that it may change. */
    private static final class MergedCursor implements Cursor {
        private final NavigableMap<byte[], Entry> writes;
        private final Cursor below;
        private final byte[] from;
        private final byte @Nullable [] to;
        private byte[] place;
        private boolean placeTaken;
        private byte @Nullable [] belowKey;
        private byte @Nullable [] currentKey;
        private byte @Nullable [] currentValue;

        MergedCursor(NavigableMap<byte[], Entry> writes, Cursor below, byte[] from, byte @Nullable [] to) {
            this.writes = writes;
            this.below = below;
            this.from = from;
            this.to = to;
            this.place = from;
            advanceBelow();
        }

        @Override
        public void seek(byte[] key) {
            place = Arrays.compareUnsigned(key, from) < 0 ? from : key.clone();
            placeTaken = false;
            currentKey = null;
            currentValue = null;
            below.seek(place);
            advanceBelow();
        }

        private void advanceBelow() {
            belowKey = below.next() ? below.key() : null;
        }

        @Override
        public boolean next() {
            while (true) {
                Map.Entry<byte[], Entry> write = placeTaken ? writes.higherEntry(place) : writes.ceilingEntry(place);
                if (write != null && to != null && Arrays.compareUnsigned(write.getKey(), to) >= 0) {
                    write = null;
                }
                if (write == null && belowKey == null) {
                    currentKey = null;
                    currentValue = null;
                    return false;
                }
                int order = compare(write, belowKey);
                if (order < 0 && belowKey != null) {
                    arrive(belowKey, below.value());
                    advanceBelow();
                    return true;
                }
                if (write != null && take(write, order == 0)) {
                    return true;
                }
            }
        }

        /** Positive if the write comes first, negative if the base does, 0 if they have the same key. */
        private static int compare(Map.@Nullable Entry<byte[], Entry> write, byte @Nullable [] belowKey) {
            if (write == null) {
                return -1;
            }
            return belowKey == null ? 1 : Arrays.compareUnsigned(belowKey, write.getKey());
        }

        private boolean take(Map.Entry<byte[], Entry> write, boolean alsoBelow) {
            byte[] value = write.getValue().value;
            if (alsoBelow) {
                advanceBelow();
            }
            if (value == null) {
                place = write.getKey();
                placeTaken = true;
                return false;
            }
            arrive(write.getKey(), value);
            return true;
        }

        private void arrive(byte[] key, byte[] value) {
            place = key;
            placeTaken = true;
            currentKey = key;
            currentValue = value;
        }

        @Override
        public byte[] key() {
            if (currentKey == null) {
                throw new IllegalStateException("the cursor is at no entry");
            }
            return currentKey.clone();
        }

        @Override
        public byte[] value() {
            if (currentValue == null) {
                throw new IllegalStateException("the cursor is at no entry");
            }
            return currentValue.clone();
        }
    }
}
