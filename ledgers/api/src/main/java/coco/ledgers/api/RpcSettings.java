package coco.ledgers.api;

/**
 * Settings that concern every ledger's requests. Their defaults and meaning stand in the configuration reference.
 *
 * @param sendReply when a submitted transaction is answered
 * @param replyTimeoutMillis how long a request waits for its transaction to commit before it answers "pending"
 * @param maxBatch most requests in one batch
 * @param maxNesting deepest nesting of a JSON document
 * @param maxScannedBlocks most blocks one query may read
 * @param maxResults most results one query may return
 * @param callGasLimit most gas (or the ledger's measure of work) one simulated call may use
 * @param callTimeoutMillis longest one simulated call may run
 * @param exchangeTimeoutMillis longest all reads and simulated calls of one request may take together
 * @param maxReplyBytes most bytes one answer may have
 * @param live of subscriptions and filters
 * @param answerGridMillis answers to who does not see everything leave a multiple of this after their requests came, so
 *     that the time they took tells less of what is hidden; 0 for as soon as they are there
 */
public record RpcSettings(
        SendReply sendReply,
        long replyTimeoutMillis,
        int maxBatch,
        int maxNesting,
        int maxScannedBlocks,
        int maxResults,
        long callGasLimit,
        long callTimeoutMillis,
        long exchangeTimeoutMillis,
        int maxReplyBytes,
        Live live,
        long answerGridMillis) {
    /**
     * What a ledger keeps on behalf of clients that want to be told of what happens.
     *
     * @param maxSubscriptions most subscriptions of one connection
     * @param maxFilters most filters of a node
     * @param maxFiltersPerCaller most filters of one caller; all who are nobody in particular are one
     * @param filterTimeoutMillis how long a filter is kept that nobody asks for
     */
    public record Live(int maxSubscriptions, int maxFilters, int maxFiltersPerCaller, long filterTimeoutMillis) {
        public static final Live DEFAULTS = new Live(256, 10_000, 5_000, 300_000);
    }

    /** Answers leave as soon as they are there. */
    public RpcSettings(
            SendReply sendReply,
            long replyTimeoutMillis,
            int maxBatch,
            int maxNesting,
            int maxScannedBlocks,
            int maxResults,
            long callGasLimit,
            long callTimeoutMillis,
            long exchangeTimeoutMillis,
            int maxReplyBytes,
            Live live) {
        this(
                sendReply,
                replyTimeoutMillis,
                maxBatch,
                maxNesting,
                maxScannedBlocks,
                maxResults,
                callGasLimit,
                callTimeoutMillis,
                exchangeTimeoutMillis,
                maxReplyBytes,
                live,
                0);
    }

    /** With the defaults of subscriptions and filters. */
    public RpcSettings(
            SendReply sendReply,
            long replyTimeoutMillis,
            int maxBatch,
            int maxNesting,
            int maxScannedBlocks,
            int maxResults,
            long callGasLimit,
            long callTimeoutMillis,
            long exchangeTimeoutMillis,
            int maxReplyBytes) {
        this(
                sendReply,
                replyTimeoutMillis,
                maxBatch,
                maxNesting,
                maxScannedBlocks,
                maxResults,
                callGasLimit,
                callTimeoutMillis,
                exchangeTimeoutMillis,
                maxReplyBytes,
                Live.DEFAULTS);
    }

    /** When a submitted transaction is answered. */
    public enum SendReply {
        /** When its block is applied at this node: the answer is an acknowledgement. */
        COMMITTED,
        /** When the leader has accepted it: the answer acknowledges nothing. */
        ACCEPTED
    }

    public static final RpcSettings DEFAULTS = new RpcSettings(
            SendReply.COMMITTED, 2_000, 1_000, 32, 10_000, 10_000, 50_000_000, 5_000, 10_000, 25_000_000);
}
