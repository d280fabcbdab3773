package coco.governance.rules;

/**
 * A decision with its reason.
 *
 * @param automatic whether the rule of operators passed it without a vote
 * @param words the rule and the count, for people, for example {@code majority: 2 of 4 accept, 3 needed}
 */
public record Judgement(Decision decision, boolean automatic, String words) {}
