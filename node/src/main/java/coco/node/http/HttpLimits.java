package coco.node.http;

import java.time.Duration;

/**
 * What one listener bears. The reasons for the defaults stand with the keys of the configuration.
 *
 * @param maxConnections open connections
 * @param maxConcurrentRequests requests in work; one more gets 503 at once
 * @param handshakeTimeout from accept to the end of the TLS handshake
 * @param headTimeout from the request line to the end of the headers (HTTP/1)
 * @param bodyTimeout for a whole body
 * @param readTimeout silence on a connection
 * @param writeTimeout for a whole answer
 * @param maxHeaderBytes names and values together
 * @param maxBodyBytes one body
 * @param maxBufferedBytes bodies and large answers of all requests in work together
 * @param shutdownGrace how long requests in work may take after {@link HttpListener#stop}
 * @param sockets of WebSocket connections; a message of theirs is bounded as a body is
 * @param rate of calls from one address
 */
public record HttpLimits(
        int maxConnections,
        int maxConcurrentRequests,
        Duration handshakeTimeout,
        Duration headTimeout,
        Duration bodyTimeout,
        Duration readTimeout,
        Duration writeTimeout,
        int maxHeaderBytes,
        int maxBodyBytes,
        long maxBufferedBytes,
        Duration shutdownGrace,
        SocketLimits sockets,
        RateLimit rate) {
    /** Paths and queries are short; geth and every proxy agree on something near this. */
    static final int TARGET_BYTES_MAX = 4096;

    /** Streams of one HTTP/2 connection; each may hold a body, so this bounds what one connection buffers. */
    static final int STREAMS_MAX = 100;

    /** Below this compressing costs more than it saves, and below some hundred bytes it adds. */
    static final int GZIP_BYTES_MIN = 1024;

    /** For connections once no request is in work any more. */
    static final Duration LAST_GRACE = Duration.ofMillis(200);

    /** A stream of events is a request in work for as long as it lasts: at least three quarters are left to others. */
    private static final int STREAM_SHARE = 4;

    /** How many streams of events there may be at a time. */
    int eventStreamsMax() {
        return Math.max(1, maxConcurrentRequests / STREAM_SHARE);
    }

    /** What the configuration's defaults amount to. */
    public static HttpLimits defaults() {
        return new HttpLimits(
                8192,
                2048,
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                Duration.ofSeconds(30),
                16 * 1024,
                5 * 1024 * 1024,
                128L << 20,
                Duration.ofSeconds(5),
                SocketLimits.defaults(),
                RateLimit.NONE);
    }
}
