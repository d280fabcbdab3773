package coco.ledgers.api;

/**
 * Why a transaction was refused, in the ledger's own vocabulary.
 *
 * @param code the ledger's error code, for Ethereum that of JSON-RPC
 * @param message what a client shows; holds nothing that the client did not send or may not know
 */
public record Rejection(int code, String message) {
    /** No leader could be asked, or too much is waiting. */
    public static final int UNAVAILABLE = -32_005;
}
