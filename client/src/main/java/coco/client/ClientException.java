package coco.client;

/**
 * The network or the node at the other end is at fault: no connection, no reply in time, or a reply that makes no
 * sense.
 */
public final class ClientException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message what failed and with which address, fit to be shown to a user */
    public ClientException(String message) {
        super(message);
    }

    /** @param message what failed and with which address, fit to be shown to a user */
    public ClientException(String message, Throwable cause) {
        super(message, cause);
    }
}
