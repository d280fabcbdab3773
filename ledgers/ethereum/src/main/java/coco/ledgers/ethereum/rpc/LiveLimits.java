package coco.ledgers.ethereum.rpc;

/** Bounds of subscriptions and filters that no operator needs to change, each with its reason. */
final class LiveLimits {
    /**
     * Addresses and topics that all subscriptions of a node name together, each subscription counted as one more; and
     * as many for its filters. Each takes some hundred bytes, so this is a few dozen megabytes; a block's logs are
     * compared with each.
     */
    static final int WATCHED_MAX = 262_144;

    /**
     * Transactions that were announced and are remembered, so that none is announced twice: a few seconds of full load.
     */
    static final int ANNOUNCED_MAX = 65_536;

    /** Announced transactions that a filter can still be told of: what a poll every few seconds reaches back to. */
    static final int PENDING_KEPT = 32_768;

    /** Bytes of those, as a transaction may have 128 KiB. */
    static final long PENDING_BYTES = 32L << 20;

    /** Notifications that a subscription holds back until its own answer is out; more, and its client is cut off. */
    static final int HELD_MAX = 10_000;

    /**
     * One part in so many of an answer's bytes, and of an exchange's time, is what one poll of a filter takes at most.
     */
    static final int PORTION = 4;

    private LiveLimits() {}
}
