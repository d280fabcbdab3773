package coco.attestation.intel;

import java.io.Serial;

/**
 * Bytes that are not a quote, an event log or a statement of Intel's as their specification has them; the message says
 * what is wrong. Carries no stack trace: such bytes come from a network, and refusing them must be cheap.
 */
public final class MalformedException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    /** @param message what is wrong, for people; holds none of the bytes but numbers and names of a fixed length */
    public MalformedException(String message) {
        super(message, null, false, false);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
