package coco.ledgers.api;

/**
 * Who asks: the authenticated end of a connection. Every read is made for a caller, through the caller's {@link View}.
 */
public sealed interface Caller {
    /** Nobody in particular. */
    record Anonymous() implements Caller {}

    /**
     * One address of a ledger, proven by a signature or a session.
     *
     * @param ledger {@link Ledger#id}
     * @param address the ledger's own bytes
     */
    record User(String ledger, byte[] address) implements Caller {}

    Caller ANONYMOUS = new Anonymous();
}
