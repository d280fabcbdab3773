package coco.ledgers.ethereum.access;

import coco.evm.types.Address;
import org.jspecify.annotations.Nullable;

/**
 * All that decides whether a user sees and calls a contract, one by one, as the newest committed state has it. For
 * whoever may know that the contract is there.
 *
 * @param mark {@code none}, {@code own}, {@code inherited}, {@code pending}, {@code cleared} or {@code listed}
 * @param since number of the block that brought the mark; of a cleared one the last whose content stays hidden; -1
 *     without a mark
 * @param maker whose rule an inherited mark means; else null
 * @param holder the contract that is asked; null if none is
 * @param bound whether the rule that members bound to it lets the user read; null if there is none
 * @param listed whether the list of readers that its sender named has the user; null if there is none
 * @param closed whether nobody is let in, whatever anybody says
 * @param canRead what the holder answered: {@code yes}, {@code no}, {@code malformed} (it reverted, failed or said
 *     something else) or {@code over-budget}; null if it was not asked
 * @param canCall the same for a call by the user itself
 * @param reads what follows for reading
 * @param calls what follows for a call by the user itself
 */
public record AccessReasons(
        String mark,
        long since,
        @Nullable Address maker,
        @Nullable Address holder,
        @Nullable Boolean bound,
        @Nullable Boolean listed,
        boolean closed,
        @Nullable String canRead,
        @Nullable String canCall,
        boolean reads,
        boolean calls) {}
