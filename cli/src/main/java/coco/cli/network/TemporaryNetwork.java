package coco.cli.network;

import coco.cli.console.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/** A running network in a folder of its own, which is gone when it is closed, or when this process is told to end. */
public final class TemporaryNetwork implements AutoCloseable {
    private static final Duration READY_LIMIT = Duration.ofMinutes(2);

    private final NetworkFolder folder;
    private final List<NodeProcess> started = new CopyOnWriteArrayList<>();
    private final AtomicBoolean gone = new AtomicBoolean();

    private TemporaryNetwork(NetworkFolder folder) {
        this.folder = folder;
    }

    /**
     * Makes and starts a network, and waits until it is ready.
     *
     * @param settings configuration keys that differ from their defaults
     * @throws coco.cli.console.CliException it could not be started
     */
    public static TemporaryNetwork start(int nodes, Map<String, String> settings, int heapMebibytes, Console console)
            throws IOException {
        return start(NetworkPlan.development(nodes, PortPlan.freeBase(nodes), settings), heapMebibytes, console);
    }

    /** The same for a plan. */
    public static TemporaryNetwork start(NetworkPlan plan, int heapMebibytes, Console console) throws IOException {
        int nodes = plan.nodes();
        // Below the current folder, not in the temporary one, which may lie in memory and would make fsync free.
        Path own = Files.createTempDirectory(Path.of("").toAbsolutePath(), ".coco-bench-");
        TemporaryNetwork network = new TemporaryNetwork(new NetworkFolder(own));
        Runtime.getRuntime().addShutdownHook(new Thread(network::close, "clean-up"));
        console.note("starting " + nodes + " nodes in " + own);
        try {
            LocalNetwork made = LocalNetwork.create(network.folder, plan);
            made.start(NodeJvm.sameAsThis(heapMebibytes), network.started::add);
            made.awaitReady(
                    READY_LIMIT, (ready, all) -> console.progress("  " + ready + " of " + all + " nodes ready"));
            return network;
        } catch (RuntimeException e) {
            network.close();
            throw e;
        }
    }

    /** The network. */
    public LocalNetwork network() {
        return LocalNetwork.open(folder);
    }

    /** Stops the nodes and deletes everything. */
    @Override
    public void close() {
        if (gone.getAndSet(true)) {
            return;
        }
        LocalNetwork.stop(started.stream().filter(NodeProcess::isAlive).toList());
        if (Files.exists(folder.description())) {
            LocalNetwork.open(folder).delete();
        }
        // Stays, with what the user put there, if it is not empty.
        folder.root().toFile().delete();
    }
}
