package coco.ledgers.api;

/** Too much is waiting for a processor; the client should come back in a second. */
public final class BusyException extends UnavailableException {
    private static final long serialVersionUID = 1L;

    public BusyException() {
        super("busy");
    }
}
