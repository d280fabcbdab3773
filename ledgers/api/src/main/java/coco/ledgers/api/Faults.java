package coco.ledgers.api;

import java.util.Arrays;

/** Faults as they may be written to a log. */
public final class Faults {
    private static final int CAUSES = 4;
    private static final int FRAMES = 8;

    private Faults() {}

    /** A failure without its text, which may quote what a client sent: kinds and places of it and its causes. */
    public static String withoutText(Throwable failure) {
        StringBuilder out = new StringBuilder();
        Throwable at = failure;
        for (int depth = 0; at != null && depth < CAUSES; depth++) {
            out.append(depth == 0 ? "" : " caused by ").append(at.getClass().getName());
            Arrays.stream(at.getStackTrace())
                    .limit(FRAMES)
                    .forEach(frame -> out.append(" < ").append(frame));
            at = at.getCause();
        }
        return out.toString();
    }
}
