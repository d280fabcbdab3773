package coco.ledgers.api;

/**
 * A place on the application listener where a client opens a connection (a WebSocket) and sends and gets messages of
 * text for as long as it likes. Text is UTF-8 everywhere.
 *
 * @param path absolute path; an {@link Endpoint} may have the same one
 */
public record SocketEndpoint(String path, Acceptor acceptor) {
    /** Begins a session for each connection. */
    @FunctionalInterface
    public interface Acceptor {
        Session open(Socket socket);
    }

    /** The ledger's side of one connection. */
    public interface Session {
        /**
         * Answers one message on a thread that may block. Messages are begun in the order in which they came, but each
         * on a thread of its own, so that one that waits for its transaction does not hold up the next; a bounded
         * number of them at a time. Whatever it throws ends the connection.
         *
         * @param text valid UTF-8 of at most the configured size
         */
        void message(byte[] text) throws Exception;

        /**
         * The connection is gone, for whatever reason. Called once; no message begins after it, but some may still be
         * in work.
         */
        void closed();
    }

    /** The client's side of one connection. Any thread. */
    public interface Socket {
        /** Who is at the other end, as known when the connection was made. */
        Caller caller();

        /**
         * How many calls the client may make. On the thread that answers a message, the first of its calls is taken
         * already: a message costs one call even if it holds none.
         */
        Quota quota();

        /**
         * Puts the answer to a message into this connection's queue, and waits for room there, for a
         * bounded time.
         *
         * @return false if the connection is closed, or has just been cut because its client reads too slowly
         */
        boolean send(byte[] text) throws InterruptedException;

        /**
         * Puts a message that the client did not ask for just now into this connection's queue, without waiting. The
         * message is the three parts together.
         *
         * @return false if the connection is closed, or has just been cut because its client reads too slowly
         */
        boolean offer(byte[] before, SharedText text, byte[] after);

        /**
         * Ends the connection after what is queued.
         *
         * @param code status code of RFC 6455, section 7.4
         * @param reason for the client, at most 123 bytes
         */
        void close(int code, String reason);
    }
}
