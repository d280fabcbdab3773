package coco.node.recovery;

import coco.core.ServiceMaps;
import coco.governance.Constitution;
import coco.journal.EpochShares;
import coco.journal.MalformedException;
import coco.journal.PublicWritesReader.PublicFacts;
import coco.journal.Recovery;
import coco.journal.SealedBlock;
import org.jspecify.annotations.Nullable;

/** Judges whether each epoch was dealt to those whom the constitution names. */
final class DealtShares {
    private DealtShares() {}

    /**
     * What is wrong with what a block deals; null if nothing is.
     *
     * @param after the constitution in force after the block
     */
    static @Nullable String problem(SealedBlock block, PublicFacts facts, Constitution after) {
        if (!facts.bringsEpoch()) {
            return null;
        }
        Recovery recovery = RecoveryMembers.of(after);
        try {
            EpochShares own = null;
            for (EpochShares record : ServiceMaps.shares(block.header().height(), block.publicWrites())) {
                if (!record.isDealtTo(recovery)) {
                    return "deals shares to others than the members who recover";
                }
                own = record.id().kind() == EpochShares.Kind.EPOCH ? record : own;
            }
            return own == null && recovery.isConfigured() ? "brings an epoch without shares for the members" : null;
        } catch (MalformedException e) {
            return "shares: " + e.getMessage();
        }
    }
}
