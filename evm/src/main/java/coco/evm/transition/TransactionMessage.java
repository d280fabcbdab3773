package coco.evm.transition;

import coco.evm.types.AccessListEntry;
import coco.evm.types.Address;
import coco.evm.types.Authorization;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A transaction as the state transition sees it: decoded, and its sender known.
 *
 * @param type EIP-2718
 * @param sender whoever signed it
 * @param nonce an unsigned 64-bit number
 * @param gasLimit in gas, an unsigned 64-bit number
 * @param maxFeePerGas in wei per gas; types 0 and 1 have their gas price here
 * @param maxPriorityFeePerGas in wei per gas; types 0 and 1 have their gas price here too
 * @param to null to create a contract
 * @param value in wei
 * @param data input or init code; not to be written to
 * @param accessList EIP-2930
 * @param authorizations EIP-7702
 * @param blobHashes EIP-4844, 32 bytes each
 * @param maxFeePerBlobGas EIP-4844, in wei per blob gas
 */
@SuppressWarnings("ArrayRecordComponent") // A message is executed, never compared.
public record TransactionMessage(
        Transaction.Type type,
        Address sender,
        long nonce,
        long gasLimit,
        Word maxFeePerGas,
        Word maxPriorityFeePerGas,
        @Nullable Address to,
        Word value,
        byte[] data,
        List<AccessListEntry> accessList,
        List<Authorization> authorizations,
        List<byte[]> blobHashes,
        Word maxFeePerBlobGas) {
    /** The message of a decoded transaction, whose sender was recovered. */
    public static TransactionMessage of(Transaction transaction, Address sender) {
        return new TransactionMessage(
                transaction.type(),
                sender,
                transaction.nonce(),
                transaction.gasLimit(),
                transaction.maxFeePerGas(),
                transaction.maxPriorityFeePerGas(),
                transaction.to(),
                transaction.value(),
                transaction.data(),
                transaction.accessList(),
                transaction.authorizations(),
                transaction.blobHashes(),
                transaction.maxFeePerBlobGas());
    }

    /** A call without fees, as eth_call makes it. */
    public static TransactionMessage call(
            Address sender, @Nullable Address to, Word value, byte[] data, long gasLimit) {
        return new TransactionMessage(
                Transaction.Type.LEGACY,
                sender,
                0,
                gasLimit,
                Word.ZERO,
                Word.ZERO,
                to,
                value,
                data,
                List.of(),
                List.of(),
                List.of(),
                Word.ZERO);
    }
}
