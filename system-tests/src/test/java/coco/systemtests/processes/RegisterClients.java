package coco.systemtests.processes;

import coco.systemtests.linearizability.Operation;
import coco.systemtests.linearizability.Operation.Call;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Clients that write, remove and read a few keys at random nodes, all at once, and a record of what each asked and
 * heard. A write that was not acknowledged is sometimes tried again at another node under its name, as one operation,
 * and sometimes left open. Reads demand to be linearizable.
 */
final class RegisterClients implements AutoCloseable {
    private static final int CLIENTS = 9;
    private static final int KEYS = 3;
    private static final int ATTEMPTS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final long PACE_NANOS = 20_000_000;

    private final ProcessNetwork network;
    private final Queue<Operation> history = new ConcurrentLinkedQueue<>();
    private final Queue<String> nonsense = new ConcurrentLinkedQueue<>();
    private final Map<Integer, LongAdder> acknowledgedAt = new ConcurrentHashMap<>();
    private final LongAdder refusedReads = new LongAdder();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger era = new AtomicInteger();
    private volatile boolean running = true;

    private RegisterClients(ProcessNetwork network) {
        this.network = network;
        for (int node = 1; node <= ProcessNetwork.NODES; node++) {
            acknowledgedAt.put(node, new LongAdder());
        }
    }

    static RegisterClients start(ProcessNetwork network, long seed) {
        RegisterClients clients = new RegisterClients(network);
        SplittableRandom seeds = new SplittableRandom(seed);
        for (int i = 0; i < CLIENTS; i++) {
            String name = "client-" + i;
            SplittableRandom random = seeds.split();
            clients.threads.add(Thread.ofVirtual().start(() -> clients.run(name, random)));
        }
        return clients;
    }

    private void run(String name, SplittableRandom random) {
        try {
            for (int i = 0; running; i++) {
                String key = key(era.get(), random.nextInt(KEYS));
                int node = 1 + random.nextInt(ProcessNetwork.NODES);
                if (random.nextInt(2) == 0) {
                    read(name, node, key);
                } else {
                    String value = random.nextInt(8) == 0 ? null : name + "-" + i;
                    write(name, node, key, value, name + "-" + i, 1 + random.nextInt(ATTEMPTS));
                }
                LockSupport.parkNanos(PACE_NANOS);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static String key(int era, int number) {
        return "register-" + era + "-" + number;
    }

    // ---------------------------------------------------------------- operations

    /** Returns why there is no answer; nothing if there is one. */
    private String read(String client, int node, String key) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(network.url(node, "/kv/" + key))
                .timeout(PATIENCE)
                .header("Coco-Consistency", "linearizable")
                .build();
        long invoked = System.nanoTime();
        try {
            HttpResponse<byte[]> reply = network.send(request);
            long returned = System.nanoTime();
            String text = new String(reply.body(), StandardCharsets.UTF_8);
            if (reply.statusCode() == 200 || reply.statusCode() == 404) {
                String value = reply.statusCode() == 200 ? text : null;
                history.add(new Operation(client + "@" + node, key, new Call.Read(value), invoked, returned));
                return "";
            }
            expectUnavailable(reply.statusCode(), text);
            refusedReads.increment();
            return reply.statusCode() + " " + text;
        } catch (IOException unanswered) {
            // It says nothing about the register.
            refusedReads.increment();
            return unanswered.toString();
        }
    }

    private void write(String client, int firstNode, String key, @Nullable String value, String id, int attempts)
            throws InterruptedException {
        long invoked = System.nanoTime();
        long returned = Operation.NEVER;
        int node = firstNode;
        for (int i = 0; i < attempts && returned == Operation.NEVER; i++) {
            node = 1 + (firstNode - 1 + i) % ProcessNetwork.NODES;
            if (isAcknowledged(node, key, value, id)) {
                returned = System.nanoTime();
                counter(node).increment();
            }
        }
        history.add(new Operation(client + "@" + node, key, new Call.Write(value), invoked, returned));
    }

    private boolean isAcknowledged(int node, String key, @Nullable String value, String id)
            throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(network.url(node, "/kv/" + key + "?id=" + id))
                .timeout(PATIENCE);
        request = value == null ? request.DELETE() : request.PUT(HttpRequest.BodyPublishers.ofString(value));
        try {
            HttpResponse<byte[]> reply = network.send(request.build());
            if (reply.statusCode() != 200 && reply.statusCode() != 202) {
                expectUnavailable(reply.statusCode(), new String(reply.body(), StandardCharsets.UTF_8));
            }
            return reply.statusCode() == 200;
        } catch (IOException unanswered) {
            return false;
        }
    }

    private void expectUnavailable(int status, String text) {
        if (status != 503) {
            nonsense.add(status + " " + text);
        }
    }

    private LongAdder counter(int node) {
        return acknowledgedAt.getOrDefault(node, new LongAdder());
    }

    // ---------------------------------------------------------------- what a test does

    /** From now on other keys: the search for an order is longer the longer a key lives. */
    void nextEra() {
        era.incrementAndGet();
    }

    /** Waits until so many more writes were acknowledged by other nodes than this one. */
    void awaitWritesBesides(int node, int writes) {
        long before = writesBesides(node);
        ProcessNetwork.await(() -> writesBesides(node) >= before + writes, "writes at other nodes than " + node);
    }

    private long writesBesides(int node) {
        return acknowledgedAt.entrySet().stream()
                .filter(entry -> entry.getKey() != node)
                .mapToLong(entry -> entry.getValue().sum())
                .sum();
    }

    /** Ends all clients, and reads every key once more at every node that runs; all of them answer. */
    List<Operation> finish() throws InterruptedException {
        running = false;
        for (Thread thread : threads) {
            thread.join();
        }
        for (int node = 1; node <= ProcessNetwork.NODES; node++) {
            for (int of = 0; of <= era.get(); of++) {
                for (int number = 0; number < KEYS; number++) {
                    String fault = read("last", node, key(of, number));
                    if (!fault.isEmpty()) {
                        nonsense.add("node %d did not answer the last read of %s: %s"
                                .formatted(node, key(of, number), fault));
                    }
                }
            }
        }
        return List.copyOf(history);
    }

    /** Answers that are none of those that a client has to expect. */
    List<String> nonsense() {
        return List.copyOf(nonsense);
    }

    long refusedReads() {
        return refusedReads.sum();
    }

    @Override
    public void close() {
        running = false;
    }
}
