package coco.kv;

/** Checks that are always on. A failure is a bug in this package or a broken contract of its caller. */
final class Invariant {
    private Invariant() {}

    static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }
}
