package coco.cli.demo.compare;

import coco.evm.types.Address;
import coco.evm.types.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * A signed transaction, and what became of it where it comes from.
 *
 * @param block number of the block that it was in; -1 for a synthetic one
 * @param index in that block
 * @param recorded what its receipt says there; null if that is not known
 */
record SourceTransaction(
        Transaction transaction,
        Address sender,
        long block,
        int index,
        @Nullable Outcome recorded) {
    /**
     * What a receipt says.
     *
     * @param success its status
     * @param gasUsed of this transaction alone
     */
    record Outcome(boolean success, long gasUsed) {}
}
