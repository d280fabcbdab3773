package coco.governance.ledger;

import coco.governance.GovernanceLimits;
import coco.governance.GovernanceMaps;
import coco.governance.ledger.Proposals.CastBallot;
import coco.governance.ledger.Proposals.Proposal;
import coco.governance.ledger.Proposals.Standing;
import coco.kv.Cursor;
import coco.kv.Transaction;
import coco.ledgers.api.Rejection;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The proposals of a state, and all that one transaction writes of them. Closing a proposal writes where it stands,
 * never what it asks for: so all that are open and all that wait can be closed by one decision, within a block.
 */
final class Docket {
    private static final HexFormat HEX = HexFormat.of();

    private final Transaction state;
    private final Totals totals;
    private final long height;
    private final Consumer<GovernanceEvent> events;

    /** @param events hears of each proposal that is closed */
    Docket(Transaction state, Totals totals, long height, Consumer<GovernanceEvent> events) {
        this.state = state;
        this.totals = totals;
        this.height = height;
        this.events = events;
    }

    /**
     * An entry of the list of open proposals.
     *
     * @param bytes of what it asks for
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Open(byte[] key, long expiresAt, int bytes, String proposer) {}

    private List<Open> open() {
        List<Open> open = new ArrayList<>();
        Cursor cursor = state.scanPrefix(GovernanceMaps.OPEN, new byte[0]);
        while (cursor.next()) {
            ByteBuffer value = ByteBuffer.wrap(cursor.value());
            long expiresAt = value.getLong();
            int bytes = value.getInt();
            open.add(new Open(
                    cursor.key(),
                    expiresAt,
                    bytes,
                    StandardCharsets.UTF_8.decode(value).toString()));
        }
        return open;
    }

    /**
     * Why there is no room for another proposal of this size; null if there is. However much others have proposed, each
     * member has room for something small.
     */
    @Nullable
    Rejection noRoom(String proposer, int bytes) {
        List<Open> open = open();
        List<Open> own =
                open.stream().filter(each -> each.proposer().equals(proposer)).toList();
        long all = bytes(open) + bytes;
        long mine = bytes(own) + bytes;
        boolean fair = own.size() < GovernanceLimits.OPEN_PROPOSALS_PER_MEMBER
                && mine <= GovernanceLimits.OPEN_BYTES_PER_MEMBER;
        boolean assured =
                own.size() < GovernanceLimits.OPEN_PROPOSALS_ASSURED && mine <= GovernanceLimits.OPEN_BYTES_ASSURED;
        boolean room = open.size() < GovernanceLimits.OPEN_PROPOSALS && all <= GovernanceLimits.OPEN_BYTES;
        return fair && (assured || room)
                ? null
                : Refusal.TOO_MANY_OPEN.because(open.size() + " proposals are open, " + own.size()
                        + " of them your own, which would ask for " + mine + " bytes with this one");
    }

    private static long bytes(List<Open> open) {
        return open.stream().mapToLong(Open::bytes).sum();
    }

    /**
     * Takes up a proposal, which is open.
     *
     * @param substance {@link Proposal#substance}
     */
    void add(Proposal proposal, byte[] substance) {
        put(proposal, substance);
        put(
                proposal.key(),
                new Standing(
                        proposal.proposer(),
                        proposal.openedAt(),
                        proposal.expiresAt(),
                        ProposalState.OPEN,
                        proposal.reason(),
                        null,
                        null));
    }

    /** Puts this ballot in place of the member's earlier one; null takes that back. */
    void ballot(Proposal proposal, String member, @Nullable CastBallot ballot) {
        byte[] key = Proposals.ballotKey(proposal.key(), member);
        if (ballot == null) {
            state.remove(GovernanceMaps.BALLOTS, key);
        } else {
            state.put(GovernanceMaps.BALLOTS, key, Proposals.encode(ballot));
        }
    }

    /** A rule module has put other actions in place of an open proposal's. */
    void replaceActions(Proposal proposal) {
        put(proposal, proposal.substance());
    }

    private void put(Proposal proposal, byte[] substance) {
        byte[] proposer = proposal.proposer().getBytes(StandardCharsets.UTF_8);
        state.put(GovernanceMaps.PROPOSALS, proposal.key(), substance);
        state.put(
                GovernanceMaps.OPEN,
                proposal.key(),
                ByteBuffer.allocate(Long.BYTES + Integer.BYTES + proposer.length)
                        .putLong(proposal.expiresAt())
                        .putInt(substance.length)
                        .put(proposer)
                        .array());
    }

    /** It is open still, for this reason. */
    void stays(Proposal proposal, String reason) {
        put(proposal.key(), standing(proposal.key()).decided(ProposalState.OPEN, null, null, reason));
    }

    /** It is open no longer, and nothing more will come of it. */
    void close(Proposal proposal, ProposalState to, @Nullable Long effective, String reason) {
        close(proposal.key(), forgetOpen(proposal), to, effective, reason);
    }

    private void close(byte[] key, int bytes, ProposalState to, @Nullable Long effective, String reason) {
        state.put(GovernanceMaps.CLOSED, History.dueKey(height, key), number(bytes));
        totals.add(Totals.CLOSED, 1, bytes);
        decide(key, to, effective, reason);
    }

    private static byte[] number(int number) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
    }

    private void decide(byte[] key, ProposalState to, @Nullable Long effective, String reason) {
        Standing standing = standing(key).decided(to, height, effective, reason);
        put(key, standing);
        events.accept(new GovernanceEvent.Decided(HEX.formatHex(key), to, standing.reason()));
    }

    /** Takes it off the list of the open ones, if it is there; the size of what it asks for. */
    private int forgetOpen(Proposal proposal) {
        byte[] open = state.get(GovernanceMaps.OPEN, proposal.key());
        if (open == null) {
            return proposal.substance().length;
        }
        state.remove(GovernanceMaps.OPEN, proposal.key());
        return ByteBuffer.wrap(open).getInt(Long.BYTES);
    }

    /** Accepted, and takes effect at a later height. */
    void postpone(Proposal proposal, long until, String reason) {
        byte[] size = number(forgetOpen(proposal));
        state.put(GovernanceMaps.DUE, History.dueKey(until, proposal.key()), size);
        decide(proposal.key(), ProposalState.ACCEPTED, until, reason);
    }

    /** Those that were not decided in time. */
    void expire() {
        for (Open open : open()) {
            if (open.expiresAt() <= height) {
                close(open, ProposalState.EXPIRED, "not decided before height " + open.expiresAt());
            }
        }
    }

    /** What waits for its notice too: nobody who votes now, by the rules of now, has agreed to it. */
    void voidAll() {
        open().forEach(open -> close(open, ProposalState.VOIDED, "members or rules have changed"));
        List<Waiting> waiting = new ArrayList<>();
        Cursor cursor = state.scanPrefix(GovernanceMaps.DUE, new byte[0]);
        while (cursor.next()) {
            waiting.add(
                    new Waiting(cursor.key(), ByteBuffer.wrap(cursor.value()).getInt()));
        }
        for (Waiting due : waiting) {
            state.remove(GovernanceMaps.DUE, due.key());
            close(dueProposal(due.key()), due.bytes(), ProposalState.VOIDED, null, "members or rules have changed");
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Waiting(byte[] key, int bytes) {}

    private void close(Open open, ProposalState to, String reason) {
        state.remove(GovernanceMaps.OPEN, open.key());
        close(open.key(), open.bytes(), to, null, reason);
    }

    /** Whether another accepted proposal may wait for its notice. */
    boolean mayWait() {
        int count = 0;
        Cursor cursor = state.scanPrefix(GovernanceMaps.DUE, new byte[0]);
        while (cursor.next()) {
            count++;
        }
        return count < GovernanceLimits.WAITING_PROPOSALS;
    }

    private static byte[] dueProposal(byte[] dueKey) {
        return Arrays.copyOfRange(dueKey, Long.BYTES, dueKey.length);
    }

    /** Takes out the first proposal that is due, which its caller then closes; null if none is. */
    @Nullable
    Proposal takeDue() {
        Cursor cursor = state.scan(GovernanceMaps.DUE, new byte[0], History.dueKey(height + 1, new byte[0]));
        if (!cursor.next()) {
            return null;
        }
        byte[] due = cursor.key();
        state.remove(GovernanceMaps.DUE, due);
        return proposal(HEX.formatHex(dueProposal(due)));
    }

    /** A proposal that the state holds. */
    Proposal proposal(String id) {
        Proposal proposal = Proposals.find(state, id);
        if (proposal == null) {
            throw new IllegalStateException("a proposal is listed and has no record");
        }
        return proposal;
    }

    private Standing standing(byte[] key) {
        Standing standing = Proposals.standing(state, HEX.formatHex(key));
        if (standing == null) {
            throw new IllegalStateException("a proposal is listed and stands nowhere");
        }
        return standing;
    }

    private void put(byte[] key, Standing standing) {
        state.put(GovernanceMaps.STANDINGS, key, standing.encode());
    }

    /** Forgets the oldest of those closed before this block, where there are more than the state shall hold. */
    void prune() {
        Cursor cursor = state.scan(GovernanceMaps.CLOSED, new byte[0], History.dueKey(height, new byte[0]));
        List<byte[]> over = new ArrayList<>();
        Totals.Total total = totals.of(Totals.CLOSED);
        long count = total.count();
        long bytes = total.bytes();
        while ((count > GovernanceLimits.CLOSED_PROPOSALS || bytes > GovernanceLimits.CLOSED_BYTES)
                && over.size() < GovernanceLimits.PRUNED
                && cursor.next()) {
            over.add(cursor.key());
            count--;
            bytes -= ByteBuffer.wrap(cursor.value()).getInt();
        }
        if (!over.isEmpty()) {
            totals.add(Totals.CLOSED, count - total.count(), bytes - total.bytes());
            over.forEach(this::forget);
        }
    }

    private void forget(byte[] closed) {
        byte[] key = dueProposal(closed);
        state.remove(GovernanceMaps.CLOSED, closed);
        state.remove(GovernanceMaps.PROPOSALS, key);
        state.remove(GovernanceMaps.STANDINGS, key);
        List<byte[]> ballots = new ArrayList<>();
        Cursor cursor = state.scanPrefix(GovernanceMaps.BALLOTS, key);
        while (cursor.next()) {
            ballots.add(cursor.key());
        }
        ballots.forEach(ballot -> state.remove(GovernanceMaps.BALLOTS, ballot));
    }
}
