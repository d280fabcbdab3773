package coco.ledgers.ethereum.simulation;

import coco.evm.transition.TransactionMessage;
import coco.evm.types.AccessListEntry;
import coco.evm.types.Address;
import coco.evm.types.Authorization;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A transaction that nobody signed, with as much of it as was named; null for the rest.
 *
 * @param from the sender
 * @param to null to create a contract
 * @param gas unsigned
 * @param gasPrice wei per gas; then neither of the next two
 * @param maxFeePerGas wei per gas
 * @param maxPriorityFeePerGas wei per gas
 * @param value wei
 * @param nonce unsigned
 * @param data input or init code, not to be written to
 * @param accessList EIP-2930
 * @param authorizations EIP-7702
 * @param blobHashes EIP-4844, 32 bytes each
 * @param maxFeePerBlobGas wei per blob gas
 */
@SuppressWarnings("ArrayRecordComponent") // Executed, never compared.
public record CallRequest(
        @Nullable Address from,
        @Nullable Address to,
        @Nullable Long gas,
        @Nullable Word gasPrice,
        @Nullable Word maxFeePerGas,
        @Nullable Word maxPriorityFeePerGas,
        @Nullable Word value,
        @Nullable Long nonce,
        byte[] data,
        @Nullable List<AccessListEntry> accessList,
        @Nullable List<Authorization> authorizations,
        @Nullable List<byte[]> blobHashes,
        @Nullable Word maxFeePerBlobGas) {
    /** The chain id that geth reads off a v of zero, and shows where there is no signature: (2^64 - 35) / 2. */
    private static final long UNSIGNED_LEGACY_CHAIN_ID = 0x7fff_ffff_ffff_ffeeL;

    /** Who sends it: the zero address where nobody is named. */
    public Address sender() {
        return from == null ? Address.ZERO : from;
    }

    /** The same with an access list. */
    public CallRequest withAccessList(List<AccessListEntry> entries) {
        return new CallRequest(
                from,
                to,
                gas,
                gasPrice,
                maxFeePerGas,
                maxPriorityFeePerGas,
                value,
                nonce,
                data,
                entries,
                authorizations,
                blobHashes,
                maxFeePerBlobGas);
    }

    /** The same with fees of EIP-1559. */
    public CallRequest withFees(Word most, Word priority) {
        return new CallRequest(
                from,
                to,
                gas,
                gasPrice,
                most,
                priority,
                value,
                nonce,
                data,
                accessList,
                authorizations,
                blobHashes,
                maxFeePerBlobGas);
    }

    /** What executes: fees that are not named are zero. */
    public TransactionMessage message(long withNonce, long withGas) {
        return new TransactionMessage(
                messageType(),
                sender(),
                withNonce,
                withGas,
                most(),
                priority(),
                to,
                orZero(value),
                data,
                orNone(accessList),
                orNone(authorizations),
                orNone(blobHashes),
                orZero(maxFeePerBlobGas));
    }

    /** As other clients choose it: what asks for the newest rules decides, and nothing asked for is the oldest. */
    private Transaction.Type messageType() {
        if (authorizations != null) {
            return Transaction.Type.SET_CODE;
        }
        if (blobHashes != null) {
            return Transaction.Type.BLOB;
        }
        if (maxFeePerGas != null || maxPriorityFeePerGas != null) {
            return Transaction.Type.DYNAMIC_FEE;
        }
        return orNone(accessList).isEmpty() ? Transaction.Type.LEGACY : Transaction.Type.ACCESS_LIST;
    }

    /**
     * The transaction without a signature: its three numbers are zero.
     *
     * @param usual the type it has unless a field wants another one
     */
    public Transaction unsigned(Transaction.Type usual, long chainId, long withNonce, long withGas) {
        Transaction.Type type = type(usual);
        Transaction.Builder fields = Transaction.builder(type)
                .chainId(type == Transaction.Type.LEGACY ? UNSIGNED_LEGACY_CHAIN_ID : chainId)
                .nonce(withNonce)
                .gasLimit(withGas)
                .to(to)
                .value(orZero(value))
                .data(data);
        switch (type) {
            case LEGACY -> fields.gasPrice(orZero(gasPrice));
            case ACCESS_LIST -> fields.gasPrice(orZero(gasPrice)).accessList(orNone(accessList));
            case DYNAMIC_FEE -> fields.fees(priority(), most()).accessList(orNone(accessList));
            case BLOB ->
                fields.fees(priority(), most())
                        .accessList(orNone(accessList))
                        .blobs(orZero(maxFeePerBlobGas), orNone(blobHashes));
            case SET_CODE ->
                fields.fees(priority(), most()).accessList(orNone(accessList)).authorizations(orNone(authorizations));
        }
        return fields.unsigned();
    }

    private Transaction.Type type(Transaction.Type usual) {
        if (gasPrice != null) {
            return Transaction.Type.LEGACY;
        }
        if (authorizations != null) {
            return Transaction.Type.SET_CODE;
        }
        if (blobHashes != null) {
            return Transaction.Type.BLOB;
        }
        if (maxFeePerGas != null || usual == Transaction.Type.DYNAMIC_FEE) {
            return Transaction.Type.DYNAMIC_FEE;
        }
        return accessList != null ? Transaction.Type.ACCESS_LIST : usual;
    }

    private Word most() {
        return orZero(gasPrice == null ? maxFeePerGas : gasPrice);
    }

    private Word priority() {
        return orZero(gasPrice == null ? maxPriorityFeePerGas : gasPrice);
    }

    private static Word orZero(@Nullable Word value) {
        return value == null ? Word.ZERO : value;
    }

    private static <T> List<T> orNone(@Nullable List<T> values) {
        return values == null ? List.of() : values;
    }
}
