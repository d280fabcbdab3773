package coco.evm;

import coco.evm.types.Address;
import coco.evm.types.Word;

/**
 * What a transaction can learn about its block.
 *
 * @param number of the block
 * @param timestampSeconds since 1970
 * @param gasLimit of the block
 * @param baseFee in wei per gas, zero before London (EIP-1559)
 * @param randomness PREVRANDAO since Paris (EIP-4399), the difficulty before
 * @param coinbase who gets the fees
 * @param blobBaseFee in wei per blob gas (EIP-4844)
 */
public record BlockEnvironment(
        long number,
        long timestampSeconds,
        long gasLimit,
        Word baseFee,
        Word randomness,
        Address coinbase,
        Word blobBaseFee) {
    /** The same block with another base fee. */
    public BlockEnvironment withBaseFee(Word other) {
        return new BlockEnvironment(number, timestampSeconds, gasLimit, other, randomness, coinbase, blobBaseFee);
    }

    /** The same block with another base fee for blobs. */
    public BlockEnvironment withBlobBaseFee(Word other) {
        return new BlockEnvironment(number, timestampSeconds, gasLimit, baseFee, randomness, coinbase, other);
    }
}
