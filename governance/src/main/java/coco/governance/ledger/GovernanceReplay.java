package coco.governance.ledger;

import org.jspecify.annotations.Nullable;

/** Judges everything again, from the public write sets of a journal's blocks alone. */
public final class GovernanceReplay {
    /**
     * Begins with a network's first block.
     *
     * @param genesisDocument canonical bytes
     */
    public GovernanceReplay(byte[] serviceId, byte[] genesisDocument) {
        throw new UnsupportedOperationException("" + serviceId.length + genesisDocument.length);
    }

    /**
     * Judges the next block.
     *
     * @param publicWrites serialised public write set of the block
     * @param timestampSeconds of the block
     * @return null if every decision is the one that the rules give, else what is wrong
     */
    public @Nullable String block(long height, byte[] publicWrites, long timestampSeconds) {
        throw new UnsupportedOperationException("" + height + publicWrites.length + timestampSeconds);
    }
}
