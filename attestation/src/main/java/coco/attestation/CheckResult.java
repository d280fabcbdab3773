package coco.attestation;

/**
 * One check a verifier made, or could not make.
 *
 * @param seen the value found, or, where the check was not made, what is missing; never secret, bounded in length
 * @param allowed what would have passed; empty where the check was not made
 */
public record CheckResult(Verdict.Check check, Outcome outcome, String seen, String allowed) {
    /** How a check ended. */
    public enum Outcome {
        /** The value is an allowed one. */
        PASSED("passed"),
        /** The value is not an allowed one. */
        FAILED("failed"),
        /** Something needed for it is missing. */
        NOT_CHECKED("not_checked");

        private final String label;

        Outcome(String label) {
            this.label = label;
        }

        /** Returns the word for output. */
        public String label() {
            return label;
        }
    }

    /** Cuts what is too long. */
    public CheckResult {
        seen = bounded(seen);
        allowed = bounded(allowed);
    }

    private static String bounded(String text) {
        int max = AttestationLimits.DEFAULT.wordsCharactersMax();
        return text.length() <= max ? text : text.substring(0, max) + "…";
    }
}
