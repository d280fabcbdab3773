package coco.systemtests.processes;

import static org.assertj.core.api.Assertions.assertThat;

import coco.cli.network.NodeJvm;
import coco.evm.types.Address;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A network under mixed load for a long time: nothing may grow, nobody may stall, nothing may be left over. Two
 * minutes, or {@code -Dcoco.soak.minutes=N}. The curve goes to {@code dist/soak.csv}.
 *
 * <p>Flat means: after a first half for warming up (caches, compiled code, the first segments of everything), the
 * median of the last quarter is not above that of the quarter before it by more than a tenth and some mebibytes. Heap
 * is what a full collection leaves.
 */
@Tag("processes")
class SoakIT {
    private static final int MINUTES = Integer.getInteger("coco.soak.minutes", 2);
    private static final int SENDERS = 20;
    private static final int SUBSCRIBERS = 500;
    private static final int READERS = 6;
    private static final int SAMPLES = 40;
    private static final long SENDER_PACE_NANOS = 100_000_000;
    private static final long READER_PACE_NANOS = 50_000_000;
    /** What anvil's senders are stuck for is minutes; a full collection and a slow machine are in this. */
    private static final long STALL_MILLIS_MAX = 5_000;

    private static final long HEAP_SLACK_BYTES = 16L << 20;
    private static final long RESIDENT_SLACK_BYTES = 48L << 20;

    @TempDir
    private Path folder = Path.of("");

    private final AtomicBoolean reading = new AtomicBoolean(true);
    private final AtomicInteger answers = new AtomicInteger();
    private final AtomicInteger abandoned = new AtomicInteger();
    private final List<String> faults = new ArrayList<>();

    /** The memory of all nodes at one moment. */
    private record Sample(double second, int committed, int answers, List<NodeMemory> nodes) {
        String line() {
            StringBuilder line = new StringBuilder("%.0f,%d,%d".formatted(second, committed, answers));
            nodes.forEach(node ->
                    line.append(",%.1f,%.1f".formatted(mebibytes(node.heapBytes()), mebibytes(node.residentBytes()))));
            return line.toString();
        }

        private static double mebibytes(long bytes) {
            return bytes / (double) (1 << 20);
        }
    }

    @Test
    void shouldStayFlatUnderMixedLoad() throws Exception {
        Map<String, String> settings = Map.of("rpc.filterTimeout", "20s", "webSocket.queueMessages", "2048");
        List<HeadWatcher> watchers = new ArrayList<>();
        List<Sample> samples = new ArrayList<>();
        NodeJvm jvm = NodeMemory.attachable(ProcessNetwork.ordinaryJvm().forLongLife(), folder.resolve("jvm"));
        try (ProcessNetwork network = ProcessNetwork.started(folder.resolve("network"), settings, jvm);
                Senders senders = new Senders(network, SENDERS, SENDER_PACE_NANOS)) {
            for (int i = 0; i < SUBSCRIBERS; i++) {
                watchers.add(new HeadWatcher(network, 1 + i % ProcessNetwork.NODES));
            }
            List<Thread> readers = readers(network, senders.contract());
            sample(network, senders, samples);
            reading.set(false);
            for (Thread reader : readers) {
                reader.join();
            }
            senders.stop();
            network.awaitLevel();
            write(samples);
            assertNothingIsLeft(network, senders);
            assertThat(watchers).extracting(HeadWatcher::fault).containsOnly("");
            assertThat(faults).isEmpty();
            assertThat(senders.longestMillis()).as("longest wait of a sender").isLessThan(STALL_MILLIS_MAX);
            for (int node = 0; node < ProcessNetwork.NODES; node++) {
                int of = node;
                assertFlat(
                        samples,
                        "heap of node " + (of + 1),
                        HEAP_SLACK_BYTES,
                        each -> each.nodes().get(of).heapBytes());
                assertFlat(
                        samples,
                        "resident memory of node " + (of + 1),
                        RESIDENT_SLACK_BYTES,
                        each -> each.nodes().get(of).residentBytes());
            }
            System.out.printf(
                    "soak: %d min, %d transactions, %d other answers, %d things abandoned, longest wait of a sender %d ms%n",
                    MINUTES, senders.committed(), answers.get(), abandoned.get(), senders.longestMillis());
        } finally {
            reading.set(false);
            watchers.forEach(HeadWatcher::close);
        }
    }

    private void sample(ProcessNetwork network, Senders senders, List<Sample> samples) throws Exception {
        long begun = System.nanoTime();
        long every = Duration.ofMinutes(MINUTES).toNanos() / SAMPLES;
        for (int i = 1; i <= SAMPLES; i++) {
            LockSupport.parkNanos(begun + i * every - System.nanoTime());
            List<NodeMemory> nodes = new ArrayList<>();
            for (int node = 1; node <= ProcessNetwork.NODES; node++) {
                nodes.add(NodeMemory.of(network, node));
            }
            samples.add(new Sample((System.nanoTime() - begun) / 1e9, senders.committed(), answers.get(), nodes));
        }
    }

    private static void write(List<Sample> samples) throws IOException {
        Path csv = Path.of(System.getProperty("coco.root", "."), "dist", "soak.csv");
        Files.createDirectories(csv.getParent());
        StringBuilder lines = new StringBuilder("second,transactions,answers");
        for (int node = 1; node <= ProcessNetwork.NODES; node++) {
            lines.append(",heap%d_mib,resident%d_mib".formatted(node, node));
        }
        samples.forEach(sample -> lines.append('\n').append(sample.line()));
        Files.writeString(csv, lines.append('\n').toString());
        System.out.print(lines);
    }

    private static void assertFlat(List<Sample> samples, String what, long slackBytes, ToLongFunction<Sample> bytes) {
        long before = median(samples.subList(SAMPLES / 2, SAMPLES * 3 / 4), bytes);
        long after = median(samples.subList(SAMPLES * 3 / 4, SAMPLES), bytes);
        assertThat(after).as(what + ", before " + before).isLessThan(before + before / 10 + slackBytes);
    }

    private static long median(List<Sample> samples, ToLongFunction<Sample> bytes) {
        return samples.stream()
                .mapToLong(bytes)
                .sorted()
                .skip(samples.size() / 2)
                .findFirst()
                .orElseThrow();
    }

    private static void assertNothingIsLeft(ProcessNetwork network, Senders senders) throws Exception {
        ProcessNetwork.await(
                () -> {
                    long pooled = 0;
                    for (int node = 1; node <= ProcessNetwork.NODES; node++) {
                        pooled += NodeMemory.metric(network, node, "coco_pool_transactions{ledger=\"ethereum\"}");
                    }
                    return pooled == 0;
                },
                "every pool to be empty");
        for (Address sender : senders.addresses()) {
            assertThat(network.result(1, "eth_getTransactionCount", sender.hex(), "pending"))
                    .isEqualTo(network.result(1, "eth_getTransactionCount", sender.hex(), "latest"));
        }
    }

    private List<Thread> readers(ProcessNetwork network, Address contract) {
        List<Thread> threads = new ArrayList<>();
        String address = contract.hex();
        for (int i = 0; i < READERS; i++) {
            int kind = i;
            threads.add(Thread.startVirtualThread(() -> {
                for (int round = 0; reading.get(); round++) {
                    try {
                        read(network, 1 + round % ProcessNetwork.NODES, kind, address);
                    } catch (IOException | InterruptedException | RuntimeException failure) {
                        note(kind + ": " + failure);
                    }
                    LockSupport.parkNanos(READER_PACE_NANOS);
                }
            }));
        }
        return threads;
    }

    private synchronized void note(String fault) {
        if (faults.size() < 10) {
            faults.add(fault);
        }
    }

    private void read(ProcessNetwork network, int node, int kind, String address)
            throws IOException, InterruptedException {
        switch (kind) {
            case 0 -> post(network, node, call("eth_call", "[{\"to\":\"" + address + "\"},\"latest\"]"));
            case 1 -> post(network, node, logs(network, node, address));
            case 2 -> post(network, node, batch());
            case 3 -> post(network, node, call("eth_getBlockByNumber", "[\"latest\",true]"));
            case 4 -> {
                // Never fetched, never uninstalled.
                post(network, node, call("eth_newFilter", "[{\"address\":\"" + address + "\"}]"));
                post(network, node, call("eth_newBlockFilter", "[]"));
                abandoned.addAndGet(2);
            }
            default -> {
                try (SocketClient left = new SocketClient(network.url(node, "/"), Duration.ofSeconds(60))) {
                    left.call(1, "eth_subscribe", "[\"logs\",{\"address\":\"" + address + "\"}]");
                    left.next();
                }
                abandoned.incrementAndGet();
                answers.incrementAndGet();
            }
        }
    }

    private static String call(String method, String params) {
        return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":" + params + "}";
    }

    private static String logs(ProcessNetwork network, int node, String address)
            throws IOException, InterruptedException {
        long head = Long.decode(network.result(node, "eth_blockNumber").asString());
        return call(
                "eth_getLogs",
                "[{\"fromBlock\":\"0x" + Long.toHexString(Math.max(0, head - 100)) + "\",\"address\":\"" + address
                        + "\"}]");
    }

    private static String batch() {
        List<String> calls = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            calls.add(call("eth_getBlockByNumber", "[\"0x" + Integer.toHexString(i) + "\",false]"));
        }
        return "[" + String.join(",", calls) + "]";
    }

    private void post(ProcessNetwork network, int node, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(network.url(node, "/"))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        String answer = new String(network.send(request).body(), StandardCharsets.UTF_8);
        if (answer.contains("\"error\"")) {
            note(answer.substring(0, Math.min(200, answer.length())));
        }
        answers.incrementAndGet();
    }
}
