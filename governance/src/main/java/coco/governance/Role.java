package coco.governance;

import coco.governance.rules.VotingRules;
import java.util.Locale;

/** What a member may do beyond proposing and voting. */
public enum Role {
    /** May add nodes of its own within the rule of automatic approval; see {@link VotingRules}. */
    OPERATOR;

    /** The word used in documents: lower case. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
