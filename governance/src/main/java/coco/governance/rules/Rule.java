package coco.governance.rules;

import java.util.SortedSet;

/** A ready-made rule: how many of the active members, or which, have to accept. */
public sealed interface Rule {
    /** Every active member. */
    record Unanimous() implements Rule {}

    /** More than half of the active members. */
    record Majority() implements Rule {}

    /**
     * So many of the active members (M of N).
     *
     * @param votes M, at least 1
     */
    record Threshold(int votes) implements Rule {}

    /** Any one active member. */
    record One() implements Rule {}

    /**
     * Named members can stop what {@code then} would accept. A right to object needs the time to use it, so the vote
     * stays open until each of them that is active has cast a ballot.
     *
     * @param members ids; who is not an active member does not count
     * @param then the rule that has to hold besides; not a veto itself
     */
    record Veto(SortedSet<String> members, Rule then) implements Rule {}
}
