package coco.ledgers.ethereum.simulation;

import coco.evm.BlockEnvironment;
import coco.evm.types.Address;
import coco.evm.types.Fork;
import coco.evm.types.Withdrawal;
import coco.evm.types.Word;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a simulated block has instead of what it would have; null for what stays.
 *
 * @param number of the block
 * @param difficulty counts before Paris only
 * @param timestampSeconds since 1970, unsigned
 * @param gasLimit unsigned
 * @param feeRecipient who gets the fees
 * @param prevRandao 32 bytes; counts since Paris only
 * @param baseFeePerGas wei
 * @param blobBaseFee wei; the header knows nothing of it
 * @param beaconRoot 32 bytes (EIP-4788); whole blocks only
 * @param withdrawals EIP-4895; whole blocks only
 */
@SuppressWarnings("ArrayRecordComponent") // Applied, never compared.
public record BlockOverrides(
        @Nullable Word number,
        @Nullable Word difficulty,
        @Nullable Long timestampSeconds,
        @Nullable Long gasLimit,
        @Nullable Address feeRecipient,
        byte @Nullable [] prevRandao,
        @Nullable Word baseFeePerGas,
        @Nullable Word blobBaseFee,
        byte @Nullable [] beaconRoot,
        @Nullable List<Withdrawal> withdrawals) {
    /** Nothing is different. */
    public static final BlockOverrides NONE =
            new BlockOverrides(null, null, null, null, null, null, null, null, null, null);

    /** Whether nothing is different. */
    public boolean isEmpty() {
        return equals(NONE);
    }

    /** The same with a number and a time. */
    BlockOverrides at(long blockNumber, long timestamp) {
        return new BlockOverrides(
                Word.of(blockNumber),
                difficulty,
                timestamp,
                gasLimit,
                feeRecipient,
                prevRandao,
                baseFeePerGas,
                blobBaseFee,
                beaconRoot,
                withdrawals);
    }

    /**
     * What single calls find instead of {@code block}. Of a number only 64 bits count.
     *
     * @param fork the rules of {@code block}
     */
    public BlockEnvironment apply(BlockEnvironment block, Fork fork) {
        if (isEmpty()) {
            return block;
        }
        Word randomness = block.randomness();
        if (fork.has(Fork.PARIS)) {
            randomness = prevRandao == null ? randomness : Word.ofBytes32(prevRandao, 0);
        } else {
            randomness = difficulty == null ? randomness : difficulty;
        }
        return new BlockEnvironment(
                number == null ? block.number() : number.l0(),
                timestampSeconds == null ? block.timestampSeconds() : timestampSeconds,
                gasLimit == null ? block.gasLimit() : gasLimit,
                baseFeePerGas == null ? block.baseFee() : baseFeePerGas,
                randomness,
                feeRecipient == null ? block.coinbase() : feeRecipient,
                blobBaseFee == null ? block.blobBaseFee() : blobBaseFee);
    }
}
