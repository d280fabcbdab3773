package coco.node.channel;

import java.io.Serial;

/**
 * A message that the other side did not answer, or not with what it should. Says nothing about whether it was handled.
 */
public final class ChannelException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final boolean unsent;

    /** @param message for people; no address of this machine, no content */
    public ChannelException(String message) {
        this(message, false);
    }

    /** @param unsent whether there was no connection in time, so that nothing of the message was sent */
    ChannelException(String message, boolean unsent) {
        super(message);
        this.unsent = unsent;
    }

    /** Whether it is known that nothing of the message was sent. */
    boolean isUnsent() {
        return unsent;
    }
}
