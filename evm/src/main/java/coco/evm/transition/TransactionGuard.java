package coco.evm.transition;

import coco.evm.FrameGuard;

/** A guard that follows the transactions of a block, as their effects may change what it lets in. One thread. */
public interface TransactionGuard extends FrameGuard {
    /**
     * A transaction is about to be executed.
     *
     * @param gas its limit, an unsigned 64-bit number
     */
    void beginTransaction(long gas);

    /**
     * It was executed, and is about to be committed.
     *
     * @param delegates whether it may have given accounts other code without entering them (EIP-7702)
     */
    void endTransaction(boolean delegates);
}
