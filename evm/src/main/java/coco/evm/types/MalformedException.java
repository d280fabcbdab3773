package coco.evm.types;

import coco.evm.rlp.RlpException;

/**
 * Bytes are not the canonical encoding of a transaction, header, receipt or block. Carries no stack trace: such bytes
 * come from a network, and refusing them must be cheap.
 */
public final class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** With a message fit to be shown to whoever sent the bytes. */
    public MalformedException(String message) {
        super(message, null, false, false);
    }

    MalformedException(RlpException cause) {
        super(cause.getMessage(), cause, false, false);
    }
}
