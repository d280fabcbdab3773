package coco.ledgers.api;

/** Nobody can answer now: no leader, or no majority. The same request may well succeed later. */
public class UnavailableException extends LedgerException {
    private static final long serialVersionUID = 1L;

    /** Says what is missing, and nothing that a client sent. */
    public UnavailableException(String message) {
        super(message);
    }
}
