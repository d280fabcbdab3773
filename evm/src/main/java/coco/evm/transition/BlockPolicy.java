package coco.evm.transition;

import coco.evm.types.Word;
import org.jspecify.annotations.Nullable;

/**
 * Where a chain's blocks differ from those of a public network, whose validity is otherwise the same.
 *
 * @param baseFee what every block burns per gas; null where the fee follows the market of EIP-1559
 * @param sharedSeconds whether a block may have the time of the block before
 * @param optionalRequests whether a contract that the end of a block calls (EIP-7002, EIP-7251) may be missing, or
 *     fail: it then has no requests
 */
public record BlockPolicy(@Nullable Word baseFee, boolean sharedSeconds, boolean optionalRequests) {
    /** Ethereum's own rules. */
    public static final BlockPolicy PUBLIC = new BlockPolicy(null, false, false);
}
