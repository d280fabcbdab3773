package coco.governance.ledger;

import coco.governance.Action;
import coco.governance.Constitution;
import coco.governance.Constitution.Situation;
import coco.governance.GovernanceLimits;
import coco.governance.GovernanceMaps;
import coco.governance.document.CanonicalJson;
import coco.governance.document.DocumentException;
import coco.governance.document.Documents;
import coco.governance.rules.Choice;
import coco.kv.Cursor;
import coco.kv.Transaction;
import coco.ledgers.api.Rejection;
import java.nio.ByteBuffer;
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
    private final List<GovernanceEvent> events = new ArrayList<>();
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
        expireProposals();
        ObjectNode outcome = Documents.object();
        Rejection refused = switch (kind) {
            case SIGNED -> signed(content, outcome);
            case JOIN -> join(content);
            case DUE -> due();
        };
        if (refused != null) {
            return new Ruling.Refused(refused);
        }
        ArrayNode happened = outcome.putArray("events");
        events.forEach(event -> happened.add(event.toJson()));
        note.accept(outcome);
        byte[] text = CanonicalJson.write(outcome, "").getBytes(StandardCharsets.UTF_8);
        state.put(GovernanceMaps.HISTORY, History.key(height, ordinal), History.value(framed, text));
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
        byte[] key = messageKey(opened.message().binding().expires(), opened.id());
        if (state.get(GovernanceMaps.MESSAGES, key) != null) {
            return Refusal.REPLAYED.because("this message was recorded before");
        }
        forgetMessages();
        state.put(GovernanceMaps.MESSAGES, key, new byte[0]);
        outcome.put("signer", opened.member());
        outcome.put("message", HexFormat.of().formatHex(opened.id()));
        return switch (opened.message()) {
            case Message.Propose proposal -> propose(opened, proposal);
            case Message.Vote vote -> vote(opened, vote);
            case Message.Withdraw withdrawal -> withdraw(opened, withdrawal);
        };
    }

    private static byte[] messageKey(long expires, byte[] id) {
        return ByteBuffer.allocate(Long.BYTES + id.length)
                .putLong(expires)
                .put(id)
                .array();
    }

    /** Those that expired are refused for that. */
    private void forgetMessages() {
        List<byte[]> over = new ArrayList<>();
        Cursor cursor = state.scan(GovernanceMaps.MESSAGES, new byte[0], messageKey(height + 1, new byte[0]));
        while (over.size() < GovernanceLimits.FORGOTTEN && cursor.next()) {
            over.add(cursor.key());
        }
        over.forEach(key -> state.remove(GovernanceMaps.MESSAGES, key));
    }

    private void expireProposals() {
        for (Open open : open()) {
            if (open.expiresAt() <= height) {
                Proposals.Proposal proposal = proposal(open.id());
                close(proposal, ProposalState.EXPIRED, null, "not decided before height " + open.expiresAt());
            }
        }
    }

    private record Open(String id, long expiresAt) {}

    private List<Open> open() {
        List<Open> open = new ArrayList<>();
        Cursor cursor = state.scanPrefix(GovernanceMaps.OPEN, new byte[0]);
        while (cursor.next()) {
            open.add(new Open(
                    HexFormat.of().formatHex(cursor.key()),
                    ByteBuffer.wrap(cursor.value()).getLong()));
        }
        return open;
    }

    private Proposals.Proposal proposal(String id) {
        Proposals.Proposal proposal = Proposals.find(state, id);
        if (proposal == null) {
            throw new IllegalStateException("an open proposal has no record");
        }
        return proposal;
    }

    private @Nullable Rejection propose(Envelope.Opened opened, Message.Propose message) {
        if (!message.constitution().equals(HexFormat.of().formatHex(constitution.digest()))) {
            return Refusal.OTHER_CONSTITUTION.because("another constitution is in force");
        }
        List<Open> open = open();
        long own = open.stream()
                .filter(each -> proposal(each.id()).proposer().equals(opened.member()))
                .count();
        if (open.size() >= GovernanceLimits.OPEN_PROPOSALS || own >= GovernanceLimits.OPEN_PROPOSALS_PER_MEMBER) {
            return Refusal.TOO_MANY_OPEN.because(open.size() + " proposals are open, " + own + " of them your own");
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
        String problem = judge().problem(proposal);
        if (problem != null) {
            return Refusal.INVALID_ACTIONS.because(problem);
        }
        events.add(new GovernanceEvent.Proposed(proposal.id(), proposal.proposer()));
        byte[] expiry =
                ByteBuffer.allocate(Long.BYTES).putLong(proposal.expiresAt()).array();
        state.put(GovernanceMaps.OPEN, proposal.key(), expiry);
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
        settle(proposal(vote.proposal())
                .withBallot(opened.member(), new Proposals.CastBallot(vote.choice(), height, message)));
        return null;
    }

    private @Nullable Rejection refusesBallots(String electorate, String id) {
        if (!electorate.equals(HexFormat.of().formatHex(constitution.electorateDigest()))) {
            return Refusal.OTHER_ELECTORATE.because("other members or rules are in force");
        }
        Proposals.Proposal proposal = Proposals.find(state, id);
        if (proposal == null) {
            return Refusal.UNKNOWN_PROPOSAL.because("no proposal " + id);
        }
        return proposal.state() == ProposalState.OPEN
                ? null
                : Refusal.NOT_OPEN.because("the proposal is " + proposal.state().word() + ": " + proposal.reason());
    }

    private @Nullable Rejection withdraw(Envelope.Opened opened, Message.Withdraw withdrawal) {
        Rejection refused = refusesBallots(withdrawal.electorate(), withdrawal.proposal());
        if (refused != null) {
            return refused;
        }
        Proposals.Proposal proposal = proposal(withdrawal.proposal());
        String member = opened.member();
        return switch (withdrawal.of()) {
            case PROPOSAL -> {
                if (!proposal.proposer().equals(member)) {
                    yield Refusal.NOT_PROPOSER.because("it was proposed by " + proposal.proposer());
                }
                close(proposal, ProposalState.WITHDRAWN, null, "taken back by its proposer");
                yield null;
            }
            case BALLOT -> {
                if (!proposal.ballots().containsKey(member)) {
                    yield Refusal.NO_BALLOT.because(member + " has no ballot to take back");
                }
                events.add(new GovernanceEvent.BallotWithdrawn(proposal.id(), member));
                settle(proposal.withBallot(member, null));
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
            case Judge.StillOpen(String words) -> put(proposal.decided(ProposalState.OPEN, null, null, words));
            case Judge.Rejected(String words) -> close(proposal, ProposalState.REJECTED, null, words);
            case Judge.Failed(String words) -> close(proposal, ProposalState.FAILED, null, words);
            case Judge.Accepted accepted -> accept(proposal.withActions(accepted.actions()), accepted.words());
        }
    }

    private void accept(Proposals.Proposal proposal, String words) {
        boolean waits = constitution.noticeBlocks() > 0
                && proposal.actions().stream().anyMatch(action -> action.kind().weakensSecrecy());
        if (!waits) {
            enact(proposal, words);
            return;
        }
        long at = height + constitution.noticeBlocks();
        state.put(GovernanceMaps.DUE, History.dueKey(at, proposal.key()), new byte[0]);
        close(proposal, ProposalState.ACCEPTED, at, words);
    }

    private void enact(Proposals.Proposal proposal, String words) {
        switch (judge().apply(proposal.actions())) {
            case Constitution.Application.Failed(String reason) ->
                close(proposal, ProposalState.FAILED, null, words + "; but " + reason);
            case Constitution.Application.Applied(Constitution after, Constitution.Consequences consequences) -> {
                close(proposal, ProposalState.ACCEPTED, height, words);
                amend(after);
                compensate(proposal.id(), consequences.compensations());
                if (consequences.voids()) {
                    voidOthers();
                }
            }
        }
    }

    private void compensate(String proposal, List<Action.Compensate> compensations) {
        compensations.forEach(each ->
                events.add(new GovernanceEvent.Compensated(proposal, each.ledger(), each.change(), each.reason())));
    }

    private void amend(Constitution after) {
        amended = true;
        state.put(GovernanceMaps.CONSTITUTION, GovernanceMaps.CURRENT, after.bytes());
        events.add(new GovernanceEvent.ConstitutionChanged(HexFormat.of().formatHex(after.digest())));
        after.nodes().nodes().forEach(node -> state.remove(GovernanceMaps.JOINS, JoinRequest.key(node.id())));
    }

    /** What waits for its notice too: nobody who votes now, by the rules of now, has agreed to it. */
    private void voidOthers() {
        for (Open open : open()) {
            close(proposal(open.id()), ProposalState.VOIDED, null, "members or rules have changed");
        }
        for (byte[] waiting : waiting()) {
            state.remove(GovernanceMaps.DUE, waiting);
            close(proposal(dueProposal(waiting)), ProposalState.VOIDED, null, "members or rules have changed");
        }
    }

    private List<byte[]> waiting() {
        List<byte[]> keys = new ArrayList<>();
        Cursor cursor = state.scan(GovernanceMaps.DUE, new byte[0], null);
        while (cursor.next()) {
            keys.add(cursor.key());
        }
        return keys;
    }

    private static String dueProposal(byte[] dueKey) {
        return HexFormat.of().formatHex(Arrays.copyOfRange(dueKey, Long.BYTES, dueKey.length));
    }

    private void close(Proposals.Proposal proposal, ProposalState to, @Nullable Long effective, String reason) {
        state.remove(GovernanceMaps.OPEN, proposal.key());
        put(proposal.decided(to, height, effective, reason));
        events.add(new GovernanceEvent.Decided(proposal.id(), to, reason));
    }

    private void put(Proposals.Proposal proposal) {
        state.put(GovernanceMaps.PROPOSALS, proposal.key(), proposal.encode());
    }

    private @Nullable Rejection join(byte[] content) {
        JoinRequest request;
        try {
            request = JoinRequest.parse(content);
        } catch (DocumentException malformed) {
            return Refusal.MALFORMED.because(String.valueOf(malformed.getMessage()));
        }
        String node = request.node().id();
        JoinRequest pending = JoinRequest.find(state, node);
        if (request.equals(pending)) {
            return Refusal.ALREADY_PENDING.because("the request of " + node + " waits for a vote");
        }
        String problem = request.problem(constitution, height, timestampSeconds);
        if (problem != null) {
            return Refusal.INVALID_JOIN.because(problem);
        }
        if (pending == null) {
            makeRoom();
        }
        state.put(GovernanceMaps.JOINS, JoinRequest.key(node), request.record(height));
        events.add(new GovernanceEvent.JoinRequested(node));
        return null;
    }

    private void makeRoom() {
        byte[] oldest = null;
        long since = Long.MAX_VALUE;
        int count = 0;
        Cursor cursor = state.scanPrefix(GovernanceMaps.JOINS, new byte[0]);
        while (cursor.next()) {
            long made = JoinRequest.heightOf(cursor.value());
            count++;
            if (made < since) {
                since = made;
                oldest = cursor.key();
            }
        }
        if (count >= GovernanceLimits.JOINS && oldest != null) {
            state.remove(GovernanceMaps.JOINS, oldest);
        }
    }

    private @Nullable Rejection due() {
        Long retirement = constitution.nextRetirement();
        byte[] first = firstDue();
        boolean retires = retirement != null && retirement <= height;
        if (retires) {
            amend(constitution.withoutRetired(situation()));
        } else if (first != null) {
            state.remove(GovernanceMaps.DUE, first);
            String id = dueProposal(first);
            enact(proposal(id), proposal(id).reason());
        } else {
            return Refusal.MALFORMED.because("nothing is due");
        }
        return null;
    }

    private byte @Nullable [] firstDue() {
        Cursor cursor = state.scan(
                GovernanceMaps.DUE,
                new byte[0],
                ByteBuffer.allocate(Long.BYTES).putLong(height + 1).array());
        return cursor.next() ? cursor.key() : null;
    }

    /** The choices of ballots that stand. */
    static Map<String, Choice> choices(Proposals.Proposal proposal) {
        Map<String, Choice> choices = new TreeMap<>();
        proposal.ballots().forEach((member, ballot) -> choices.put(member, ballot.choice()));
        return choices;
    }
}
