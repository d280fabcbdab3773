package coco.node.http;

import java.io.Serial;

/** A listener that cannot be opened; the message says which and what to do. */
public final class HttpException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    HttpException(String message) {
        super(message);
    }

    HttpException(String message, Throwable cause) {
        super(message, cause);
    }
}
