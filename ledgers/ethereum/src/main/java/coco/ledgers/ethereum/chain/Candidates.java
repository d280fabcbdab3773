package coco.ledgers.ethereum.chain;

import coco.evm.types.Address;
import coco.evm.types.Transaction;
import org.jspecify.annotations.Nullable;

/** Where a block's transactions come from. */
public interface Candidates {
    /** One that may execute next: its sender's earlier ones are executed. */
    interface Candidate {
        /** As it was signed. */
        Transaction transaction();

        /** Who signed it. */
        Address sender();
    }

    /** The best candidate, or null if there is none. The same again until it is settled by one of the methods below. */
    @Nullable
    Candidate next();

    /** It is in the block. */
    void executed(Candidate candidate);

    /**
     * It can never be in a block that follows this state.
     *
     * @param why in the words of other clients
     */
    void invalid(Candidate candidate, String why);
}
