package coco.governance.rules;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

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
    record Threshold(int votes) implements Rule {
        /** Most votes a rule may ask for: more members than a consortium has. */
        public static final int VOTES_MAX = 1_000;

        /** @throws IllegalArgumentException unless M is in its range */
        public Threshold {
            if (votes < 1 || votes > VOTES_MAX) {
                throw new IllegalArgumentException("votes are 1 to " + VOTES_MAX + ", not " + votes);
            }
        }
    }

    /** Any one active member. */
    record One() implements Rule {}

    /**
     * Named members can stop what {@code then} would accept. A right to object needs the time to use it, so the vote
     * stays open until each of them that is active has cast a ballot.
     *
     * @param members ids, at least one; who is not an active member does not count
     * @param then the rule that has to hold besides; not a veto itself
     */
    record Veto(SortedSet<String> members, Rule then) implements Rule {
        /** @throws IllegalArgumentException if nobody is named, or {@code then} is a veto */
        public Veto {
            members = Collections.unmodifiableSortedSet(new TreeSet<>(members));
            if (members.isEmpty() || then instanceof Veto) {
                throw new IllegalArgumentException("a veto needs members, and a rule besides that is no veto");
            }
        }
    }
}
