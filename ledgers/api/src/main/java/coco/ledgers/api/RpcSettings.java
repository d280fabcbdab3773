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

    /** When a submitted transaction is answered. */
    public enum SendReply {
        /** When its block is applied at this node: the answer is an acknowledgement. */
        COMMITTED,
        /** When the leader has accepted it: the answer acknowledges nothing. */
        ACCEPTED
    }

    public static final RpcSettings DEFAULTS = new RpcSettings(
            SendReply.COMMITTED,
            2_000,
            1_000,
            32,
            10_000,
            10_000,
            50_000_000,
            5_000,
            10_000,
            25_000_000,
            Live.DEFAULTS,
            0);

    /** The same, to be changed. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Settings that differ from others in what is said here. */
    public static final class Builder {
        private SendReply sendReply;
        private long replyTimeoutMillis;
        private int maxBatch;
        private int maxNesting;
        private int maxScannedBlocks;
        private int maxResults;
        private long callGasLimit;
        private long callTimeoutMillis;
        private long exchangeTimeoutMillis;
        private int maxReplyBytes;
        private Live live;
        private long answerGridMillis;

        private Builder(RpcSettings from) {
            sendReply = from.sendReply;
            replyTimeoutMillis = from.replyTimeoutMillis;
            maxBatch = from.maxBatch;
            maxNesting = from.maxNesting;
            maxScannedBlocks = from.maxScannedBlocks;
            maxResults = from.maxResults;
            callGasLimit = from.callGasLimit;
            callTimeoutMillis = from.callTimeoutMillis;
            exchangeTimeoutMillis = from.exchangeTimeoutMillis;
            maxReplyBytes = from.maxReplyBytes;
            live = from.live;
            answerGridMillis = from.answerGridMillis;
        }

        /** See {@link RpcSettings#sendReply}. */
        public Builder sendReply(SendReply value) {
            this.sendReply = value;
            return this;
        }

        /** See {@link RpcSettings#replyTimeoutMillis}. */
        public Builder replyTimeoutMillis(long value) {
            this.replyTimeoutMillis = value;
            return this;
        }

        /** See {@link RpcSettings#maxBatch}. */
        public Builder maxBatch(int value) {
            this.maxBatch = value;
            return this;
        }

        /** See {@link RpcSettings#maxNesting}. */
        public Builder maxNesting(int value) {
            this.maxNesting = value;
            return this;
        }

        /** See {@link RpcSettings#maxScannedBlocks}. */
        public Builder maxScannedBlocks(int value) {
            this.maxScannedBlocks = value;
            return this;
        }

        /** See {@link RpcSettings#maxResults}. */
        public Builder maxResults(int value) {
            this.maxResults = value;
            return this;
        }

        /** See {@link RpcSettings#callGasLimit}. */
        public Builder callGasLimit(long value) {
            this.callGasLimit = value;
            return this;
        }

        /** See {@link RpcSettings#callTimeoutMillis}. */
        public Builder callTimeoutMillis(long value) {
            this.callTimeoutMillis = value;
            return this;
        }

        /** See {@link RpcSettings#exchangeTimeoutMillis}. */
        public Builder exchangeTimeoutMillis(long value) {
            this.exchangeTimeoutMillis = value;
            return this;
        }

        /** See {@link RpcSettings#maxReplyBytes}. */
        public Builder maxReplyBytes(int value) {
            this.maxReplyBytes = value;
            return this;
        }

        /** See {@link RpcSettings#live}. */
        public Builder live(Live value) {
            this.live = value;
            return this;
        }

        /** See {@link RpcSettings#answerGridMillis}. */
        public Builder answerGridMillis(long value) {
            this.answerGridMillis = value;
            return this;
        }

        /** The settings. */
        public RpcSettings build() {
            return new RpcSettings(
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
                    answerGridMillis);
        }
    }
}
