package coco.governance.rules;

import java.util.SortedSet;

/**
 * An active member.
 *
 * @param id its id in the constitution
 * @param roles names of its roles, for rule modules; {@code operator} is known to ready-made rules
 */
public record Voter(String id, SortedSet<String> roles) {
    /** Name of the role that may use {@link AutoApproval}. */
    public static final String OPERATOR = "operator";
}
