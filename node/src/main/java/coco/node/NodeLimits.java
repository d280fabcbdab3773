package coco.node;

import java.time.Duration;

/** Bounds of the composition that no operator needs to change, each with its reason. */
final class NodeLimits {
    /** A genesis document with some hundred thousand accounts; see {@code coco.governance}. */
    static final long GENESIS_FILE_BYTES_MAX = 64L << 20;

    /** Certificates, sealed keys, configuration. */
    static final long SMALL_FILE_BYTES_MAX = 1L << 20;

    /** Kinds of index keys: 64 for each ledger, 256 in all. */
    static final int LEDGERS_MAX = 4;

    /** Between two attempts to confirm a first read: an election takes one to two seconds. */
    static final Duration READY_RETRY = Duration.ofMillis(200);

    /** What the drained journal needs to write and force the rest. */
    static final Duration JOURNAL_STOP = Duration.ofSeconds(20);

    /** For one other node to take over the lead when this one stops; an election costs no more. */
    static final Duration TRANSFER = Duration.ofSeconds(2);

    private NodeLimits() {}
}
