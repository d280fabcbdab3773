package coco.kv;

import org.jspecify.annotations.Nullable;

/** The next version, being written by the one writer thread. */
@SuppressWarnings("DoNotCallSuggester")
public final class Draft implements DigestReader {
    Draft() {}

    public void put(MapSpec map, byte[] key, byte[] value) {
        throw new UnsupportedOperationException();
    }

    public void remove(MapSpec map, byte[] key) {
        throw new UnsupportedOperationException();
    }

    public void apply(WriteSet writes) {
        throw new UnsupportedOperationException();
    }

    /** Makes this the head. The version returned carries one lease for the caller, to be closed. */
    public Version seal() {
        throw new UnsupportedOperationException();
    }

    public void discard() {
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

    @Override
    public byte[] digest(MapSpec map) {
        throw new UnsupportedOperationException();
    }

    @Override
    public byte[] digest(MapSpec map, byte[] prefix) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void walk(MapSpec map, byte[] prefix, byte[] key, NodeVisitor visitor) {
        throw new UnsupportedOperationException();
    }
}
