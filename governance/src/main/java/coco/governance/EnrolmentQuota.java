package coco.governance;

/**
 * How many addresses an actor may enrol as its users.
 *
 * @param actor the member or participant
 * @param addresses most addresses at a time
 */
public record EnrolmentQuota(String actor, int addresses) {}
