package coco.ledgers.ethereum.rpc;

import coco.ledgers.api.SharedText;
import coco.ledgers.api.SocketEndpoint;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One subscription of one connection. What it is told before its own answer is out waits for that, so that a client
 * knows the id of every notification it gets.
 */
final class Subscription {
    private static final byte[] AFTER = "}}".getBytes(StandardCharsets.US_ASCII);
    private static final int POLICY_VIOLATION = 1008;

    private final String id;
    private final Feed feed;
    private final SocketEndpoint.Socket socket;
    private final long height;
    private final byte[] before;
    private @Nullable List<SharedText> held = new ArrayList<>();

    /**
     * A subscription that is held back.
     *
     * @param height journal height up to which its client knows the chain
     */
    Subscription(String id, Feed feed, SocketEndpoint.Socket socket, long height) {
        this.id = id;
        this.feed = feed;
        this.socket = socket;
        this.height = height;
        this.before = ("{\"jsonrpc\":\"2.0\",\"method\":\"eth_subscription\",\"params\":{\"subscription\":\"" + id
                        + "\",\"result\":")
                .getBytes(StandardCharsets.US_ASCII);
    }

    String id() {
        return id;
    }

    Feed feed() {
        return feed;
    }

    /** Tells it of something in the block at a journal height. */
    void tell(long inHeight, SharedText result) {
        if (inHeight > height) {
            tell(result);
        }
    }

    /** Tells it of something. Whether its client is still there is for the connection to say. */
    synchronized void tell(SharedText result) {
        if (held == null) {
            socket.offer(before, result, AFTER);
        } else if (held.size() < LiveLimits.HELD_MAX) {
            held.add(result);
        } else {
            socket.close(POLICY_VIOLATION, "the answer to eth_subscribe takes too long");
        }
    }

    /** Its answer is out. */
    synchronized void begin() {
        List<SharedText> waiting = held;
        held = null;
        if (waiting != null) {
            waiting.forEach(this::tell);
        }
    }
}
