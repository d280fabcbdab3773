package coco.governance.ledger;

import coco.governance.rules.Choice;

/** What happened in a block. Ids of proposals are lower-case hexadecimal. */
public sealed interface GovernanceEvent {
    /** A member has made a proposal: all members are to vote. */
    record Proposed(String proposal, String proposer) implements GovernanceEvent {}

    /** A member has cast a ballot, or changed it. */
    record Voted(String proposal, String member, Choice choice) implements GovernanceEvent {}

    /** A proposal is open no longer. */
    record Decided(String proposal, ProposalState state, String reason) implements GovernanceEvent {}

    /** Another constitution is in force from the next block on. */
    record ConstitutionChanged(String digest) implements GovernanceEvent {}

    /** A node asks to join. */
    record JoinRequested(String node) implements GovernanceEvent {}
}
