package coco.evm.transition;

import coco.evm.types.Address;
import coco.evm.types.Receipt;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of a block. */
public sealed interface BlockOutcome {
    /**
     * The block is valid, and the world has its state.
     *
     * @param receipts one per transaction, in order
     * @param executions what each transaction did, in order
     * @param senders who signed each, in order
     * @param stateRoot after the block, 32 bytes; null if the world has no tries, and then no root was compared
     * @param requests to the consensus layer: type and data of each kind that has any (EIP-7685); none before Prague
     */
    @SuppressWarnings("ArrayRecordComponent") // Read field by field, never compared.
    record Valid(
            List<Receipt> receipts,
            List<Outcome.Executed> executions,
            List<Address> senders,
            byte @Nullable [] stateRoot,
            List<byte[]> requests)
            implements BlockOutcome {
        public Valid {
            receipts = List.copyOf(receipts);
            executions = List.copyOf(executions);
            senders = List.copyOf(senders);
            requests = List.copyOf(requests);
        }

        /** Gas that the transactions used. */
        public long gasUsed() {
            return receipts.isEmpty() ? 0 : receipts.getLast().cumulativeGasUsed();
        }
    }

    /**
     * The block breaks a rule, and the world is as it was.
     *
     * @param fault which rule
     * @param message the first difference, for people
     * @param rejected why the transaction may not be in the block, where that is the fault
     */
    record Invalid(Fault fault, String message, Outcome.@Nullable Rejected rejected) implements BlockOutcome {
        Invalid(Fault fault, String message) {
            this(fault, message, null);
        }

        /** A value of the header that is another one by the rules. */
        static Invalid difference(Fault fault, Object byTheRules, Object inTheHeader) {
            return new Invalid(fault, "by the rules " + byTheRules + ", in the header " + inTheHeader);
        }
    }

    /** The rules that a block can break. */
    enum Fault {
        /** The bytes are not the canonical encoding of a block. */
        MALFORMED,
        /** The encoding is too long (EIP-7934). */
        TOO_LARGE,
        /** The block before is not known. */
        UNKNOWN_PARENT,
        /** A header field of the fork is missing, or one of a later fork is there. */
        FIELDS,
        NUMBER,
        TIMESTAMP,
        /** The gas limit moved too far from the parent's, or is too low. */
        GAS_LIMIT,
        GAS_USED_ABOVE_LIMIT,
        /** More than 32 bytes, or not what the DAO fork demands (EIP-779). */
        EXTRA_DATA,
        DIFFICULTY,
        /** A block after the merge whose nonce is not zero (EIP-3675). */
        NONCE,
        /** EIP-1559. */
        BASE_FEE,
        /** An ommer that is none, or was one before. */
        OMMERS,
        OMMERS_HASH,
        TRANSACTIONS_ROOT,
        WITHDRAWALS_ROOT,
        /** Not what the transactions use, or more than a block may. */
        BLOB_GAS_USED,
        EXCESS_BLOB_GAS,
        /** A transaction may not be in the block. */
        TRANSACTION,
        /** An event of the deposit contract is not laid out as one (EIP-6110). */
        DEPOSIT_LAYOUT,
        /** A contract that the end of a block calls is not there (EIP-7002, EIP-7251). */
        SYSTEM_CONTRACT_EMPTY,
        /** A call at the end of a block failed (EIP-7002, EIP-7251). */
        SYSTEM_CALL_FAILED,
        GAS_USED,
        LOGS_BLOOM,
        RECEIPTS_ROOT,
        STATE_ROOT,
        /** EIP-7685. */
        REQUESTS_HASH
    }
}
