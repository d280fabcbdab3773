package coco.journal;

import java.util.List;

/**
 * How a receipt, or another proof, was found: each check that was made, in order. A check that stands on one that
 * failed is still made.
 *
 * @param checks at least one
 */
public record ReceiptVerdict(List<Outcome> checks) {
    /** What is checked. */
    public enum Check {
        /** The generations of the service identity: each endorsed by the one before, the pinned one among them. */
        IDENTITIES("service identities"),
        /** The generation that the header names speaks for the sealer at its height. */
        SEALER("sealer"),
        /** The sealer signed the header. */
        SIGNATURE("signature"),
        /** The nonce is the one that the header commits to. */
        EVIDENCE("commit evidence"),
        /** The leaf is in the block. */
        LEAF("leaf"),
        /** The header is of the newest generation, or in a log of it. */
        GENERATION("generation"),
        /** The earlier log is the beginning of the later one. */
        CONSISTENCY("consistency"),
        /** The transaction, or what it claims, is the expected one. */
        EXPECTED("expected");

        private final String words;

        Check(String words) {
            this.words = words;
        }

        /** For people. */
        public String words() {
            return words;
        }
    }

    /**
     * How one check went.
     *
     * @param check what was checked
     * @param passed whether it holds
     * @param words what was seen
     */
    public record Outcome(Check check, boolean passed, String words) {}

    public ReceiptVerdict {
        checks = List.copyOf(checks);
        Invariant.check(!checks.isEmpty(), "a verdict without a check");
    }

    /** Whether every check passed. */
    public boolean valid() {
        return checks.stream().allMatch(Outcome::passed);
    }
}
