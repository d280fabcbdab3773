package coco.kv;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The next version, being written by the one writer thread, which alone may read it. Ends with {@link #seal} or
 * {@link #discard}; afterwards everything throws {@link IllegalStateException}.
 */
public final class Draft extends Roots {
    private final Store store;
    private final StoreLimits limits;
    private final Editor editor;
    private final long number;
    private long changes;
    private boolean open = true;

    Draft(Store store, StoreLimits limits, Editor editor, long number, Version base) {
        super(base.arena, base.maps, base.roots.clone(), base.sizes.clone(), copy(base.digests));
        this.store = store;
        this.limits = limits;
        this.editor = editor;
        this.number = number;
        editor.begin(number);
    }

    private static AtomicReferenceArray<byte @Nullable []> copy(AtomicReferenceArray<byte @Nullable []> digests) {
        AtomicReferenceArray<byte @Nullable []> copy = new AtomicReferenceArray<>(digests.length());
        for (int i = 0; i < digests.length(); i++) {
            copy.setPlain(i, digests.get(i));
        }
        return copy;
    }

    /**
     * Puts the value. Putting what is there already changes nothing.
     *
     * @throws IllegalArgumentException for a key or value beyond {@link StoreLimits}
     * @throws StoreFullException if there is no room; nothing is changed then
     */
    public void put(MapSpec map, byte[] key, byte[] value) {
        put(maps.index(map), key, key.length, value, 0, value.length);
    }

    /** Removes the entry, if there is one. Throws as {@link #put} does: a removal needs room for changed nodes. */
    public void remove(MapSpec map, byte[] key) {
        remove(maps.index(map), key, key.length);
    }

    /** Makes all changes of the write set; as {@link #put} and {@link #remove} do. */
    public void apply(WriteSet writes) {
        checkReadable();
        WriteSet.Changes changesToMake = writes.changes();
        while (changesToMake.nextMap()) {
            int index = maps.index(changesToMake.map());
            while (changesToMake.next()) {
                if (changesToMake.isRemoval()) {
                    remove(index, changesToMake.keyBuffer(), changesToMake.keyLength());
                } else {
                    put(
                            index,
                            changesToMake.keyBuffer(),
                            changesToMake.keyLength(),
                            changesToMake.valueBuffer(),
                            changesToMake.valueOffset(),
                            changesToMake.valueLength());
                }
            }
        }
    }

    /**
     * Fills an empty map with what another store exported; see {@link MapImport}.
     *
     * @throws IllegalStateException if the map is not empty
     */
    public MapImport importing(MapSpec map) {
        checkReadable();
        int index = maps.index(map);
        Invariant.check(roots[index] == Arena.NONE, "only an empty map is filled by an import");
        return new MapImport(this, editor, limits, index, maps.hasDigest(index));
    }

    /** All nodes of the map are in place. */
    void imported(int index, long entries) {
        checkReadable();
        changes++;
        sizes[index] = entries;
        digests.setPlain(index, null);
    }

    private void put(int index, byte[] key, int keyLength, byte[] value, int valueOffset, int valueLength) {
        checkReadable();
        Keys.check(limits, keyLength, valueLength);
        arena.ensureRoom(1 + Node.valueWords(valueLength));
        boolean withDigests = maps.hasDigest(index);
        roots[index] = editor.put(roots[index], withDigests, key, keyLength, value, valueOffset, valueLength);
        changed(index);
    }

    private void remove(int index, byte[] key, int keyLength) {
        checkReadable();
        Keys.check(limits, keyLength, 0);
        arena.ensureRoom(0);
        roots[index] = editor.remove(roots[index], key, keyLength);
        changed(index);
    }

    private void changed(int index) {
        if (editor.changed()) {
            changes++;
            sizes[index] += editor.sizeChange();
            digests.setPlain(index, null);
        }
    }

    /** Makes this the head. The version returned carries one lease for the caller, to be closed. */
    public Version seal() {
        checkReadable();
        open = false;
        Version version = new Version(arena, maps, number, roots, sizes, digests, editor.superseded());
        store.sealed(version);
        return version;
    }

    /** Drops all that was written; the base stays the head. */
    public void discard() {
        checkReadable();
        open = false;
        store.discarded(this);
    }

    @Override
    void checkReadable() {
        Invariant.check(open, "the draft is sealed or discarded");
    }

    @Override
    long changes() {
        return changes;
    }
}
