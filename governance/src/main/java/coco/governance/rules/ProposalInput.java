package coco.governance.rules;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What rules see of a proposal.
 *
 * @param id hexadecimal id, for rule modules
 * @param proposer id of the member that proposed
 * @param actions in order, at least one
 * @param admission facts about the node, where the proposal is one {@code admit_node} and nothing else; null otherwise,
 *     and where they are not known: nothing is approved automatically then
 */
public record ProposalInput(
        String id,
        String proposer,
        List<RequestedAction> actions,
        @Nullable AdmissionFacts admission) {
    /** Copies the list. */
    public ProposalInput {
        actions = List.copyOf(actions);
    }

    /**
     * One action.
     *
     * @param name in snake_case
     * @param arguments its JSON object; not changed by anybody
     */
    public record RequestedAction(String name, JsonNode arguments) {}
}
