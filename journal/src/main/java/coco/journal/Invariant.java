package coco.journal;

/** Always-on checks of what can only be false by a bug of ours; input from outside is never checked by these. */
final class Invariant {
    private Invariant() {}

    static void check(boolean holds, String words) {
        if (!holds) {
            throw new IllegalStateException("broken invariant: " + words);
        }
    }
}
