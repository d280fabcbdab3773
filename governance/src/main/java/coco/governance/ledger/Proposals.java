package coco.governance.ledger;

import coco.governance.Action;
import coco.governance.Constitution;
import coco.governance.rules.Choice;
import coco.kv.Reader;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads proposals from a state. */
public final class Proposals {
    private Proposals() {}

    /** All proposals ever made, in order of their ids. */
    public static List<Proposal> all(Reader state) {
        throw new UnsupportedOperationException();
    }

    /** The proposal of that id (lower-case hexadecimal), or null. */
    public static @Nullable Proposal find(Reader state, String id) {
        throw new UnsupportedOperationException();
    }

    /**
     * A proposal as its record shows it.
     *
     * @param id lower-case hexadecimal of 32 bytes
     * @param proposer id of the member
     * @param summary the proposer's words
     * @param constitution digest of the constitution it was made under, lower-case hexadecimal
     * @param openedAt height of its block
     * @param expiresAt first height at which it takes no ballots
     * @param state as recorded: one that expired may still be recorded as open, see {@link #stateAt}
     * @param decidedAt height of the block that decided it; null while open
     * @param effectiveAt height of the block that its actions changed the constitution in; null if none did or will
     * @param reason of the state, for people
     * @param ballots member id to its latest ballot
     */
    public record Proposal(
            String id,
            String proposer,
            List<Action> actions,
            String summary,
            String constitution,
            long openedAt,
            long expiresAt,
            ProposalState state,
            @Nullable Long decidedAt,
            @Nullable Long effectiveAt,
            String reason,
            SortedMap<String, CastBallot> ballots) {
        public Proposal {
            actions = List.copyOf(actions);
            ballots = Collections.unmodifiableSortedMap(new TreeMap<>(ballots));
        }

        /** The state as it is for the block at this height. */
        public ProposalState stateAt(long height) {
            return state == ProposalState.OPEN && height >= expiresAt ? ProposalState.EXPIRED : state;
        }

        /** Active members without a ballot, in order of the constitution; nobody once it is decided. */
        public List<String> waitingFor(Constitution constitution) {
            return state != ProposalState.OPEN
                    ? List.of()
                    : constitution.members().stream()
                            .map(member -> member.id())
                            .filter(member -> !ballots.containsKey(member))
                            .toList();
        }
    }

    /**
     * A member's ballot.
     *
     * @param height of the block that recorded it
     * @param message id of the signed message, lower-case hexadecimal
     */
    public record CastBallot(Choice choice, long height, String message) {}
}
