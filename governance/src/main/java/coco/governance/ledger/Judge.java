package coco.governance.ledger;

import coco.governance.Action;
import coco.governance.CodeEntry;
import coco.governance.Constitution;
import coco.governance.Constitution.Application;
import coco.governance.Constitution.Situation;
import coco.governance.Member;
import coco.governance.NodeEntry;
import coco.governance.RaftNodes;
import coco.governance.Role;
import coco.governance.cose.CoseSign1;
import coco.governance.document.CanonicalJson;
import coco.governance.document.DocumentException;
import coco.governance.document.Documents;
import coco.governance.document.Fields;
import coco.governance.rules.AdmissionFacts;
import coco.governance.rules.Choice;
import coco.governance.rules.Decision;
import coco.governance.rules.Judgement;
import coco.governance.rules.ProposalInput;
import coco.governance.rules.Voter;
import coco.governance.rules.VotingRules;
import coco.governance.script.RuleModule;
import coco.governance.script.ScriptOutcome;
import coco.kv.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Asks the rules in force, be they data or a program, and tries what a proposal would do. Writes nothing. */
final class Judge {
    private final Constitution constitution;
    private final Reader state;
    private final Outside outside;
    private final Situation situation;
    private final Set<String> ledgers;

    Judge(Constitution constitution, Reader state, Outside outside, Situation situation, Set<String> ledgers) {
        this.constitution = constitution;
        this.state = state;
        this.outside = outside;
        this.situation = situation;
        this.ledgers = ledgers;
    }

    /** Where a vote stands. */
    sealed interface Verdict permits StillOpen, Rejected, Failed, Accepted {}

    /** More ballots may decide. */
    record StillOpen(String words) implements Verdict {}

    /** It can no longer pass. */
    record Rejected(String words) implements Verdict {}

    /** The rule module gave nothing that could be used. */
    record Failed(String words) implements Verdict {}

    /**
     * It passed.
     *
     * @param actions what it does; a rule module may have put others in place of the proposal's
     */
    record Accepted(List<Action> actions, String words) implements Verdict {
        Accepted {
            actions = List.copyOf(actions);
        }
    }

    /** Why a proposal is not even worth a vote; null if it is. */
    @Nullable
    String problem(Proposals.Proposal proposal) {
        for (Action action : proposal.actions()) {
            if (action instanceof Action.Compensate(String ledger, String change, String reason)
                    && !ledgers.contains(ledger)) {
                return "this service has no ledger " + ledger;
            }
        }
        // Consensus may be ready for it by the time it is decided; everything else is as it will be.
        Situation ideal = new Situation(situation.height(), situation.timestampSeconds(), RaftNodes.listed(List.of()));
        if (constitution.apply(proposal.actions(), ideal) instanceof Application.Failed(String reason)) {
            return reason;
        }
        return constitution.rules() instanceof VotingRules.Module module
                ? switch (module(module).validate(input(proposal))) {
                    case ScriptOutcome.Done<RuleModule.Validity>(RuleModule.Validity validity) ->
                        validity.valid() ? null : "the rule module says: " + validity.description();
                    case ScriptOutcome.Failed<RuleModule.Validity> failed -> failure(failed);
                }
                : null;
    }

    /** Judges by the ballots of who is a member now. */
    Verdict decide(Proposals.Proposal proposal) {
        Map<String, Choice> ballots = Proceedings.choices(proposal);
        return switch (constitution.rules()) {
            case VotingRules.ReadyMade rules -> {
                Judgement judgement = rules.decide(input(proposal), voters(constitution), ballots);
                yield verdict(judgement.decision(), proposal.actions(), judgement.words());
            }
            case VotingRules.Module module -> decide(module(module), proposal, ballots);
        };
    }

    private Verdict decide(RuleModule module, Proposals.Proposal proposal, Map<String, Choice> ballots) {
        return switch (module.resolve(input(proposal), voters(constitution), ballots)) {
            case ScriptOutcome.Failed<Decision> failed -> new Failed(failure(failed));
            case ScriptOutcome.Done<Decision>(Decision decision) ->
                decision == Decision.ACCEPTED
                        ? actions(module, proposal)
                        : verdict(decision, proposal.actions(), "the rule module has decided");
        };
    }

    private Verdict actions(RuleModule module, Proposals.Proposal proposal) {
        return switch (module.apply(input(proposal))) {
            case ScriptOutcome.Failed<List<ProposalInput.RequestedAction>> failed -> new Failed(failure(failed));
            case ScriptOutcome.Done<List<ProposalInput.RequestedAction>>(var requested) -> {
                try {
                    List<Action> actions = new ArrayList<>();
                    long bytes = 0;
                    for (ProposalInput.RequestedAction each : requested) {
                        var json = Documents.object().put("name", each.name());
                        json.set("arguments", each.arguments());
                        bytes += CanonicalJson.write(json, "").length();
                        Fields fields = new Fields(json, "");
                        actions.add(Action.read(fields));
                        fields.finish();
                    }
                    yield bytes <= CoseSign1.PAYLOAD_BYTES_MAX
                            ? new Accepted(actions, "the rule module has decided")
                            : new Failed(
                                    "the rule module gave more than a proposal may ask for: " + bytes + " characters");
                } catch (DocumentException malformed) {
                    yield new Failed("the rule module gave no actions: " + malformed.getMessage());
                }
            }
        };
    }

    private static Verdict verdict(Decision decision, List<Action> actions, String words) {
        return switch (decision) {
            case OPEN -> new StillOpen(words);
            case REJECTED -> new Rejected(words);
            case ACCEPTED -> new Accepted(actions, words);
        };
    }

    /** What actions make of the constitution; a program of rules is asked whether it would still let anything pass. */
    Application apply(List<Action> actions) {
        Application application = constitution.apply(actions, situation);
        if (application instanceof Application.Applied(Constitution after, var consequences)
                && consequences.voids()
                && after.rules() instanceof VotingRules.Module module) {
            return switch (module(module).canStillPass(voters(after))) {
                case ScriptOutcome.Done<Boolean>(Boolean passes) ->
                    passes
                            ? application
                            : new Application.Failed("rules: no set of these members could pass a proposal any more");
                case ScriptOutcome.Failed<Boolean> failed -> new Application.Failed(failure(failed));
            };
        }
        return application;
    }

    private RuleModule module(VotingRules.Module module) {
        return new RuleModule(module, outside.scripts());
    }

    private static String failure(ScriptOutcome.Failed<?> failed) {
        return "the rule module failed (" + failed.reason() + "): " + failed.words();
    }

    private ProposalInput input(Proposals.Proposal proposal) {
        return new ProposalInput(
                proposal.id(),
                proposal.proposer(),
                proposal.actions().stream()
                        .map(action -> new ProposalInput.RequestedAction(action.name(), action.arguments()))
                        .toList(),
                proposal.actions().size() == 1
                                && proposal.actions().getFirst() instanceof Action.AdmitNode(NodeEntry node)
                        ? facts(node)
                        : null);
    }

    private static List<Voter> voters(Constitution constitution) {
        return constitution.members().stream()
                .map(member -> new Voter(member.id(), roles(member)))
                .toList();
    }

    private static SortedSet<String> roles(Member member) {
        return member.roles().stream().map(Role::word).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Known of a node that has knocked with this very entry; what it says of itself counts for nothing. */
    private @Nullable AdmissionFacts facts(NodeEntry node) {
        JoinRequest request = JoinRequest.find(state, node);
        if (node.owner() == null || request == null || !request.node().equals(node)) {
            return null;
        }
        CodeEntry code = constitution.code(request.platform(), request.measurement());
        Set<String> raft = outside.raftNodes().ids();
        SortedMap<String, Integer> voters = new TreeMap<>();
        for (NodeEntry listed : constitution.nodes().nodes()) {
            // The owner's nodes count before they vote on blocks: two admitted at once are one too many.
            if (listed.owner() != null
                    && (raft.contains(listed.id()) || listed.owner().equals(node.owner()))) {
                voters.merge(listed.owner(), 1, Integer::sum);
            }
        }
        return new AdmissionFacts(
                request.evidenceVerified()
                        && code != null
                        && constitution.admitsNewcomer(request.platform(), request.measurement()),
                node.owner(),
                (int) constitution.nodes().nodes().stream()
                        .filter(listed -> node.owner().equals(listed.owner()))
                        .count(),
                voters);
    }
}
