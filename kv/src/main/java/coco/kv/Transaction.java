package coco.kv;

import org.jspecify.annotations.Nullable;

/** Uncommitted writes over a reader. */
@SuppressWarnings("DoNotCallSuggester")
public final class Transaction implements Reader {
    public Transaction(Reader base) {}

    public void put(MapSpec map, byte[] key, byte[] value) {
        throw new UnsupportedOperationException();
    }

    public void remove(MapSpec map, byte[] key) {
        throw new UnsupportedOperationException();
    }

    public int savepoint() {
        throw new UnsupportedOperationException();
    }

    public void rollBack(int savepoint) {
        throw new UnsupportedOperationException();
    }

    public WriteSet writes() {
        throw new UnsupportedOperationException();
    }

    public WriteSet writesSince(int savepoint) {
        throw new UnsupportedOperationException();
    }

    @Override
    public byte @Nullable [] get(MapSpec map, byte[] key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Cursor scan(MapSpec map, byte[] from, byte @Nullable [] to) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Cursor scanPrefix(MapSpec map, byte[] prefix) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long size(MapSpec map) {
        throw new UnsupportedOperationException();
    }
}
