package coco.systemtests.processes;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that go on sending, each to one node until that node fails it, and then to the next. What was acknowledged,
 * and when, is remembered here, outside of everything that is killed.
 */
final class Load implements AutoCloseable {
    /**
     * How long a client waits after an answer: some 70 transactions a second, most of them alone in a block. At a
     * higher rate the journal grows faster than killed nodes replay it on a slow machine, and every kill makes the next
     * one wait longer.
     */
    private static final long PACE_NANOS = 100_000_000;

    private static final long RETRY_NANOS = 5_000_000;

    private final ProcessNetwork network;
    private final List<Thread> threads = new ArrayList<>();
    private final Set<Acknowledged> acknowledged = ConcurrentHashMap.newKeySet();
    private final Queue<Long> answeredNanos = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean loading = new AtomicBoolean(true);

    private Load(ProcessNetwork network) {
        this.network = network;
    }

    /** Clients for both ledgers: four senders of ether and four of puts. */
    static List<LoadClient> bothLedgers() {
        List<LoadClient> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            clients.add(new EthereumLoadClient(i));
            clients.add(new KvLoadClient("client-" + i));
        }
        return clients;
    }

    static Load start(ProcessNetwork network, List<LoadClient> clients) {
        Load load = new Load(network);
        int first = 0;
        for (LoadClient client : clients) {
            int node = 1 + first++ % ProcessNetwork.NODES;
            load.threads.add(Thread.ofVirtual().start(() -> load.run(client, node)));
        }
        return load;
    }

    private void run(LoadClient client, int firstNode) {
        int node = firstNode;
        while (loading.get()) {
            if (attempt(client, node)) {
                answeredNanos.add(System.nanoTime());
                acknowledged.add(client.current());
                client.advance();
                LockSupport.parkNanos(PACE_NANOS);
            } else {
                node = 1 + node % ProcessNetwork.NODES;
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }

    private boolean attempt(LoadClient client, int node) {
        try {
            return client.attempt(network, node);
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Everything acknowledged so far. */
    Set<Acknowledged> acknowledged() {
        return Set.copyOf(acknowledged);
    }

    int count() {
        return acknowledged.size();
    }

    /** Waits until so many more transactions are acknowledged. */
    void awaitMore(int transactions) {
        int before = count();
        ProcessNetwork.await(() -> count() >= before + transactions, "the load to run");
    }

    /**
     * The longest time from one moment on in which no client was answered. What was in flight at that moment and had
     * committed is still answered, so the outage may begin later.
     */
    long longestSilenceMillis(long fromNanos) {
        List<Long> after = answeredNanos.stream()
                .filter(nanos -> nanos - fromNanos > 0)
                .sorted()
                .toList();
        long longest = 0;
        long before = fromNanos;
        for (long nanos : after) {
            longest = Math.max(longest, nanos - before);
            before = nanos;
        }
        return longest / 1_000_000;
    }

    /** Ends the load; returns when no request is under way. */
    void stop() {
        loading.set(false);
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        stop();
    }
}
