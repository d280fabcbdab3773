package coco.ledgers.ethereum.chain;

import coco.evm.types.Address;
import coco.evm.types.Transaction;
import java.util.Map;
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

    /**
     * It is in the block.
     *
     * @param nonces those of all accounts that it changed, as they are now, unsigned: it can raise others than
     *     the sender's (EIP-7702), and the sender's by more than one
     */
    void executed(Candidate candidate, Map<Address, Long> nonces);

    /**
     * It can never be in a block that follows this state.
     *
     * @param why in the words of other clients
     */
    void invalid(Candidate candidate, String why);
}
