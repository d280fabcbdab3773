package coco.governance.rules;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an operator may do without a vote: admit a node of its own that runs endorsed code.
 *
 * @param nodesPerOperator how many nodes an operator may have at most after an automatic approval, 1 to 64
 */
public record AutoApproval(int nodesPerOperator) {
    /** Most nodes of one operator without a vote. */
    public static final int NODES_MAX = 64;

    /** The one action that can be approved automatically. */
    static final String ACTION = "admit_node";

    /** @throws IllegalArgumentException unless the number is in its range */
    public AutoApproval {
        if (nodesPerOperator < 1 || nodesPerOperator > NODES_MAX) {
            throw new IllegalArgumentException("nodes are 1 to " + NODES_MAX + ", not " + nodesPerOperator);
        }
    }

    /** Whether the rule is about this proposal at all: it admits one node and does nothing else. */
    static boolean concerns(ProposalInput proposal) {
        return proposal.actions().size() == 1
                && proposal.actions().getFirst().name().equals(ACTION);
    }

    /** Why the proposal needs a vote; null if it needs none. */
    @Nullable
    String objection(ProposalInput proposal, List<Voter> members) {
        boolean operator = members.stream()
                .anyMatch(member -> member.id().equals(proposal.proposer())
                        && member.roles().contains(Voter.OPERATOR));
        if (!operator) {
            return "the proposer is no operator";
        }
        AdmissionFacts facts = proposal.admission();
        if (facts == null) {
            return "nothing is known about the node";
        }
        if (!facts.owner().equals(proposal.proposer())) {
            return "the node belongs to another than the proposer";
        }
        if (!facts.codeEndorsed()) {
            return "the node's code is not endorsed";
        }
        if (facts.nodesOfOwner() >= nodesPerOperator) {
            return "its owner has " + facts.nodesOfOwner() + " nodes, " + nodesPerOperator + " need no vote";
        }
        return majorityOf(facts)
                ? "its owner would own more than half of the nodes that vote on the order of blocks"
                : null;
    }

    private static boolean majorityOf(AdmissionFacts facts) {
        long owned = facts.votersByOwner().getOrDefault(facts.owner(), 0) + 1L;
        long all = 1;
        for (int voters : facts.votersByOwner().values()) {
            all += voters;
        }
        return 2 * owned > all;
    }
}
