package coco.ledgers.api;

import coco.kv.Draft;

/** What a ledger gets to make one block. */
public interface BuildContext {
    /**
     * The state after the previous block, to be changed in place. Other ledgers of the same block work on other maps.
     */
    Draft state();

    /** What is in force for this block. */
    AccessSettings access();

    /** Journal height of the block, if it is not lost. */
    long height();

    /** Service time of the block in whole seconds since 1970; never less than that of the block before. */
    long timestampSeconds();

    /**
     * 32 bytes that nobody outside the trusted environment can foresee or choose: a function of a secret and the parent
     * block, so that they cannot be drawn again by losing the block.
     */
    byte[] randomness();

    /**
     * Whether a block is wanted even if there is nothing to execute: this ledger has had none for as long as the
     * network is set to let pass. A ledger for which an empty block means nothing returns null all the same.
     */
    boolean heartbeat();

    /**
     * Counts one executed transaction against the block's budget.
     *
     * @param sizeBytes what it adds to the block: payload and writes
     */
    void executed(int sizeBytes);

    /** Whether the block is full: count, bytes, or time spent executing. Ask before each transaction. */
    boolean full();

    /** Reports a pooled transaction that will never execute. */
    void dropped(byte[] id, Rejection reason);
}
