package coco.evm.transition;

import coco.evm.types.AccessListEntry;
import coco.evm.types.Address;
import coco.evm.types.Authorization;
import coco.evm.types.Word;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A transaction as the state transition sees it: decoded, and its sender known.
 *
 * @param type EIP-2718: 0 legacy, 1 access list, 2 dynamic fee, 3 blobs, 4 set code
 * @param sender whoever signed it
 * @param nonce an unsigned 64-bit number
 * @param gasLimit in gas
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
        int type,
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
    public static final int LEGACY = 0;
    public static final int ACCESS_LIST = 1;
    public static final int DYNAMIC_FEE = 2;
    public static final int BLOB = 3;
    public static final int SET_CODE = 4;

    /** A call without fees, as eth_call makes it. */
    public static TransactionMessage call(
            Address sender, @Nullable Address to, Word value, byte[] data, long gasLimit) {
        return new TransactionMessage(
                LEGACY, sender, 0, gasLimit, Word.ZERO, Word.ZERO, to, value, data, List.of(), List.of(), List.of(),
                Word.ZERO);
    }
}
