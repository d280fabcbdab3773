package coco.evm.transition;

import coco.evm.Halt;
import coco.evm.types.Address;
import coco.evm.types.Log;
import coco.evm.types.Word;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of a transaction. */
public sealed interface Outcome {
    /**
     * It is part of the block. The state holds its changes, which the owner of the state commits.
     *
     * @param halt how the outermost frame ended; anything but success is a receipt with status 0
     * @param gasUsed what the sender paid for, after refunds
     * @param gasBeforeRefund the same before refunds: what a gas limit has to be, at least
     * @param output return data, or revert data, or nothing
     * @param logs oldest first
     * @param created the contract that a transaction without recipient made, if it succeeded
     * @param effectiveGasPrice in wei per gas
     */
    @SuppressWarnings("ArrayRecordComponent") // Read field by field, never compared.
    record Executed(
            Halt halt,
            long gasUsed,
            long gasBeforeRefund,
            byte[] output,
            List<Log> logs,
            @Nullable Address created,
            Word effectiveGasPrice)
            implements Outcome {
        public boolean isSuccess() {
            return halt.isSuccess();
        }
    }

    /**
     * It may not be in a block on this state; the state is as it was.
     *
     * @param reason for programs
     * @param message for people, in the words of other clients
     */
    record Rejected(Reason reason, String message) implements Outcome {}

    /** Why a transaction may not be in a block. */
    enum Reason {
        /** The signature is not one, or not one of the fork (EIP-2, EIP-155). */
        INVALID_SIGNATURE,
        /** Signed for another chain. */
        WRONG_CHAIN_ID,
        TYPE_NOT_SUPPORTED,
        NONCE_TOO_LOW,
        NONCE_TOO_HIGH,
        NONCE_AT_MAXIMUM,
        SENDER_NOT_EOA,
        GAS_LIMIT_TOO_HIGH,
        BLOCK_GAS_EXCEEDED,
        PRIORITY_FEE_ABOVE_MAX_FEE,
        MAX_FEE_BELOW_BASE_FEE,
        INSUFFICIENT_FUNDS,
        INTRINSIC_GAS_TOO_LOW,
        FLOOR_GAS_TOO_LOW,
        INIT_CODE_TOO_LONG,
        BLOB_TRANSACTION_INVALID,
        /** The blobs of the block would be more than it may carry. */
        BLOCK_BLOB_GAS_EXCEEDED,
        SET_CODE_TRANSACTION_INVALID
    }
}
