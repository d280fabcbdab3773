package coco.cli.network;

import coco.cli.console.CliException;
import coco.cli.console.Pause;
import coco.client.ClientException;
import coco.client.ClientLimits;
import coco.client.NodeClient;
import coco.client.ServiceTrust;
import coco.governance.Preset;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import tools.jackson.databind.JsonNode;

/** A network in a folder of this machine, and the processes of its nodes. */
public final class LocalNetwork {
    /** A node flushes, leaves the Raft group and closes its files in well under this. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    private static final Duration KILL_LIMIT = Duration.ofSeconds(10);
    private static final long POLL_MILLIS = 100;
    private static final ClientLimits STATUS_LIMITS =
            new ClientLimits(Duration.ofSeconds(2), Duration.ofSeconds(3), 1024 * 1024);

    private final NetworkFolder folder;
    private final NetworkDescription description;
    private final LongSupplier nanoClock;

    LocalNetwork(NetworkFolder folder, NetworkDescription description, LongSupplier nanoClock) {
        this.folder = folder;
        this.description = description;
        this.nanoClock = nanoClock;
    }

    /**
     * The network that was made in a folder.
     *
     * @throws CliException there is none
     */
    public static LocalNetwork open(NetworkFolder folder) {
        return new LocalNetwork(folder, NetworkDescription.read(folder), System::nanoTime);
    }

    /**
     * Makes a network: keys, certificates, genesis and the nodes' configurations. Starts nothing.
     *
     * @throws CliException the folder holds something else, or cannot be written
     */
    public static LocalNetwork create(NetworkFolder folder, NetworkPlan plan) {
        new NetworkFounder(folder, plan, InstantSource.system(), new SecureRandom()).found();
        return open(folder);
    }

    /**
     * Stops what runs and deletes everything that was made; other files in the folder stay.
     *
     * @throws CliException something cannot be deleted
     */
    public void delete() {
        stop(running());
        FolderCleaner.clean(folder);
    }

    /** Where it lies. */
    public NetworkFolder folder() {
        return folder;
    }

    /** How it was made. */
    public NetworkDescription description() {
        return description;
    }

    /** JSON-RPC without TLS, on loopback. */
    public URI httpUrl(int node) {
        return URI.create("http://127.0.0.1:" + description.ports().http(node));
    }

    /** JSON-RPC by TLS. */
    public URI httpsUrl(int node) {
        return URI.create("https://localhost:" + description.ports().https(node));
    }

    /** Where members and nodes govern, by TLS. */
    public URI administrativeUrl(int node) {
        return URI.create("https://localhost:" + description.ports().administrative(node));
    }

    /** The simplest way in: without TLS where the preset allows it. */
    public URI rpcUrl(int node) {
        return description.preset() == Preset.DEVELOPMENT ? httpUrl(node) : httpsUrl(node);
    }

    /** TLS that accepts the nodes of this service only. */
    public SSLContext tls() {
        List<URI> nodes = running().stream()
                .map(process -> administrativeUrl(process.node()))
                .toList();
        return ServiceTrust.contextFor(new KnownService(folder.serviceCertificate()).newest(nodes));
    }

    /** The nodes that run, in the order of their numbers. */
    public List<NodeProcess> running() {
        List<NodeProcess> running = new ArrayList<>();
        for (int node = 1; node <= description.nodes(); node++) {
            process(node).ifPresent(running::add);
        }
        return running;
    }

    /** The process of one node, if it runs. */
    public Optional<NodeProcess> process(int node) {
        return NodeProcess.find(folder, node);
    }

    /**
     * Starts every node that does not run.
     *
     * @param onStart told of each process as soon as it exists, so that it can be stopped whatever comes next
     * @throws CliException a port is taken, or a process cannot be started
     */
    public void start(NodeJvm jvm, Consumer<NodeProcess> onStart) {
        if (running().isEmpty()) {
            description.ports().requireFree(description.nodes());
        }
        for (int node = 1; node <= description.nodes(); node++) {
            if (process(node).isEmpty()) {
                onStart.accept(start(node, jvm));
            }
        }
    }

    /** Starts one node. */
    public NodeProcess start(int node, NodeJvm jvm) {
        return NodeProcess.start(folder, node, jvm);
    }

    /**
     * Waits until every node says that it is ready.
     *
     * @param onChange told how many are ready, whenever that changes
     * @throws CliException a node ended, or the time is up; the message shows the end of its log
     */
    public void awaitReady(Duration limit, ReadyListener onChange) {
        long deadline = nanoClock.getAsLong() + limit.toNanos();
        int reported = -1;
        while (true) {
            int ready = 0;
            for (int node = 1; node <= description.nodes(); node++) {
                if (process(node).isEmpty()) {
                    throw new CliException(
                            "node " + node + " ended while starting\n" + NodeLog.lastLines(folder.log(node), 12),
                            "Its whole log: " + folder.log(node));
                }
                ready += status(node).ready() ? 1 : 0;
            }
            if (ready != reported) {
                onChange.ready(ready, description.nodes());
                reported = ready;
            }
            if (ready == description.nodes()) {
                return;
            }
            if (nanoClock.getAsLong() - deadline > 0) {
                throw new CliException(
                        "only " + ready + " of " + description.nodes() + " nodes were ready after " + limit.toSeconds()
                                + " s",
                        "See what they say with: coco logs --dir " + folder.root());
            }
            Pause.millis(POLL_MILLIS);
        }
    }

    /** What a node says about itself now. */
    public NodeStatus status(int node) {
        Optional<NodeProcess> process = process(node);
        if (process.isEmpty()) {
            return NodeStatus.stopped(node);
        }
        try (NodeClient client = new NodeClient(rpcUrl(node), tls(), STATUS_LIMITS)) {
            NodeClient.Page health = client.get("/node/health");
            JsonNode state = client.get("/node/state").body();
            return NodeStatus.of(node, process.get().pid(), health.status() == 200, state);
        } catch (ClientException e) {
            return NodeStatus.silent(node, process.get().pid());
        }
    }

    /**
     * Stops nodes: asks all of them first, and ends by force what does not end in time.
     *
     * @return the nodes that had to be ended by force
     */
    public static List<Integer> stop(List<NodeProcess> processes) {
        processes.forEach(NodeProcess::requestStop);
        List<Integer> forced = new ArrayList<>();
        for (NodeProcess process : processes) {
            if (!process.awaitExit(STOP_LIMIT)) {
                process.kill();
                process.awaitExit(KILL_LIMIT);
                forced.add(process.node());
            }
        }
        return forced;
    }

    /** Hears how a start goes. */
    @FunctionalInterface
    public interface ReadyListener {
        /** So many of so many nodes are ready. */
        void ready(int ready, int nodes);
    }
}
