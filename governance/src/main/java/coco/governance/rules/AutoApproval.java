package coco.governance.rules;

/**
 * What an operator may do without a vote: admit a node of its own that runs endorsed code.
 *
 * @param nodesPerOperator how many nodes an operator may have at most after an automatic approval, 1 to 64
 */
public record AutoApproval(int nodesPerOperator) {}
