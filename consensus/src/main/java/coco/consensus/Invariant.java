package coco.consensus;

import java.util.function.Supplier;

/** Always-on checks of what must hold whatever peers, hosts and disks do. A failure stops the log. */
public final class Invariant {
    private Invariant() {}

    /** An invariant does not hold: a defect of this program or of what it builds on, never a fault of input. */
    public static final class Broken extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        Broken(String message) {
            super(message);
        }
    }

    /** Throws {@link Broken} unless {@code holds}. */
    public static void check(boolean holds, String message) {
        if (!holds) {
            throw new Broken(message);
        }
    }

    /** As {@link #check(boolean, String)}; the message is made only when needed. */
    public static void check(boolean holds, Supplier<String> message) {
        if (!holds) {
            throw new Broken(message.get());
        }
    }
}
