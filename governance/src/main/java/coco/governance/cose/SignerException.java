package coco.governance.cose;

import java.io.Serial;

/**
 * A signing key that cannot be read or used: a missing file, a token that refuses the PIN, a vault that does not
 * answer. The message is fit for the user and holds no secret.
 */
public final class SignerException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** @param message what failed and where, without anything secret */
    public SignerException(String message) {
        super(message);
    }

    /** @param message what failed and where, without anything secret */
    public SignerException(String message, Throwable cause) {
        super(message, cause);
    }
}
