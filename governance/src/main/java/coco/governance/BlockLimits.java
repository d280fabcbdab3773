package coco.governance;

/**
 * Ceilings on what a leader builds, and the least time between its blocks. A node's own configuration chooses within
 * them, so that no host can make blocks that the consortium did not agree to carry. A change holds from the next block.
 *
 * @param batchMaxTransactions most transactions of one block
 * @param batchMinIntervalMillis shortest time between blocks under load
 * @param blockMaxBytes size at which a block closes
 * @param pipelineWindow most blocks proposed and not yet committed
 */
public record BlockLimits(int batchMaxTransactions, int batchMinIntervalMillis, int blockMaxBytes, int pipelineWindow) {
    /** A block may outgrow its mark by one transaction, and has to fit one consensus entry: see the limits of core. */
    public static final int BLOCK_BYTES_MAX = 5 * 1024 * 1024;

    /** Beyond this the index of a transaction within its block would outgrow its field. */
    public static final int BATCH_TRANSACTIONS_MAX = 65_535;

    /** A slower network than one block a minute is a typing error. */
    public static final int INTERVAL_MILLIS_MAX = 60_000;

    /** Speculation deeper than this only lengthens what is thrown away when leadership is lost. */
    public static final int WINDOW_MAX = 64;

    /** Roomy ceilings: blocks of any sensible size, no pause forced between them. */
    public static BlockLimits defaults() {
        return new BlockLimits(10_000, 0, BLOCK_BYTES_MAX, 16);
    }
}
