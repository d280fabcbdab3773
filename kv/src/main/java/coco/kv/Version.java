package coco.kv;

import org.jspecify.annotations.Nullable;

/** An immutable state of all maps. */
@SuppressWarnings("DoNotCallSuggester")
public final class Version implements DigestReader, AutoCloseable {
    Version() {}

    /** Takes one more lease, from any thread; {@link IllegalStateException} if none is held. Returns this version. */
    public Version lease() {
        throw new UnsupportedOperationException();
    }

    /** As {@link #lease} but null if no lease is held any more. */
    public @Nullable Version tryLease() {
        throw new UnsupportedOperationException();
    }

    /** Gives one lease back. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }

    /** Grows with every version made; numbers of dropped versions are not used again. */
    public long number() {
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
