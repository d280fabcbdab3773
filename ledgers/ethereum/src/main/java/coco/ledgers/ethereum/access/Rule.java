package coco.ledgers.ethereum.access;

import coco.evm.types.Address;
import org.jspecify.annotations.Nullable;

/**
 * Who decides on a contract.
 *
 * @param holder the contract that is asked: itself, or the one whose rule it inherits; null if none is
 * @param bound the rule that members bound to it, which must allow as well; null if there is none
 * @param closed whether nobody may
 * @param listed the contract whose list of readers must allow as well; null if there is none
 */
record Rule(
        @Nullable Address holder,
        BoundRules.@Nullable Bound bound,
        boolean closed,
        @Nullable Address listed) {
    /** Everybody may. */
    static final Rule OPEN = new Rule(null, null, false, null);

    boolean isOpen() {
        return holder == null && bound == null && !closed && listed == null;
    }

    /** Whether it is that of the system contract: everybody may call it, and nobody reads it. */
    boolean isOfLists() {
        return ReaderLists.ADDRESS.equals(listed);
    }

    /** Says which rule a contract has. */
    @FunctionalInterface
    interface Source {
        Rule of(Address contract);
    }
}
