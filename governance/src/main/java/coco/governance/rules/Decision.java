package coco.governance.rules;

/** Where a vote stands. */
public enum Decision {
    /** More ballots may decide either way. */
    OPEN,
    /** Passed. */
    ACCEPTED,
    /** Can no longer pass. */
    REJECTED
}
