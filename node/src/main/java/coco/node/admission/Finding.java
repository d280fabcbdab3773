package coco.node.admission;

/**
 * One check of a node that wants to take part, and what came of it.
 *
 * @param check its name, a fixed word: the reason of a refusal
 * @param passed whether the value is an allowed one
 * @param seen the value found; never secret, bounded in length
 * @param allowed what would have passed
 */
public record Finding(String check, boolean passed, String seen, String allowed) {
    private static final int WORDS_MAX = 512;

    /** Cuts what is too long. */
    public Finding {
        seen = bounded(seen);
        allowed = bounded(allowed);
    }

    static Finding of(Check check, boolean passed, String seen, String allowed) {
        return new Finding(check.label(), passed, seen, allowed);
    }

    /** For people: which check, what was seen, what is allowed. */
    public String words() {
        return check + ": seen " + seen + ", allowed " + allowed;
    }

    private static String bounded(String text) {
        return text.length() <= WORDS_MAX ? text : text.substring(0, WORDS_MAX) + "…";
    }
}
