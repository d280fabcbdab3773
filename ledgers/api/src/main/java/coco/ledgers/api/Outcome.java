package coco.ledgers.api;

/** What became of a submitted transaction, as far as this node knows for certain. */
public sealed interface Outcome {
    /**
     * It is committed, and this node's state contains it.
     *
     * @param height journal height of the block
     * @param ordinal position among the ledger's transactions in that block, from 0
     */
    record Applied(long height, int ordinal) implements Outcome {}

    /** It was refused and will not be executed because of this submission. */
    record Rejected(Rejection reason) implements Outcome {}

    /** This node has forgotten it, because it waited too long; it may or may not be committed some day. */
    record Expired() implements Outcome {}
}
