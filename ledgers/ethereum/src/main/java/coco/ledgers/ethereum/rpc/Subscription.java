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
    private static final int INTERNAL_ERROR = 1011;

    private final String id;
    private final Feed feed;
    private final SocketEndpoint.Socket socket;
    private final byte[] before;
    private @Nullable List<Held> held = new ArrayList<>();
    private long knownHeight = -1;
    private boolean isCutOff;

    /** What waits, and the journal height of its block; the highest there is for what is in none. */
    private record Held(long height, SharedText text) {}

    /** A subscription that is held back. */
    Subscription(String id, Feed feed, SocketEndpoint.Socket socket) {
        this.id = id;
        this.feed = feed;
        this.socket = socket;
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

    /** Its client knows the chain up to a journal height, and is not told of what is in it. */
    synchronized void knows(long height) {
        knownHeight = height;
    }

    /** Tells it of something that is in no block. */
    void tell(SharedText result) {
        tell(Long.MAX_VALUE, result);
    }

    /**
     * Tells it of something in the block at a journal height. Whether its client is still there is for the connection
     * to say.
     */
    synchronized void tell(long height, SharedText result) {
        if (isCutOff) {
            return;
        }
        if (held == null) {
            offer(height, result);
        } else if (held.size() < LiveLimits.HELD_MAX) {
            held.add(new Held(height, result));
        } else {
            socket.close(POLICY_VIOLATION, "the answer to eth_subscribe takes too long");
        }
    }

    /** Its answer is out. */
    synchronized void begin() {
        List<Held> waiting = held;
        held = null;
        if (waiting != null && !isCutOff) {
            waiting.forEach(each -> offer(each.height, each.text));
        }
    }

    /** Closes the connection of a client that cannot be told what it should be: a gap would not show. */
    synchronized void cutOff() {
        isCutOff = true;
        socket.close(INTERNAL_ERROR, "notifications are lost, subscribe again");
    }

    private void offer(long height, SharedText result) {
        if (height > knownHeight) {
            socket.offer(before, result, AFTER);
        }
    }
}
