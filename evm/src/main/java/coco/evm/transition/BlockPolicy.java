package coco.evm.transition;

import coco.evm.types.Header;
import coco.evm.types.Word;
import org.jspecify.annotations.Nullable;

/**
 * Where a chain's blocks differ from those of a public network, whose validity is otherwise the same.
 *
 * @param baseFee what every block burns per gas; null where the fee follows the market of EIP-1559
 * @param sharedSeconds whether a block may have the time of the block before
 * @param optionalRequests whether a contract that the end of a block calls (EIP-7002, EIP-7251) may be missing, or
 *     fail: it then has no requests
 * @param heldBaseFee whether the fee may stay what it was after a block that {@link #isBlinded is blinded}: it would
 *     follow from what such a block hides
 */
public record BlockPolicy(
        @Nullable Word baseFee, boolean sharedSeconds, boolean optionalRequests, boolean heldBaseFee) {
    /** Ethereum's own rules. */
    public static final BlockPolicy PUBLIC = new BlockPolicy(null, false, false, false);

    /** Whether a header's extra data is as long as what keeps others from guessing the state by the block's hash. */
    public static boolean isBlinded(Header header) {
        return header.extraData().length == Word.SIZE;
    }
}
