package coco.node;

import java.io.Serial;

/** A node that cannot start, or a network that cannot be founded; the message says why and what to do. */
public final class NodeException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    NodeException(String message) {
        super(message);
    }

    NodeException(String message, Throwable cause) {
        super(message, cause);
    }
}
