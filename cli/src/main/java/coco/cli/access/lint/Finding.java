package coco.cli.access.lint;

/**
 * A place to look at.
 *
 * @param rule by which it was found, a short name
 * @param where function, variable or event; empty for the contract as a whole
 * @param words what is the matter
 */
public record Finding(String rule, String where, String words) {}
