package coco.core;

import coco.consensus.ConsensusLimits;
import coco.journal.EpochShares;

/**
 * Every bound of the core, each with its reason. Those that an operator or the constitution may change are parameters;
 * the rest are constants here.
 *
 * @param batchMinIntervalMillis least time between two blocks while one is in flight. Ratis costs 6 to 20 ms of CPU a
 *     block over three nodes whatever its size, so blocks under load are worth waiting for
 * @param batchMaxTransactions most transactions a block: bounds what a lost block loses and how long one is executed
 * @param batchMaxExecutionMillis longest time one block is executed: the core thread answers nobody meanwhile
 * @param blockMaxBytes a block closes at this size. The transaction that crosses the mark is still in: it adds at most
 *     what its gas buys, 2 MiB of log data at a cap of 16.7 million and 8 gas a byte, and Raft takes entries up to 8 MB
 * @param window most blocks in flight. Four hide the round trip at any rate seen; more only adds latency and lost work
 * @param heartbeatMillis when a ledger has had no block for this long, it is asked for an empty one; 0 is off, as every
 *     block costs replication and disk on every node for ever
 * @param stateBlocks of how many blocks the state is kept, the newest included: calls and proofs at a block that was
 *     the newest when a client's work with it began
 * @param stateBytes most memory that this may cost: what later blocks replaced. At full load a block of 500 transfers
 *     replaces about 1 MB, so that 256 MiB are some 250 blocks then
 */
public record CoreLimits(
        long batchMinIntervalMillis,
        int batchMaxTransactions,
        long batchMaxExecutionMillis,
        int blockMaxBytes,
        int window,
        long heartbeatMillis,
        int stateBlocks,
        long stateBytes) {
    public static final CoreLimits DEFAULTS = new CoreLimits(40, 1_000, 20, 4 << 20, 4, 0, 1_024, 256L << 20);

    /** Most transactions this node holds for its own clients: at 10,000 a second, five seconds without a leader. */
    static final int ORIGIN_TRANSACTIONS = 50_000;

    /** Most bytes of them. A transaction may be 128 KiB. */
    static final long ORIGIN_BYTES = 256L << 20;

    /** How long a transaction is kept and offered to each new leader before its client is told that it expired. */
    static final long ORIGIN_EXPIRY_MILLIS = 60_000;

    /**
     * A transaction that is not settled this long after it was offered is offered again: the leader may have dropped it
     * when it built a block, and tells by refusing it now. A second is many times the latency of a commit, so that
     * under load next to nothing is offered twice, and short enough for a person who waits for the answer.
     */
    static final long OFFER_AGAIN_MILLIS = 1_000;

    /**
     * Each further time takes twice as long, up to this: a transaction may wait for a minute behind a gap in nonces.
     */
    static final long OFFER_AGAIN_MILLIS_MAX = 8_000;

    /**
     * Most transactions offered again at one tick: one message, and at most as many a second as a loaded network takes.
     */
    static final int OFFERS_AGAIN = 1_000;

    /** Most offers in one message to the leader: about a block's worth, so that one slow message holds up no more. */
    static final int FORWARD_OFFERS = 1_000;

    /** Most bytes of offers in one message to the leader. */
    static final int FORWARD_BYTES = 4 << 20;

    /**
     * How long a leader waits for its oldest block in flight before it steps down: the longest election timeout, after
     * which the others have a leader of their own if they can.
     */
    static final long STALL_MILLIS = 2_000;

    /** How often time-driven work is looked at: expiry, stalls, repair of a missed notification. */
    static final long TICK_MILLIS = 100;

    /** Committed blocks kept opened in memory, for answers that follow a commit at once. */
    static final int RECENT_BLOCKS = 64;

    /** Most bytes of them. */
    static final long RECENT_BYTES = 64L << 20;

    /**
     * Committed blocks kept after they were read back from the journal: a wallet asks several times about one block,
     */
    static final int READ_BACK_BLOCKS = 256;

    /** and a scan over full blocks of several MiB each must not fill the heap. */
    static final long READ_BACK_BYTES = 32L << 20;

    /**
     * Most clients that wait for a transaction which another one submitted before: many times what a wallet's retries
     * make.
     */
    static final int DUPLICATE_TICKETS = 10_000;

    /** Refused transactions whose refusal is remembered for whoever may ask later: some 300 bytes each, */
    static final int REMEMBERED_REFUSALS = 16_384;

    /** and most bytes of these transactions, which say whose they are: four times what so many usual ones have. */
    static final long REMEMBERED_REFUSAL_BYTES = 16L << 20;

    /** Blocks whose leaves are kept for the next receipt, */
    static final int RECEIPT_BLOCKS = 64;

    /** and most bytes of them. */
    static final long RECEIPT_BYTES = 32L << 20;

    /** Blocks between two attempts to repair the index from a journal that lacks a block: each reads all of both. */
    static final long REPAIR_AGAIN_BLOCKS = 10_000;

    /** A follower compares its state with the leader's claims after this many transactions, */
    static final int AUDIT_TRANSACTIONS = 10_000;

    /** or after this time, so that a new leader owes at most about 0.2 s of hashing. */
    static final long AUDIT_MILLIS = 1_000;

    /**
     * Epochs that the policy alone may begin. The last ones are left to changes that demand one: where there are more
     * than a record of shares can hold, the members who recover the service could not be changed any more.
     */
    static final int EPOCHS_BY_POLICY = EpochShares.EPOCHS_MAX - 4_096;

    /** Most bytes of a sealed block: what the log takes as a payload, less the byte that says what it is. */
    static final int SEALED_BYTES_MAX = ConsensusLimits.standard().payloadBytesMax() - 1;

    /**
     * No block is built once less than this part of the store is free: an eighth of 512 MiB takes a window of large
     * blocks, each of which costs several times its bytes until the state that it replaces is released.
     */
    static final int STATE_RESERVE_PART = 8;

    /**
     * Old states leave at least this part of the store free: twice the reserve, so that they never keep a node from
     * building, even while what they let go waits to be freed.
     */
    static final int HISTORY_FREE_PART = 4;

    /** Most snapshots that the state has a record of: those that some node may still have. */
    static final int SNAPSHOT_RECORDS = 8;

    /** Least blocks between two snapshots: more than are ever in flight, so that none is announced twice. */
    static final int SNAPSHOT_BLOCKS_MIN = 64;

    /**
     * A snapshot works for a quarter of the time of one thread: for each millisecond it leaves three to others, who
     * share the processors and the disk with it.
     */
    static final int SNAPSHOT_PAUSE = 3;

    /**
     * A snapshot is given up when less than this part of the store is free. It keeps all that blocks replace while it
     * is written, and a leader builds nothing once an eighth is left ({@link #STATE_RESERVE_PART}).
     */
    static final int SNAPSHOT_FREE_PART = 6;

    /** What a sealed block adds to its content besides padding: header, signature, ledger names, lengths. */
    static final int SEAL_OVERHEAD_BYTES = 4_096;

    public CoreLimits {
        if (batchMinIntervalMillis < 0 || batchMaxTransactions < 1 || batchMaxExecutionMillis < 1 || window < 1) {
            throw new IllegalArgumentException("batch limits must be positive");
        }
        if (heartbeatMillis < 0) {
            throw new IllegalArgumentException("a heartbeat cannot be negative");
        }
        if (stateBlocks < 1 || stateBytes < 0) {
            throw new IllegalArgumentException("the newest state is always kept, and bytes cannot be negative");
        }
        if (blockMaxBytes < 64 << 10 || blockMaxBytes > 5 << 20) {
            throw new IllegalArgumentException("block.maxBytes must lie between 64 KiB and 5 MiB");
        }
    }
}
