package coco.systemtests.processes;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One subscriber of new heads, which checks that each follows the one before. */
final class HeadWatcher implements AutoCloseable {
    private final SocketClient client;
    private final Thread thread;
    private final AtomicInteger heads = new AtomicInteger();
    private volatile long number = -1;
    private volatile String hash = "";
    private volatile String fault = "";
    private volatile boolean closing;

    /** Subscribes; returns when the subscription is answered. */
    HeadWatcher(ProcessNetwork network, int node) throws IOException {
        client = new SocketClient(network.url(node, "/"), Duration.ofSeconds(60));
        client.call(1, "eth_subscribe", "[\"newHeads\"]");
        String answer = client.next();
        if (!answer.contains("\"result\"")) {
            throw new IOException(answer);
        }
        thread = Thread.startVirtualThread(this::watch);
    }

    private void watch() {
        try {
            while (fault.isEmpty()) {
                JsonNode head = JsonMapper.shared()
                        .readTree(client.next())
                        .path("params")
                        .path("result");
                long next = Long.decode(head.path("number").asString("-0x2"));
                String parent = head.path("parentHash").asString("");
                if (number >= 0 && (next != number + 1 || !parent.equals(hash))) {
                    fault = "after " + number + " came " + next;
                }
                number = next;
                hash = head.path("hash").asString("");
                heads.incrementAndGet();
            }
        } catch (IOException | RuntimeException ended) {
            if (!closing) {
                fault = "ended after " + number + ": " + ended;
            }
        }
    }

    /** What went wrong; empty if nothing did. */
    String fault() {
        return fault;
    }

    /** Number of the last head; -1 if none came yet. */
    long number() {
        return number;
    }

    /** How many came. */
    int heads() {
        return heads.get();
    }

    @Override
    public void close() {
        closing = true;
        client.close();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
