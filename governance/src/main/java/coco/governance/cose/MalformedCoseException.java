package coco.governance.cose;

import java.io.Serial;

/** Bytes that are no message of this service's form. The message says what is wrong, without any of the bytes. */
public final class MalformedCoseException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    MalformedCoseException(String message) {
        super(message);
    }
}
