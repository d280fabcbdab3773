package coco.node.recovery;

import coco.governance.ledger.RecoveryProposal;
import coco.governance.ledger.RecoveryProposal.KeptHead;
import coco.governance.ledger.RecoveryRecord;
import coco.governance.ledger.RecoveryRecord.Ballot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The ballots that came in, as they count. */
public final class RecoveryBallots {
    private final SortedMap<String, byte[]> counted = new TreeMap<>();
    private final List<String> objections = new ArrayList<>();
    private final int needed;

    private RecoveryBallots(int needed) {
        this.needed = needed;
    }

    /**
     * Counts them.
     *
     * @param copy the journal whose constitution decides
     * @param at service time of the block that will carry them
     */
    public static RecoveryBallots count(
            SurvivingJournal copy, RecoveryProposal proposal, List<byte[]> ballots, Instant at) {
        RecoveryBallots result = new RecoveryBallots(RecoveryProposal.ballotsNeeded(copy.constitution()));
        for (byte[] ballot : ballots) {
            switch (RecoveryRecord.judge(ballot, proposal, copy.serviceId(), copy.constitution(), at)) {
                case Ballot.Ignored(String why) -> result.objections.add("a ballot does not count: " + why);
                case Ballot.Counts(String member, var message) -> {
                    KeptHead lacking = RecoveryRecord.lacks(proposal, List.of(message), copy::headerHash);
                    if (lacking == null) {
                        result.counted.put(member, ballot);
                    } else {
                        result.objections.add("the journal lacks block " + lacking.height() + " with the hash "
                                + lacking.hash() + ", which " + member
                                + " kept: it takes a copy that holds it, or a proposal of a rollback");
                    }
                }
            }
        }
        return result;
    }

    /** One for each member, in the order of their names. */
    public List<byte[]> ballots() {
        return List.copyOf(counted.values());
    }

    /** Why it does not go on; empty if it does. */
    public List<String> waitsFor() {
        List<String> reasons = new ArrayList<>(objections);
        if (counted.size() < needed) {
            reasons.add((needed - counted.size()) + " more ballots; here are those of " + counted.keySet() + ", "
                    + needed + " are needed");
            return reasons;
        }
        return List.of();
    }
}
