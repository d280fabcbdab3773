package coco.evm;

import coco.evm.types.Address;
import coco.evm.types.Word;
import java.util.List;

/**
 * What a frame can learn about the transaction that it is part of.
 *
 * @param origin who signed it
 * @param gasPrice what it pays, in wei per gas
 * @param blobHashes of its blobs, 32 bytes each
 */
public record TransactionContext(Address origin, Word gasPrice, List<byte[]> blobHashes) {}
