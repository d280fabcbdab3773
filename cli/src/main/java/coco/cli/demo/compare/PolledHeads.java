package coco.cli.demo.compare;

import coco.client.ClientException;
import coco.client.JsonRpcClient;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** The blocks of one node of any network, by asking for its number of blocks now and then. */
final class PolledHeads implements AutoCloseable {
    private final JsonRpcClient rpc;
    private final long periodMillis;
    private final LongSupplier nanoClock;
    private final SocketHeads.Listener listener;
    private final Consumer<String> complaints;
    private final Thread thread;
    private volatile boolean closed;

    /**
     * Begins to ask.
     *
     * @param rpc the node; stays the caller's
     * @param period between two questions: how exact the times are
     * @param complaints hears why it could not be asked
     */
    PolledHeads(
            JsonRpcClient rpc,
            Duration period,
            LongSupplier nanoClock,
            SocketHeads.Listener listener,
            Consumer<String> complaints) {
        this.rpc = rpc;
        this.periodMillis = period.toMillis();
        this.nanoClock = nanoClock;
        this.listener = listener;
        this.complaints = complaints;
        long newest = number();
        this.thread = Thread.ofPlatform().name("compare-heads").daemon().start(() -> poll(newest));
    }

    private void poll(long from) {
        long newest = from;
        while (!closed) {
            try {
                long now = number();
                long seen = nanoClock.getAsLong();
                while (newest < now) {
                    listener.block(++newest, seen);
                }
                Thread.sleep(periodMillis);
            } catch (ClientException e) {
                complaints.accept(String.valueOf(e.getMessage()));
                pauseAfterFailure();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void pauseAfterFailure() {
        try {
            Thread.sleep(periodMillis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private long number() {
        return Long.decode(rpc.result("eth_blockNumber").asString());
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
