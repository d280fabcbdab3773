package coco.systemtests.processes;

import coco.cli.network.LocalNetwork;
import coco.cli.network.NetworkFolder;
import coco.cli.network.NetworkPlan;
import coco.cli.network.NodeJvm;
import coco.cli.network.NodeProcess;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Three node processes in a folder of their own, on ports of their own; all are stopped at the end. */
final class ProcessNetwork implements AutoCloseable {
    static final int NODES = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int HEAP_MEBIBYTES = 512;
    private static final int PORT_PLACES = 110;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(1))
            .build();
    private final NodeJvm jvm;
    private final LocalNetwork network;

    /** Makes a network and starts it. */
    ProcessNetwork(Path folder, Map<String, String> settings) {
        this(folder, settings, ordinaryJvm());
        startAll();
        awaitLevel();
    }

    /** Makes a network and starts nothing: whoever starts its nodes decides when, and on what. */
    ProcessNetwork(Path folder, Map<String, String> settings, NodeJvm jvm) {
        this.jvm = jvm;
        this.network = LocalNetwork.create(
                new NetworkFolder(folder), NetworkPlan.development(NODES, freeBasePort(), settings));
    }

    static NodeJvm ordinaryJvm() {
        return NodeJvm.sameAsThis(HEAP_MEBIBYTES);
    }

    /**
     * A port from which on all forty of the plan are free, as far as one can know. Two runs at the same time begin to look
     * at different places, below the ports that the system gives to connections.
     */
    private static int freeBasePort() {
        int first = (int) (ProcessHandle.current().pid() % PORT_PLACES);
        for (int i = 0; i < PORT_PLACES; i++) {
            int base = 21_000 + 100 * ((first + i) % PORT_PLACES);
            if (isFree(base)) {
                return base;
            }
        }
        throw new IllegalStateException("no free ports");
    }

    private static boolean isFree(int base) {
        for (int decade = 0; decade < 40; decade += 10) {
            for (int node = 0; node < NODES; node++) {
                try (ServerSocket probe = new ServerSocket(base + decade + node)) {
                    probe.setReuseAddress(true);
                } catch (IOException taken) {
                    return false;
                }
            }
        }
        return true;
    }

    LocalNetwork local() {
        return network;
    }

    NodeProcess process(int node) {
        return network.process(node).orElseThrow(() -> new IllegalStateException("node " + node + " does not run"));
    }

    void start(int node) {
        network.start(node, jvm);
    }

    void startAll() {
        network.start(jvm, process -> {});
    }

    URI url(int node, String path) {
        return URI.create(network.httpUrl(node) + path);
    }

    HttpResponse<byte[]> send(HttpRequest request) throws IOException, InterruptedException {
        return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    /** What a node says of itself; a missing node if it does not answer. */
    JsonNode state(int node, String query) {
        HttpRequest request = HttpRequest.newBuilder(url(node, "/node/state" + query))
                .timeout(Duration.ofSeconds(2))
                .build();
        try {
            return JsonMapper.shared().readTree(send(request).body());
        } catch (IOException e) {
            return JsonMapper.shared().missingNode();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    long height(int node) {
        return state(node, "").path("height").asLong(-1);
    }

    String hash(int node, long height) {
        return state(node, "?height=" + height).path("hash").asString("none at node " + node);
    }

    OptionalInt leader() {
        for (int node = 1; node <= NODES; node++) {
            if (network.process(node).isPresent()
                    && state(node, "").path("role").asString("").equals("leader")) {
                return OptionalInt.of(node);
            }
        }
        return OptionalInt.empty();
    }

    int awaitLeader() {
        await(() -> leader().isPresent(), "a leader");
        return leader().orElseThrow();
    }

    /** Waits until every node is ready and at the same height. */
    void awaitLevel() {
        await(
                () -> {
                    long first = height(1);
                    if (first < 0) {
                        return false;
                    }
                    for (int node = 2; node <= NODES; node++) {
                        if (height(node) != first) {
                            return false;
                        }
                    }
                    return leader().isPresent();
                },
                "all nodes at one height");
    }

    static void await(BooleanSupplier condition, String what) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("waited " + PATIENCE.toSeconds() + " s for " + what);
            }
            java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
        }
    }

    @Override
    public void close() {
        LocalNetwork.stop(network.running());
        http.close();
    }
}
