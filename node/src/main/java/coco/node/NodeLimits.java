package coco.node;

import java.time.Duration;

/** Bounds of the composition that no operator needs to change, each with its reason. */
final class NodeLimits {
    /** How often it is looked, within the time that a state may be old, whether open connections are still allowed. */
    static final int SESSION_CHECKS = 4;

    /** How long an open connection is told nothing before it is ended: longer than an election and a pause take. */
    static final Duration UNCONFIRMED = Duration.ofSeconds(10);

    /** A genesis document with some hundred thousand accounts; see {@code coco.governance}. */
    static final long GENESIS_FILE_BYTES_MAX = 64L << 20;

    /** Certificates, sealed keys, configuration. */
    static final long SMALL_FILE_BYTES_MAX = 1L << 20;

    /** The secrets of half a million epochs, of a generation each at worst. */
    static final long HANDOVER_BYTES_MAX = 64L << 20;

    /** Kinds of index keys: 64 for each ledger, 256 in all. */
    static final int LEDGERS_MAX = 4;

    /** Between two attempts to confirm a read that failed: an election takes one to two seconds. */
    static final Duration READY_RETRY = Duration.ofMillis(200);

    /** Between two confirmed reads: each asks a majority, which an idle network should hardly notice. */
    static final Duration READY_CHECK = Duration.ofSeconds(4);

    /** How long a ready node goes without a confirmed read: several elections, and two checks. */
    static final Duration READY_PATIENCE = Duration.ofSeconds(10);

    /** What listeners get beyond the grace of their requests. */
    static final Duration LISTENER_STOP = Duration.ofSeconds(5);

    /** For a background task, such as comparing state, once nothing more is handed over. */
    static final Duration BACKGROUND_STOP = Duration.ofSeconds(2);

    /** What the drained journal needs to write and force the rest. */
    static final Duration JOURNAL_STOP = Duration.ofSeconds(20);

    /** For one other node to take over the lead when this one stops; an election costs no more. */
    static final Duration TRANSFER = Duration.ofSeconds(2);

    /** Receipts made at a time: each may decrypt a block of some megabytes, and they are asked for by anybody. */
    static final int RECEIPTS_AT_ONCE = 4;

    /** How long a request for one waits for its turn, or for the core thread. */
    static final long RECEIPT_WAIT_MILLIS = 2_000;

    /**
     * How long what was learnt of the other nodes is shown again, so that they are asked no more than once a second.
     */
    static final Duration NETWORK_PAGE_AGE = Duration.ofSeconds(1);

    /** How long that page waits for nodes that do not answer: the others are no less interesting then. */
    static final Duration NETWORK_PAGE_WAIT = Duration.ofMillis(500);

    private NodeLimits() {}
}
