package coco.node.channel;

import java.io.Serial;

/**
 * A message that the other side did not answer, or not with what it should. Says nothing about whether it was handled.
 */
public final class ChannelException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** @param message for people; no address of this machine, no content */
    public ChannelException(String message) {
        super(message);
    }
}
