package coco.governance.script;

import coco.governance.rules.Choice;
import coco.governance.rules.Decision;
import coco.governance.rules.ProposalInput;
import coco.governance.rules.ProposalInput.RequestedAction;
import coco.governance.rules.Voter;
import coco.governance.rules.VotingRules;
import java.util.List;
import java.util.Map;

/** The three questions to a consortium's own rules. Any thread. */
public final class RuleModule {
    private final VotingRules.Module module;
    private final ScriptEngineProcess engine;

    /** @param engine closed by whoever made it */
    public RuleModule(VotingRules.Module module, ScriptEngineProcess engine) {
        this.module = module;
        this.engine = engine;
    }

    /** Whether the module accepts the proposal for voting: {@code null} words mean yes. */
    public ScriptOutcome<Validity> validate(ProposalInput proposal) {
        throw new UnsupportedOperationException(module + " " + engine);
    }

    /** Where the vote stands. */
    public ScriptOutcome<Decision> resolve(ProposalInput proposal, List<Voter> members, Map<String, Choice> ballots) {
        throw new UnsupportedOperationException();
    }

    /** What an accepted proposal does: the actions to apply, in order, in place of the proposal's. */
    public ScriptOutcome<List<RequestedAction>> apply(ProposalInput proposal) {
        throw new UnsupportedOperationException();
    }

    /**
     * Whether a change of rules would pass if all of these members accepted it: the invariant of rules that are a
     * program.
     */
    public ScriptOutcome<Boolean> canStillPass(List<Voter> members) {
        throw new UnsupportedOperationException();
    }

    /** @param description why not, or what it is about; at most 300 characters */
    public record Validity(boolean valid, String description) {}
}
