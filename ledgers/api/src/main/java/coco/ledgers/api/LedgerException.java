package coco.ledgers.api;

/** A fault of the environment or of a document that a ledger was given; never the way to refuse a transaction. */
public class LedgerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LedgerException(String message) {
        super(message);
    }

    public LedgerException(String message, Throwable cause) {
        super(message, cause);
    }
}
