package coco.governance.ledger;

import coco.governance.Action;
import coco.governance.Constitution;
import coco.governance.Constitution.Situation;
import coco.governance.GovernanceMaps;
import coco.governance.document.CanonicalJson;
import coco.governance.document.DocumentException;
import coco.governance.document.Documents;
import coco.governance.rules.Choice;
import coco.kv.Transaction;
import coco.ledgers.api.Rejection;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Judges one transaction of the administrative ledger and writes what follows from it. The same code runs on the leader
 * and wherever a journal is judged again; all that differs is where {@link Outside} answers from.
 */
final class Proceedings {
    private final Service service;
    private final Transaction state;
    private final Outside outside;
    private final long height;
    private final long timestampSeconds;
    private final Constitution constitution;
    private final Totals totals;
    private final Docket docket;
    private final List<GovernanceEvent> events = new ArrayList<>();
    private String actor = "";
    private boolean amended;

    /**
     * What never changes.
     *
     * @param id 32 bytes
     * @param ledgers ids of the service's ledgers
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Service(byte[] id, Set<String> ledgers) {
        Service {
            ledgers = Set.copyOf(ledgers);
        }
    }

    /** What became of a transaction. */
    sealed interface Ruling {
        /**
         * It stands, and everything is written.
         *
         * @param amended whether another constitution is in force from the next block on
         */
        record Recorded(boolean amended) implements Ruling {}

        /** Nothing of it stands; whoever calls rolls the state back. */
        record Refused(Rejection reason) implements Ruling {}
    }

    /**
     * Before one transaction.
     *
     * @param constitution the one that {@code state} holds
     */
    Proceedings(
            Service service,
            Constitution constitution,
            Transaction state,
            Outside outside,
            long height,
            long timestampSeconds) {
        this.service = service;
        this.constitution = constitution;
        this.state = state;
        this.outside = outside;
        this.height = height;
        this.timestampSeconds = timestampSeconds;
        this.totals = new Totals(state);
        this.docket = new Docket(state, totals, height, events::add);
    }

    /** Whose transaction it is, as far as {@link #execute} came: a member, or the owner of a node; empty for none. */
    String actor() {
        return actor;
    }

    /**
     * Judges and records.
     *
     * @param framed the transaction's payload
     * @param ordinal of the transaction within the block, counted over all of this ledger's
     * @param note adds to the outcome what was taken from outside
     */
    Ruling execute(byte[] framed, int ordinal, Consumer<ObjectNode> note) {
        Submission kind = Submission.of(framed);
        if (kind == null) {
            return refused(Refusal.MALFORMED, "no kind of transaction");
        }
        byte[] content = Submission.content(framed);
        docket.expire();
        ObjectNode outcome = Documents.object();
        Rejection refused = switch (kind) {
            case SIGNED -> signed(content, outcome);
            case JOIN -> join(content);
            case DUE -> due(content);
            case RECOVERY -> recover(content, outcome);
        };
        if (refused != null) {
            return new Ruling.Refused(refused);
        }
        ArrayNode happened = outcome.putArray("events");
        events.forEach(event -> happened.add(event.toJson()));
        note.accept(outcome);
        byte[] text = CanonicalJson.write(outcome, "").getBytes(StandardCharsets.UTF_8);
        History.append(state, totals, height, ordinal, History.value(framed, text));
        docket.prune();
        Compensations.forget(state, height);
        return new Ruling.Recorded(amended);
    }

    private static Ruling refused(Refusal refusal, String words) {
        return new Ruling.Refused(refusal.because(words));
    }

    private @Nullable Rejection signed(byte[] content, ObjectNode outcome) {
        Envelope.Opening opening =
                Envelope.open(content, service.id(), constitution, height, Instant.ofEpochSecond(timestampSeconds));
        if (opening instanceof Envelope.Refused(Rejection reason)) {
            return reason;
        }
        Envelope.Opened opened = (Envelope.Opened) opening;
        actor = opened.member();
        Rejection refused = new SeenMessages(state, totals).record(opened, height);
        if (refused != null) {
            return refused;
        }
        outcome.put("signer", opened.member());
        outcome.put("message", HexFormat.of().formatHex(opened.id()));
        return switch (opened.message()) {
            case Message.Propose proposal -> propose(opened, proposal);
            case Message.Vote vote -> vote(opened, vote);
            case Message.Withdraw withdrawal -> withdraw(opened, withdrawal);
            case Message.Recover ballot ->
                Refusal.MALFORMED.because("ballots on a recovery count where a service has no nodes any more");
        };
    }

    /** Who had the nodes has none any more: members alone decide, and their ballots came with the proposal. */
    private @Nullable Rejection recover(byte[] content, ObjectNode outcome) {
        RecoveryRecord record;
        try {
            record = RecoveryRecord.parse(content);
        } catch (DocumentException malformed) {
            return Refusal.MALFORMED.because(String.valueOf(malformed.getMessage()));
        }
        RecoveryProposal proposal = record.proposal();
        if (proposal.height() != height - 1) {
            return Refusal.MALFORMED.because("a recovery of a journal that ends at height " + proposal.height());
        }
        if (record.judge(service.id(), constitution, Instant.ofEpochSecond(timestampSeconds))
                instanceof RecoveryRecord.Judgement.Undecided(String why)) {
            return Refusal.NOT_DECIDED.because(why);
        }
        Situation last = new Situation(height - 1, timestampSeconds, outside.raftNodes());
        switch (constitution.recovered(proposal.node(), last)) {
            case Constitution.Application.Failed(String reason) -> {
                return Refusal.INVALID_ACTIONS.because(reason);
            }
            case Constitution.Application.Applied(Constitution after, var consequences) -> {
                outcome.put("recovery", proposal.digest());
                events.add(new GovernanceEvent.Recovered(
                        proposal.digest(), proposal.node().id(), after.generation()));
                amend(after);
            }
        }
        return null;
    }

    private @Nullable Rejection propose(Envelope.Opened opened, Message.Propose message) {
        if (!message.constitution().equals(HexFormat.of().formatHex(constitution.digest()))) {
            return Refusal.OTHER_CONSTITUTION.because("another constitution is in force");
        }
        Proposals.Proposal proposal = new Proposals.Proposal(
                HexFormat.of().formatHex(opened.id()),
                opened.member(),
                message.actions(),
                message.summary(),
                message.constitution(),
                height,
                message.binding().expires(),
                ProposalState.OPEN,
                null,
                null,
                "takes ballots",
                new TreeMap<>());
        byte[] substance = proposal.substance();
        Rejection noRoom = docket.noRoom(proposal.proposer(), substance.length);
        if (noRoom != null) {
            return noRoom;
        }
        String problem = judge().problem(proposal);
        if (problem != null) {
            return Refusal.INVALID_ACTIONS.because(problem);
        }
        events.add(new GovernanceEvent.Proposed(proposal.id(), proposal.proposer()));
        docket.add(proposal, substance);
        settle(proposal);
        return null;
    }

    private @Nullable Rejection vote(Envelope.Opened opened, Message.Vote vote) {
        Rejection refused = refusesBallots(vote.electorate(), vote.proposal());
        if (refused != null) {
            return refused;
        }
        String message = HexFormat.of().formatHex(opened.id());
        events.add(new GovernanceEvent.Voted(vote.proposal(), opened.member(), vote.choice()));
        cast(vote.proposal(), opened.member(), new Proposals.CastBallot(vote.choice(), height, message));
        return null;
    }

    private void cast(String id, String member, Proposals.@Nullable CastBallot ballot) {
        Proposals.Proposal proposal = docket.proposal(id);
        docket.ballot(proposal, member, ballot);
        settle(proposal.withBallot(member, ballot));
    }

    private @Nullable Rejection refusesBallots(String electorate, String id) {
        if (!electorate.equals(HexFormat.of().formatHex(constitution.electorateDigest()))) {
            return Refusal.OTHER_ELECTORATE.because("other members or rules are in force");
        }
        Proposals.Standing standing = Proposals.standing(state, id);
        if (standing == null) {
            return Refusal.UNKNOWN_PROPOSAL.because("no proposal " + id);
        }
        return standing.state() == ProposalState.OPEN
                ? null
                : Refusal.NOT_OPEN.because("the proposal is " + standing.state().word() + ": " + standing.reason());
    }

    private @Nullable Rejection withdraw(Envelope.Opened opened, Message.Withdraw withdrawal) {
        Rejection refused = refusesBallots(withdrawal.electorate(), withdrawal.proposal());
        if (refused != null) {
            return refused;
        }
        Proposals.Proposal proposal = docket.proposal(withdrawal.proposal());
        String member = opened.member();
        return switch (withdrawal.of()) {
            case PROPOSAL -> {
                if (!proposal.proposer().equals(member)) {
                    yield Refusal.NOT_PROPOSER.because("it was proposed by " + proposal.proposer());
                }
                docket.close(proposal, ProposalState.WITHDRAWN, null, "taken back by its proposer");
                yield null;
            }
            case BALLOT -> {
                if (!proposal.ballots().containsKey(member)) {
                    yield Refusal.NO_BALLOT.because(member + " has no ballot to take back");
                }
                events.add(new GovernanceEvent.BallotWithdrawn(proposal.id(), member));
                cast(proposal.id(), member, null);
                yield null;
            }
        };
    }

    private Judge judge() {
        return new Judge(constitution, state, outside, situation(), service.ledgers());
    }

    private Situation situation() {
        return new Situation(height, timestampSeconds, outside.raftNodes());
    }

    /** Decides what can be decided, by the rules in force before. */
    private void settle(Proposals.Proposal proposal) {
        switch (judge().decide(proposal)) {
            case Judge.StillOpen(String words) -> docket.stays(proposal, words);
            case Judge.Rejected(String words) -> docket.close(proposal, ProposalState.REJECTED, null, words);
            case Judge.Failed(String words) -> docket.close(proposal, ProposalState.FAILED, null, words);
            case Judge.Accepted(List<Action> actions, String words) -> {
                Proposals.Proposal accepted = proposal.withActions(actions);
                if (!actions.equals(proposal.actions())) {
                    docket.replaceActions(accepted);
                }
                accept(accepted, words);
            }
        }
    }

    private void accept(Proposals.Proposal proposal, String words) {
        boolean waits =
                constitution.noticeBlocks() > 0 && proposal.actions().stream().anyMatch(Action::weakensSecrecy);
        if (!waits) {
            enact(proposal, words);
        } else if (docket.mayWait()) {
            docket.postpone(proposal, height + constitution.noticeBlocks(), words);
        } else {
            docket.close(proposal, ProposalState.FAILED, null, "too many proposals wait for their notice");
        }
    }

    private void enact(Proposals.Proposal proposal, String words) {
        switch (judge().apply(proposal.actions())) {
            case Constitution.Application.Failed(String reason) ->
                docket.close(proposal, ProposalState.FAILED, null, words + "; but " + reason);
            case Constitution.Application.Applied(Constitution after, Constitution.Consequences consequences) -> {
                docket.close(proposal, ProposalState.ACCEPTED, height, words);
                amend(after);
                compensate(proposal.id(), consequences.compensations());
                if (consequences.voids()) {
                    docket.voidAll();
                }
            }
        }
    }

    private void compensate(String proposal, List<Action.Compensate> compensations) {
        Compensations.record(state, height, proposal, compensations);
        compensations.forEach(each ->
                events.add(new GovernanceEvent.Compensated(proposal, each.ledger(), each.change(), each.reason())));
    }

    private void amend(Constitution after) {
        amended = true;
        state.put(GovernanceMaps.CONSTITUTION, GovernanceMaps.CURRENT, after.bytes());
        events.add(new GovernanceEvent.ConstitutionChanged(HexFormat.of().formatHex(after.digest())));
        new JoinQueue(state).settle(after);
    }

    private @Nullable Rejection join(byte[] content) {
        JoinRequest request;
        try {
            request = JoinRequest.parse(content);
        } catch (DocumentException malformed) {
            return Refusal.MALFORMED.because(String.valueOf(malformed.getMessage()));
        }
        JoinQueue queue = new JoinQueue(state);
        Rejection noRoom = queue.noRoom(request, timestampSeconds);
        if (noRoom != null) {
            return noRoom;
        }
        String problem = request.problem(constitution, height, timestampSeconds);
        if (problem != null) {
            return Refusal.INVALID_JOIN.because(problem);
        }
        actor = request.owner();
        queue.record(request, height, timestampSeconds);
        events.add(new GovernanceEvent.JoinRequested(request.node().id()));
        return null;
    }

    /** @param content nothing, or {@link Submission#TOO_LARGE}: what is due then fails instead of taking effect */
    private @Nullable Rejection due(byte[] content) {
        if (content.length > 0 && !Arrays.equals(content, Submission.TOO_LARGE)) {
            return Refusal.MALFORMED.because("what is due carries nothing");
        }
        Long retirement = constitution.nextRetirement();
        if (retirement != null && retirement <= height) {
            amend(constitution.withoutRetired(situation()));
            return null;
        }
        Proposals.Proposal due = docket.takeDue();
        if (due == null) {
            return Refusal.MALFORMED.because("nothing is due");
        }
        if (content.length == 0) {
            enact(due, due.reason());
        } else {
            docket.close(due, ProposalState.FAILED, null, due.reason() + "; but a block cannot carry what it changes");
        }
        return null;
    }

    /** The choices of ballots that stand. */
    static Map<String, Choice> choices(Proposals.Proposal proposal) {
        Map<String, Choice> choices = new TreeMap<>();
        proposal.ballots().forEach((member, ballot) -> choices.put(member, ballot.choice()));
        return choices;
    }
}
