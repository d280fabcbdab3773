package coco.node.http;

/**
 * What one listener bears of WebSocket connections; streams of events have the same queues. The reasons for the
 * defaults stand with the keys of the configuration.
 *
 * @param maxSockets open at a time
 * @param queueMessages messages that wait for one client to read
 * @param queueBytes bytes that wait for one client to read; a single larger message is taken if nothing waits
 * @param totalQueueBytes bytes that wait for all clients together
 */
public record SocketLimits(int maxSockets, int queueMessages, long queueBytes, long totalQueueBytes) {
    /** Messages of one connection in work: as many as a client that pipelines has use for, and browsers open. */
    static final int IN_WORK_MAX = 32;

    /** A client that keeps its connection alive pings every ten seconds or so. */
    static final int PINGS_PER_SECOND_MAX = 20;

    /** Pieces of one message: those that libraries cut, of some KiB each; empty ones would be endless. */
    static final int FRAGMENTS_MAX = 10_000;

    /** Messages that wait are written together up to here: fewer system calls, and one TLS record after the other. */
    static final int WRITE_BYTES = 64 << 10;

    /** What a queued message takes beside its bytes. */
    static final int ENTRY_BYTES = 96;

    /** How often the server pings within the time after which silence ends a connection. */
    static final int PINGS_WITHIN_TIMEOUT = 3;

    /** How long a client may take to answer a close frame, and to read it. */
    static final long CLOSE_MILLIS = 2_000;

    /** What is read and thrown away after a close frame, so that the client sees it: as for bodies. */
    static final int LINGER_BYTES = 256 << 10;

    /** What the configuration's defaults amount to. */
    public static SocketLimits defaults() {
        return new SocketLimits(4096, 16_384, 16L << 20, 128L << 20);
    }
}
