package coco.governance.ledger;

import coco.governance.Constitution;
import coco.governance.GovernanceLimits;
import coco.governance.document.DocumentException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A recovery as the first block after it carries it: the proposal and the ballots that decided it.
 *
 * <p>Encoded: length (4 bytes) ‖ proposal, then length (4 bytes) ‖ COSE_Sign1 message for each ballot.
 *
 * @param proposal what was decided
 * @param ballots signed messages
 */
public record RecoveryRecord(RecoveryProposal proposal, List<byte[]> ballots) {
    /** Copies the list. */
    public RecoveryRecord {
        ballots = List.copyOf(ballots);
    }

    /** What the ballots come to. */
    public sealed interface Judgement {
        /** They decide it; one ballot for each member. */
        record Decided(SortedMap<String, Message.Recover> ballots) implements Judgement {}

        /** They do not, for this reason. */
        record Undecided(String why) implements Judgement {}
    }

    /** What one ballot is worth. */
    public sealed interface Ballot {
        /** It counts for this member. */
        record Counts(String member, Message.Recover message) implements Ballot {}

        /** It counts for nobody, for this reason. */
        record Ignored(String why) implements Ballot {}
    }

    /**
     * Reads {@link #encode}.
     *
     * @throws DocumentException if it is something else
     */
    public static RecoveryRecord parse(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        RecoveryProposal proposal = RecoveryProposal.parse(part(in));
        List<byte[]> ballots = new ArrayList<>();
        while (in.hasRemaining()) {
            if (ballots.size() == GovernanceLimits.ACTORS) {
                throw new DocumentException("recovery", "more ballots than there may be members");
            }
            ballots.add(part(in));
        }
        return new RecoveryRecord(proposal, ballots);
    }

    /**
     * The recovery that a block carries.
     *
     * @param publicWrites of the block
     * @return null if it carries none
     * @throws DocumentException if its history cannot be read
     */
    public static @Nullable RecoveryRecord in(byte[] publicWrites) {
        for (History.Entry entry : History.of(publicWrites)) {
            if (Submission.of(entry.framed()) == Submission.RECOVERY) {
                return parse(entry.content());
            }
        }
        return null;
    }

    private static byte[] part(ByteBuffer in) {
        int length = in.remaining() < Integer.BYTES ? -1 : in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new DocumentException("recovery", "cut off");
        }
        byte[] part = new byte[length];
        in.get(part);
        return part;
    }

    /** The bytes in the history. */
    public byte[] encode() {
        byte[] document = proposal.bytes();
        int length = Integer.BYTES + document.length;
        for (byte[] ballot : ballots) {
            length += Integer.BYTES + ballot.length;
        }
        ByteBuffer out = ByteBuffer.allocate(length).putInt(document.length).put(document);
        ballots.forEach(ballot -> out.putInt(ballot.length).put(ballot));
        return out.array();
    }

    /**
     * Judges one ballot.
     *
     * @param serviceId 32 bytes
     * @param constitution in force at the journal's last block: its members decide
     * @param at service time of the block that will carry it
     */
    public static Ballot judge(
            byte[] ballot, RecoveryProposal proposal, byte[] serviceId, Constitution constitution, Instant at) {
        return switch (Envelope.open(ballot, serviceId, constitution, proposal.height() + 1, at)) {
            case Envelope.Refused(var reason) -> new Ballot.Ignored(reason.message());
            case Envelope.Opened(byte[] id, String member, Message message) ->
                message instanceof Message.Recover recover
                        ? judge(member, recover, proposal)
                        : new Ballot.Ignored(member + " signed something else than a ballot on a recovery");
        };
    }

    private static Ballot judge(String member, Message.Recover ballot, RecoveryProposal proposal) {
        if (!ballot.recovery().equals(proposal.digest())) {
            return new Ballot.Ignored(member + " voted for another recovery, " + ballot.recovery());
        }
        if (ballot.rollback() == proposal.rollback().isEmpty()) {
            return new Ballot.Ignored(
                    ballot.rollback()
                            ? member + " agreed to a rollback, and none is proposed"
                            : member + " did not agree to the rollback that is proposed");
        }
        return new Ballot.Counts(member, ballot);
    }

    /** Judges all of it, but what only the journal's headers tell: {@link #lacks}. */
    public Judgement judge(byte[] serviceId, Constitution constitution, Instant at) {
        int needed = RecoveryProposal.ballotsNeeded(constitution);
        if (needed == 0) {
            return new Judgement.Undecided("this constitution has no recovery threshold, and so allows no recovery");
        }
        if (!proposal.service().equals(HexFormat.of().formatHex(serviceId))) {
            return new Judgement.Undecided("a recovery of the service " + proposal.service());
        }
        if (proposal.generation() != constitution.generation() + 1) {
            return new Judgement.Undecided("a recovery begins generation " + (constitution.generation() + 1)
                    + " here, not " + proposal.generation());
        }
        SortedMap<String, Message.Recover> counted = new TreeMap<>();
        for (byte[] ballot : ballots) {
            switch (judge(ballot, proposal, serviceId, constitution, at)) {
                case Ballot.Ignored(String why) -> {
                    return new Judgement.Undecided(why);
                }
                case Ballot.Counts(String member, Message.Recover message) -> {
                    if (counted.put(member, message) != null) {
                        return new Judgement.Undecided("two ballots of " + member);
                    }
                }
            }
        }
        return counted.size() < needed
                ? new Judgement.Undecided(counted.size() + " ballots, " + needed + " are needed")
                : new Judgement.Decided(counted);
    }

    /** Says which header a journal has at a height. */
    @FunctionalInterface
    public interface Headers {
        /** Lower-case hexadecimal; null if the journal does not reach it. */
        @Nullable
        String hash(long height);
    }

    /**
     * A head that a voter kept, that the journal does not hold, and that is not given up either: then blocks would be
     * lost that nobody decided to lose. Null if there is none.
     */
    public static RecoveryProposal.@Nullable KeptHead lacks(
            RecoveryProposal proposal, Iterable<Message.Recover> ballots, Headers headers) {
        for (Message.Recover ballot : ballots) {
            RecoveryProposal.KeptHead kept = ballot.kept();
            if (kept != null
                    && !kept.hash().equals(headers.hash(kept.height()))
                    && !proposal.rollback().contains(kept)) {
                return kept;
            }
        }
        return null;
    }
}
