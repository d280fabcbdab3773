package coco.cli.demo.compare;

import coco.client.ClientException;
import coco.client.JsonRpcClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * Finds out which transactions are done: hears from every node when it has a block, asks for the content of those that
 * all have, and notes the time at which the last one had it.
 */
final class BlockFollower implements AutoCloseable {
    private static final long IDLE_MILLIS = 100;

    private final JsonRpcClient rpc;
    private final int nodes;
    private final Map<String, Integer> transactionOf;
    private final Lane lane;
    private final Consumer<String> complaints;
    private final BlockingQueue<Seen> complete = new LinkedBlockingQueue<>();
    private final Map<Long, Integer> seenBy = new HashMap<>();
    private final Thread reader;
    private volatile boolean closed;

    private record Seen(long number, long nanos) {}

    /**
     * Follows a network.
     *
     * @param rpc any node of it
     * @param nodes how many must have a block
     * @param transactionOf which of ours has a hash, hexadecimal with 0x
     * @param complaints hears what could not be asked
     */
    BlockFollower(
            JsonRpcClient rpc, int nodes, Map<String, Integer> transactionOf, Lane lane, Consumer<String> complaints) {
        this.rpc = rpc;
        this.nodes = nodes;
        this.transactionOf = Map.copyOf(transactionOf);
        this.lane = lane;
        this.complaints = complaints;
        this.reader = Thread.ofPlatform().name("compare-blocks").daemon().start(this::read);
    }

    /** A node has a block. Each node says so once of each. */
    void has(long number, long nanos) {
        synchronized (seenBy) {
            int all = seenBy.merge(number, 1, Integer::sum);
            if (all < nodes) {
                return;
            }
            seenBy.remove(number);
        }
        complete.add(new Seen(number, nanos));
    }

    private void read() {
        while (!closed) {
            try {
                Seen seen = complete.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
                if (seen != null) {
                    read(seen);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (ClientException e) {
                complaints.accept(String.valueOf(e.getMessage()));
            }
        }
    }

    private void read(Seen seen) {
        JsonNode block = rpc.result("eth_getBlockByNumber", "0x" + Long.toHexString(seen.number()), false);
        List<Integer> ours = new ArrayList<>();
        for (JsonNode hash : block.path("transactions")) {
            Integer transaction = transactionOf.get(hash.asString(""));
            if (transaction != null) {
                ours.add(transaction);
            }
        }
        lane.block(seen.number(), ours, seen.nanos());
    }

    @Override
    public void close() {
        closed = true;
        reader.interrupt();
    }
}
