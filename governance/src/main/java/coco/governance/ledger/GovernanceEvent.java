package coco.governance.ledger;

import coco.governance.document.DocumentException;
import coco.governance.document.Documents;
import coco.governance.document.Fields;
import coco.governance.rules.Choice;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/** What happened in a block. Ids of proposals and messages are lower-case hexadecimal. */
public sealed interface GovernanceEvent {
    /** A member has made a proposal: all members are to vote. */
    record Proposed(String proposal, String proposer) implements GovernanceEvent {}

    /** A member has cast a ballot, or changed it. */
    record Voted(String proposal, String member, Choice choice) implements GovernanceEvent {}

    /** A member has taken its ballot back. */
    record BallotWithdrawn(String proposal, String member) implements GovernanceEvent {}

    /** A proposal is open no longer, or one that waited for its notice took effect. */
    record Decided(String proposal, ProposalState state, String reason) implements GovernanceEvent {}

    /** Another constitution is in force from the next block on. */
    record ConstitutionChanged(String digest) implements GovernanceEvent {}

    /** A ledger is to change its state, in its own bytes (hexadecimal). */
    record Compensated(String proposal, String ledger, String change, String reason) implements GovernanceEvent {}

    /** A majority of nodes was lost, and members had the service go on with this node, under a new key. */
    record Recovered(String recovery, String node, int generation) implements GovernanceEvent {}

    /** A node asks to join. */
    record JoinRequested(String node) implements GovernanceEvent {}

    /** As outcomes in the history hold it. */
    default ObjectNode toJson() {
        ObjectNode json = Documents.object();
        return switch (this) {
            case Proposed(String proposal, String proposer) ->
                json.put("event", "proposed").put("proposal", proposal).put("proposer", proposer);
            case Voted(String proposal, String member, Choice choice) ->
                json.put("event", "voted")
                        .put("proposal", proposal)
                        .put("member", member)
                        .put("choice", choice.name().toLowerCase(Locale.ROOT));
            case BallotWithdrawn(String proposal, String member) ->
                json.put("event", "ballot-withdrawn").put("proposal", proposal).put("member", member);
            case Decided(String proposal, ProposalState state, String reason) ->
                json.put("event", "decided")
                        .put("proposal", proposal)
                        .put("state", state.word())
                        .put("reason", reason);
            case ConstitutionChanged(String digest) ->
                json.put("event", "constitution-changed").put("constitution", digest);
            case Compensated(String proposal, String ledger, String change, String reason) ->
                json.put("event", "compensated")
                        .put("proposal", proposal)
                        .put("ledger", ledger)
                        .put("change", change)
                        .put("reason", reason);
            case Recovered(String recovery, String node, int generation) ->
                json.put("event", "recovered")
                        .put("recovery", recovery)
                        .put("node", node)
                        .put("generation", generation);
            case JoinRequested(String node) ->
                json.put("event", "join-requested").put("node", node);
        };
    }

    /**
     * Reads {@link #toJson}'s object.
     *
     * @throws DocumentException if it is none
     */
    static GovernanceEvent read(Fields f) {
        return switch (f.text("event")) {
            case "proposed" -> new Proposed(f.text("proposal"), f.text("proposer"));
            case "voted" ->
                new Voted(
                        f.text("proposal"),
                        f.text("member"),
                        f.word("choice", List.of(Choice.values()), c -> c.name().toLowerCase(Locale.ROOT)));
            case "ballot-withdrawn" -> new BallotWithdrawn(f.text("proposal"), f.text("member"));
            case "decided" ->
                new Decided(
                        f.text("proposal"),
                        f.word("state", List.of(ProposalState.values()), ProposalState::word),
                        f.text("reason"));
            case "constitution-changed" -> new ConstitutionChanged(f.text("constitution"));
            case "compensated" ->
                new Compensated(f.text("proposal"), f.text("ledger"), f.text("change"), f.text("reason"));
            case "recovered" -> new Recovered(f.text("recovery"), f.text("node"), f.integer("generation"));
            case "join-requested" -> new JoinRequested(f.text("node"));
            default -> throw new DocumentException(f.at("event"), "no such event");
        };
    }

    /** The events of one entry of the history. */
    static List<GovernanceEvent> of(History.Entry entry) {
        Fields outcome = new Fields(entry.outcome(), "");
        return outcome.list("events", GovernanceEvent::read);
    }
}
