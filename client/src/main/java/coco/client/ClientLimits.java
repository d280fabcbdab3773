package coco.client;

import java.time.Duration;

/**
 * What a client puts up with.
 *
 * @param connectTimeout until a TCP connection stands
 * @param requestTimeout from the request to the end of its reply
 * @param maxReplyBytes a longer reply is refused
 */
public record ClientLimits(Duration connectTimeout, Duration requestTimeout, int maxReplyBytes) {
    /**
     * Five seconds to connect: a node on another continent under load still answers a SYN by then. Thirty seconds a
     * request: ten times the longest failover allowed. 64 MiB a reply: what a node may send for one call to getLogs.
     */
    public static final ClientLimits DEFAULT =
            new ClientLimits(Duration.ofSeconds(5), Duration.ofSeconds(30), 64 * 1024 * 1024);

    /** These limits with another time for a request. */
    public ClientLimits withRequestTimeout(Duration timeout) {
        return new ClientLimits(connectTimeout, timeout, maxReplyBytes);
    }
}
