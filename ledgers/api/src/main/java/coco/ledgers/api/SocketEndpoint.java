package coco.ledgers.api;

/**
 * A place on the application listener where a client opens a connection (a WebSocket) and sends and gets messages of
 * text for as long as it likes.
 *
 * @param path absolute path; an {@link Endpoint} may have the same one
 */
public record SocketEndpoint(String path, Acceptor acceptor) {
    /** Begins a session for each connection. */
    @FunctionalInterface
    public interface Acceptor {
        Session open(Socket socket);
    }

    /** The ledger's side of one connection. Calls come one after the other. */
    public interface Session {
        /** Answers one message on a thread that may block. Whatever it throws ends the connection. */
        void message(String text) throws Exception;

        /** The connection is gone, for whatever reason; called once, and nothing after it. */
        void closed();
    }

    /** The client's side of one connection. Any thread. */
    public interface Socket {
        /** Who is at the other end, as known when the connection was made. */
        Caller caller();

        /**
         * Puts a message into this connection's queue, without waiting.
         *
         * @return false if the connection is closed, or has just been cut because its client reads too slowly
         */
        boolean send(String text);

        /**
         * Ends the connection after what is queued.
         *
         * @param code status code of RFC 6455, section 7.4
         */
        void close(int code, String reason);
    }
}
