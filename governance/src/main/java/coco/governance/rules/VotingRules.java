package coco.governance.rules;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
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
        /** Copies the map. */
        public ReadyMade {
            perAction = Collections.unmodifiableSortedMap(new TreeMap<>(perAction));
        }

        /**
         * Judges a proposal. The proposer has no ballot but the one it casts.
         *
         * @param members who may vote now, distinct
         * @param ballots member id to choice; those of others than {@code members} do not count
         */
        public Judgement decide(ProposalInput proposal, List<Voter> members, Map<String, Choice> ballots) {
            String objection = null;
            if (autoApprove != null && AutoApproval.concerns(proposal)) {
                objection = autoApprove.objection(proposal, members);
                if (objection == null) {
                    String words = "operator " + proposal.proposer() + " admits a node of its own";
                    return new Judgement(Decision.ACCEPTED, true, words);
                }
            }
            Set<String> ids = new LinkedHashSet<>();
            members.forEach(member -> ids.add(member.id()));
            Judgement judgement = strictest(proposal, Tally.of(ids, ballots));
            return objection == null
                    ? judgement
                    : new Judgement(judgement.decision(), false, judgement.words() + "; not automatic: " + objection);
        }

        /** Every action's rule has to hold: one that rejects decides, then one that is open. */
        private Judgement strictest(ProposalInput proposal, Tally tally) {
            Set<Rule> rules = new LinkedHashSet<>();
            proposal.actions().forEach(action -> rules.add(perAction.getOrDefault(action.name(), byDefault)));
            Judgement strictest = new Judgement(Decision.REJECTED, false, "a proposal without actions");
            boolean first = true;
            for (Rule rule : rules) {
                Judgement judgement = tally.judge(rule);
                boolean stricter = judgement.decision() == Decision.REJECTED
                        || (judgement.decision() == Decision.OPEN && strictest.decision() == Decision.ACCEPTED);
                if (first || (stricter && strictest.decision() != Decision.REJECTED)) {
                    strictest = judgement;
                }
                first = false;
            }
            return strictest;
        }

        /**
         * Whether for every action some set of these members can pass a proposal, without automatic approval. Each rule
         * counts, not only that of {@code set_rules}: an action that nobody can ever pass is a mistake.
         */
        public boolean canStillPass(Set<String> members) {
            Map<String, Choice> all = new TreeMap<>();
            members.forEach(member -> all.put(member, Choice.ACCEPT));
            Tally tally = Tally.of(members, all);
            return tally.judge(byDefault).decision() == Decision.ACCEPTED
                    && perAction.values().stream()
                            .allMatch(rule -> tally.judge(rule).decision() == Decision.ACCEPTED);
        }
    }

    /**
     * A consortium's own rules in JavaScript; judged by {@code coco.governance.script.RuleModule}.
     *
     * @param source an ECMAScript module that exports {@code validate}, {@code resolve} and {@code apply}
     */
    record Module(String source) implements VotingRules {
        /** Longest source, in characters: a page of rules is ten thousand. */
        public static final int SOURCE_CHARACTERS_MAX = 256 * 1024;

        /** @throws IllegalArgumentException if the source is empty or too long */
        public Module {
            if (source.isBlank() || source.length() > SOURCE_CHARACTERS_MAX) {
                throw new IllegalArgumentException("a module has 1 to " + SOURCE_CHARACTERS_MAX + " characters");
            }
        }
    }

    /**
     * Reads the section.
     *
     * @throws RulesException with the path within the section, for example {@code actions.set_rules.threshold}
     */
    static VotingRules fromJson(JsonNode section) {
        return RulesDocument.read(section);
    }

    /** The section; {@link #fromJson} of it gives an equal object. */
    default JsonNode toJson() {
        return RulesDocument.write(this);
    }
}
