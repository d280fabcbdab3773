package coco.cli.demo.compare;

import coco.client.ClientException;
import coco.client.ClientLimits;
import coco.client.NodeClient;
import coco.crypto.Hex;
import coco.ledgers.api.Rejection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import tools.jackson.databind.JsonNode;

/**
 * Sends transactions to one node, in the order of a queue, each request after the answer to the one before: what came
 * first at a node is first in its pool. By a timetable, or so that a given number is on its way; with neither, as fast
 * as the queue gives them.
 */
final class LaneSender {
    private static final int REFUSAL_CHARACTERS = 200;
    /** Of one call, roughly. */
    private static final int CALL_CHARACTERS = 600;

    private static final long WAIT_MILLIS = 50;
    /** Longer than any election. */
    private static final int RETRIES = 150;

    private static final long RETRY_MILLIS = 200;
    /** So often nothing came of sending again: nothing will. */
    private static final int AGAIN_MOST = 3;

    private final URI node;
    private final Pace pace;
    private final LongSupplier nanoClock;
    private final BooleanSupplier stopped;

    /**
     * How fast.
     *
     * @param perSecond by a timetable; 0 for none
     * @param outstandingMost asked before each request: how many may be on their way
     * @param perRequest most transactions of one request
     * @param again after how long without a block of ours everything is sent again that is in none
     */
    record Pace(double perSecond, IntSupplier outstandingMost, int perRequest, Duration again) {}

    LaneSender(URI node, Pace pace, LongSupplier nanoClock, BooleanSupplier stopped) {
        this.node = node;
        this.pace = pace;
        this.nanoClock = nanoClock;
        this.stopped = stopped;
    }

    /**
     * Sends until all are done, or it is stopped, or nothing was done for so long that nothing will be.
     *
     * @return how many were sent again
     * @throws ClientException the node does not answer
     */
    int send(List<byte[]> transactions, SendQueue queue, Lane lane) throws InterruptedException {
        try (NodeClient client = new NodeClient(node, null, ClientLimits.DEFAULT)) {
            long start = nanoClock.getAsLong();
            Stall stall = new Stall(start, lane.done());
            int sent = 0;
            while (!stopped.getAsBoolean() && !stall.isHopeless() && !lane.isComplete()) {
                int room = queue.isEmpty() ? 0 : room(sent, start, lane);
                List<Integer> next = room > 0 ? queue.take(Math.min(room, pace.perRequest())) : List.of();
                if (!next.isEmpty()) {
                    post(client, transactions, next, sent, start, lane);
                    sent += next.size();
                } else if (room > 0 || queue.isEmpty()) {
                    lane.awaitOutstanding(Math.max(0, lane.outstanding() - 1), WAIT_MILLIS);
                }
                if (stall.isNow(nanoClock.getAsLong(), lane.done())) {
                    for (int transaction : lane.pending()) {
                        deliver(client, transactions, List.of(transaction), lane);
                        stall.again++;
                    }
                }
            }
            return stall.again;
        }
    }

    /** How long nothing has been done. */
    private final class Stall {
        private long since;
        private int done;
        private int times;
        private int again;

        Stall(long now, int done) {
            this.since = now;
            this.done = done;
        }

        boolean isNow(long now, int doneNow) {
            if (doneNow != done) {
                done = doneNow;
                since = now;
                times = 0;
                return false;
            }
            boolean tooLong = now - since > pace.again().toNanos();
            if (tooLong) {
                since = now;
                times++;
            }
            return tooLong;
        }

        boolean isHopeless() {
            return times > AGAIN_MOST;
        }
    }

    /** How many may leave now; waits a moment where there is none. */
    private int room(int sent, long start, Lane lane) throws InterruptedException {
        if (pace.perSecond() > 0) {
            long due = (long) ((nanoClock.getAsLong() - start) / 1e9 * pace.perSecond()) + 1 - sent;
            if (due <= 0) {
                LockSupport.parkNanos(Math.max(1, meant(sent, start) - nanoClock.getAsLong()));
            }
            return Math.clamp(due, 0, Integer.MAX_VALUE);
        }
        int most = pace.outstandingMost().getAsInt();
        int room = most - lane.outstanding();
        if (room < Math.min(most, pace.perRequest())) {
            lane.awaitOutstanding(most - Math.min(most, pace.perRequest()), WAIT_MILLIS);
            return most - lane.outstanding() >= Math.min(most, pace.perRequest()) ? pace.perRequest() : 0;
        }
        return room;
    }

    private long meant(int place, long start) {
        return pace.perSecond() > 0 ? start + (long) (place / pace.perSecond() * 1e9) : nanoClock.getAsLong();
    }

    private void post(
            NodeClient client, List<byte[]> transactions, List<Integer> some, int sentBefore, long start, Lane lane)
            throws InterruptedException {
        long now = nanoClock.getAsLong();
        for (int i = 0; i < some.size(); i++) {
            // Before the request leaves: a block may come sooner than the answer.
            lane.sent(some.get(i), pace.perSecond() > 0 ? meant(sentBefore + i, start) : now);
        }
        deliver(client, transactions, some, lane);
    }

    /** Sends what a node could not take now again, in its place: what follows in the sender's nonces waits for it. */
    private void deliver(NodeClient client, List<byte[]> transactions, List<Integer> some, Lane lane)
            throws InterruptedException {
        StringBuilder calls = new StringBuilder(some.size() * CALL_CHARACTERS);
        for (int transaction : some) {
            calls.append(calls.isEmpty() ? "" : ",").append(call(transaction, transactions.get(transaction)));
        }
        String request = some.size() == 1 ? calls.toString() : "[" + calls + "]";
        NodeClient.Page page = client.post("", request.getBytes(StandardCharsets.UTF_8));
        for (JsonNode answer : page.body().isArray() ? page.body() : List.of(page.body())) {
            int transaction = answer.path("id").asInt(some.getFirst());
            JsonNode error = answer.get("error");
            for (int i = 0; error != null && isTemporary(error) && i < RETRIES && !stopped.getAsBoolean(); i++) {
                Thread.sleep(RETRY_MILLIS);
                String again = call(transaction, transactions.get(transaction));
                error = client.post("", again.getBytes(StandardCharsets.UTF_8))
                        .body()
                        .get("error");
            }
            if (error != null && !isKnown(error)) {
                String why = error.path("message").asString("refused");
                lane.refused(transaction, why.substring(0, Math.min(why.length(), REFUSAL_CHARACTERS)));
            }
        }
    }

    /** It is taken already, or even in a block, as after an answer that did not arrive. */
    private static boolean isKnown(JsonNode error) {
        String words = error.path("message").asString("").toLowerCase(Locale.ROOT);
        return words.contains("already") || words.contains("nonce too low");
    }

    /** The node has no leader, or more to do than it takes: nothing is wrong with the transaction. */
    private static boolean isTemporary(JsonNode error) {
        return error.path("code").asInt(0) == Rejection.UNAVAILABLE
                || error.path("message").asString("").contains("leader");
    }

    private static String call(int id, byte[] transaction) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"eth_sendRawTransaction\",\"params\":[\"0x"
                + Hex.encode(transaction) + "\"]}";
    }
}
