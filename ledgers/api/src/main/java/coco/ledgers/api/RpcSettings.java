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
        int maxReplyBytes) {
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
