package coco.governance.ledger;

import java.util.Locale;

/** Where a proposal stands. Only an open one can change. */
public enum ProposalState {
    /** Takes ballots. */
    OPEN,
    /** Passed; its actions took effect, or will at the height its record names. */
    ACCEPTED,
    /** Could not pass any more. */
    REJECTED,
    /** Taken back by its proposer. */
    WITHDRAWN,
    /** Passed, but its actions do not hold together, or its rule module failed. Nothing changed. */
    FAILED,
    /** Made under rules, members or roles that are no more. */
    VOIDED,
    /** Not decided in time. */
    EXPIRED;

    /** The word used in documents: lower case. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
