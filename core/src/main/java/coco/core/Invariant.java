package coco.core;

import org.jspecify.annotations.Nullable;

/**
 * Checks that are always on. A broken invariant means that this node's state may be wrong, so the node stops; input
 * from a client, a network or a disk must never get here.
 */
final class Invariant {
    private Invariant() {}

    static void check(boolean holds, String what) {
        if (!holds) {
            throw new BrokenInvariantException(what);
        }
    }

    static <T> T present(@Nullable T value, String what) {
        if (value == null) {
            throw new BrokenInvariantException(what);
        }
        return value;
    }

    static void check(boolean holds, String what, long seen) {
        if (!holds) {
            throw new BrokenInvariantException(what + ": " + seen);
        }
    }
}
