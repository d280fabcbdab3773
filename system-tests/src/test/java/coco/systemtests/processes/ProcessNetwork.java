package coco.systemtests.processes;

import coco.cli.network.LocalNetwork;
import coco.cli.network.NetworkFolder;
import coco.cli.network.NetworkPlan;
import coco.cli.network.NodeJvm;
import coco.cli.network.NodeLog;
import coco.cli.network.NodeProcess;
import coco.cli.network.PortPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Three node processes in a folder of their own, on ports of their own; all are stopped at the end. */
final class ProcessNetwork implements AutoCloseable {
    static final int NODES = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    /** Longer than a node takes to say that it does not know yet. */
    private static final Duration REPLY_PATIENCE = Duration.ofSeconds(3);

    private static final int LOG_LINES = 12;
    private static final int HEAP_MEBIBYTES = 512;

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

    /** Makes a network and starts it on a JVM of the test's choice. */
    static ProcessNetwork started(Path folder, Map<String, String> settings, NodeJvm jvm) {
        ProcessNetwork network = new ProcessNetwork(folder, settings, jvm);
        network.startAll();
        network.awaitLevel();
        return network;
    }

    /** Makes a network and starts nothing: whoever starts its nodes decides when, and on what. */
    ProcessNetwork(Path folder, Map<String, String> settings, NodeJvm jvm) {
        this.jvm = jvm;
        this.network = LocalNetwork.create(
                new NetworkFolder(folder), NetworkPlan.development(NODES, PortPlan.freeBase(NODES), settings));
    }

    private ProcessNetwork(LocalNetwork network) {
        this.jvm = ordinaryJvm();
        this.network = network;
    }

    /** A network that was made before and does not run. */
    static ProcessNetwork reopen(Path folder) {
        return new ProcessNetwork(LocalNetwork.open(new NetworkFolder(folder)));
    }

    static NodeJvm ordinaryJvm() {
        return NodeJvm.sameAsThis(HEAP_MEBIBYTES);
    }

    LocalNetwork local() {
        return network;
    }

    NodeProcess process(int node) {
        return network.process(node).orElseThrow(() -> new IllegalStateException("node " + node + " does not run"));
    }

    void start(int node) {
        start(node, jvm);
    }

    /** Starts one node on another JVM than the network's own. */
    void start(int node, NodeJvm other) {
        network.start(node, other);
    }

    void startAll() {
        network.start(jvm, process -> {});
    }

    /** Ends one node as {@code kill -9} does, and returns when it is gone. */
    void kill(int node) {
        kill(List.of(process(node)));
    }

    /** Ends all nodes at once as {@code kill -9} does. */
    void killAll() {
        kill(network.running());
    }

    private static void kill(List<NodeProcess> processes) {
        processes.forEach(NodeProcess::kill);
        for (NodeProcess process : processes) {
            // Its end is waited for, not just its being killed: until then it holds its ports and its files.
            if (!process.awaitExit(PATIENCE)) {
                throw new AssertionError("node " + process.node() + " outlived a kill");
            }
        }
    }

    /** Stops all nodes in order: journals are forced and closed. */
    void stopAll() {
        List<Integer> forced = LocalNetwork.stop(network.running());
        if (!forced.isEmpty()) {
            throw new AssertionError("nodes that did not stop by themselves: " + forced);
        }
    }

    /** Takes the processor away from a node, as a suspended machine would. */
    void freeze(int node) {
        signal("STOP", node);
    }

    /** Lets a frozen node go on as if no time had passed. */
    void thaw(int node) {
        signal("CONT", node);
    }

    private void signal(String name, int node) {
        // The shell's own kill: the program of that name is not installed everywhere.
        List<String> command =
                List.of("/bin/sh", "-c", "kill -" + name + " " + process(node).pid());
        try {
            int code = new ProcessBuilder(command).inheritIO().start().waitFor();
            if (code != 0) {
                throw new IllegalStateException("kill -" + name + " ended with " + code);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    Path folder(int node) {
        return network.folder().node(node);
    }

    /** What a node has written to its log so far. */
    String log(int node) {
        try {
            return Files.readString(network.folder().log(node));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    URI url(int node, String path) {
        return URI.create(network.httpUrl(node) + path);
    }

    HttpResponse<byte[]> send(HttpRequest request) throws IOException, InterruptedException {
        return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    /** Calls a JSON-RPC method whose parameters are texts. */
    HttpResponse<byte[]> call(int node, String method, String... parameters) throws IOException, InterruptedException {
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        request.put("jsonrpc", "2.0").put("id", 1).put("method", method);
        List.of(parameters).forEach(request.putArray("params")::add);
        return send(HttpRequest.newBuilder(url(node, "/"))
                .timeout(REPLY_PATIENCE)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(JsonMapper.shared().writeValueAsBytes(request)))
                .build());
    }

    /** The result of such a call; a missing node if there is none. */
    JsonNode result(int node, String method, String... parameters) throws IOException, InterruptedException {
        return JsonMapper.shared()
                .readTree(call(node, method, parameters).body())
                .path("result");
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

    /** The leader as one other node sees it, whatever the leader itself has to say. */
    OptionalInt leaderSeenBy(int node) {
        String id = state(node, "").path("leader").asString("");
        return id.startsWith("node-")
                ? OptionalInt.of(Integer.parseInt(id.substring("node-".length())))
                : OptionalInt.empty();
    }

    /**
     * Waits until every node is ready and has what any of them had before, and one of them leads. Unlike
     * {@link #awaitLevel}, it ends while clients write: nodes that are asked one after another then never report one
     * height, but by chance.
     */
    void awaitCaughtUp() {
        long before =
                IntStream.rangeClosed(1, NODES).mapToLong(this::height).max().orElseThrow();
        await(
                () -> IntStream.rangeClosed(1, NODES).allMatch(node -> hasCaughtUp(node, before))
                        && leader().isPresent(),
                () -> "all nodes to catch up with height " + before + told());
    }

    /** What each node says of itself, and said last. */
    private String told() {
        StringBuilder told = new StringBuilder();
        for (int node = 1; node <= NODES; node++) {
            told.append("\n== node ")
                    .append(node)
                    .append(network.process(node).isPresent() ? ": " : " (ended): ")
                    .append(state(node, ""))
                    .append('\n')
                    .append(NodeLog.lastLines(network.folder().log(node), LOG_LINES));
        }
        return told.toString();
    }

    private boolean hasCaughtUp(int node, long height) {
        JsonNode state = state(node, "");
        return state.path("ready").asBoolean(false) && state.path("height").asLong(-1) >= height;
    }

    /** Waits until every node is ready and reports the same height, and one of them leads. */
    void awaitLevel() {
        await(() -> areLevel() && leader().isPresent(), "all nodes at one height");
    }

    /** Waits until a node has applied a height; fails at once if it ends instead. */
    void awaitHeight(int node, long height) {
        await(
                () -> {
                    if (network.process(node).isEmpty()) {
                        throw new AssertionError("node " + node + " ended: " + log(node));
                    }
                    return height(node) >= height;
                },
                "node " + node + " to apply height " + height);
    }

    /** Waits until every node is at the same height and has all of it in its journal on disk. */
    void awaitDurable() {
        awaitLevel();
        for (int node = 1; node <= NODES; node++) {
            int asked = node;
            await(
                    () -> {
                        JsonNode state = state(asked, "");
                        return state.path("durableHeight").asLong(-2)
                                == state.path("height").asLong(-1);
                    },
                    "the journal of node " + node);
        }
    }

    private boolean areLevel() {
        Set<Long> heights = new HashSet<>();
        for (int node = 1; node <= NODES; node++) {
            JsonNode state = state(node, "");
            // Before it is ready, a node may not know of blocks that were acknowledged in an earlier life.
            if (!state.path("ready").asBoolean(false)) {
                return false;
            }
            heights.add(state.path("height").asLong(-1));
        }
        return heights.size() == 1;
    }

    static void await(BooleanSupplier condition, String what) {
        await(condition, () -> what);
    }

    private static void await(BooleanSupplier condition, Supplier<String> what) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("waited " + PATIENCE.toSeconds() + " s for " + what.get());
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    @Override
    public void close() {
        // Nodes may have joined since it was opened.
        LocalNetwork.stop(LocalNetwork.open(network.folder()).running());
        http.close();
    }
}
