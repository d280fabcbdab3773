package coco.kv;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Changes to maps: values put and keys removed, per map in key order. Immutable; its bytes are canonical. */
@SuppressWarnings("DoNotCallSuggester")
public final class WriteSet {
    private WriteSet() {}

    public static WriteSet empty() {
        throw new UnsupportedOperationException();
    }

    public byte[] serialise() {
        throw new UnsupportedOperationException();
    }

    public static WriteSet parse(byte[] bytes, List<MapSpec> maps) throws MalformedWriteSetException {
        throw new UnsupportedOperationException();
    }

    /** What takes a reader that has these writes back to {@code before}. */
    public WriteSet invert(Reader before) {
        throw new UnsupportedOperationException();
    }

    public WriteSet only(Visibility visibility) {
        throw new UnsupportedOperationException();
    }

    /** All of them, as one; where they touch the same key the later one wins. */
    public static WriteSet merge(List<WriteSet> sets) {
        throw new UnsupportedOperationException();
    }

    public boolean isEmpty() {
        throw new UnsupportedOperationException();
    }

    /** Number of changes. */
    public int size() {
        throw new UnsupportedOperationException();
    }

    public int sizeBytes() {
        throw new UnsupportedOperationException();
    }

    /** Maps that are changed, in order of their names. */
    public List<MapSpec> maps() {
        throw new UnsupportedOperationException();
    }

    /** Shows every change, by map name and then by key. */
    public void forEach(Visitor visitor) {
        throw new UnsupportedOperationException();
    }

    /** Sees one change; the arrays are the visitor's own. A null value is a removal. */
    @FunctionalInterface
    public interface Visitor {
        void visit(MapSpec map, byte[] key, byte @Nullable [] value);
    }
}
