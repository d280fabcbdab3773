package coco.governance.rules;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The rules of a constitution: its section {@code rules}. */
public sealed interface VotingRules {
    /**
     * Ready-made rules.
     *
     * @param byDefault for actions that have none of their own
     * @param perAction action name to rule
     * @param autoApprove what operators may do without a vote; null: nothing
     */
    record ReadyMade(
            Rule byDefault,
            SortedMap<String, Rule> perAction,
            @Nullable AutoApproval autoApprove) implements VotingRules {
        /**
         * Judges a proposal.
         *
         * @param ballots member id to choice; those of others than {@code members} do not count
         */
        public Judgement decide(ProposalInput proposal, List<Voter> members, Map<String, Choice> ballots) {
            throw new UnsupportedOperationException();
        }

        /** Whether for every action some set of these members can pass a proposal, without automatic approval. */
        public boolean canStillPass(Set<String> members) {
            throw new UnsupportedOperationException();
        }
    }

    /**
     * A consortium's own rules in JavaScript; judged by {@code coco.governance.script.RuleModule}.
     *
     * @param source an ECMAScript module that exports {@code validate}, {@code resolve} and {@code apply}
     */
    record Module(String source) implements VotingRules {}

    /**
     * Reads the section.
     *
     * @throws RulesException with the path within the section, for example {@code perAction.set_rules.votes}
     */
    static VotingRules fromJson(JsonNode section) {
        throw new RulesException("", "");
    }

    /** The section; {@link #fromJson} of it gives an equal object. */
    default JsonNode toJson() {
        throw new UnsupportedOperationException();
    }
}
