package coco.core;

import coco.ledgers.api.Offer;
import coco.ledgers.api.Rejection;
import org.jspecify.annotations.Nullable;

/** What a node knows of a transaction; docs/specs/receipt.md says what follows from each. */
public sealed interface TransactionStatus {
    /** The word in which it is told. */
    String word();

    /** It is in a committed block that this node has applied. Final. */
    record Committed(String ledger, long height, int ordinal) implements TransactionStatus {
        @Override
        public String word() {
            return "committed";
        }
    }

    /** This node took it from a client and has neither seen it applied nor refused. */
    record Pending() implements TransactionStatus {
        @Override
        public String word() {
            return "pending";
        }
    }

    /**
     * This node took it from a client and the leader refused it, and it is in no block up to this height. Who offers it
     * again makes it pending again.
     *
     * @param height that this node had applied when the refusal became final
     */
    record Invalid(Rejection reason, long height) implements TransactionStatus {
        @Override
        public String word() {
            return "invalid";
        }
    }

    /**
     * None of these.
     *
     * @param height up to which it is in no block
     */
    record Unknown(long height) implements TransactionStatus {
        @Override
        public String word() {
            return "unknown";
        }
    }

    /**
     * What a node remembers beside committed blocks.
     *
     * @param status pending or invalid; null for nothing
     * @param offer the transaction, by which its ledger says who may know of it; null if there is no status
     */
    record Remembered(
            @Nullable TransactionStatus status, @Nullable Offer offer) {
        static final Remembered NOTHING = new Remembered(null, null);
    }
}
