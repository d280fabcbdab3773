package coco.cli.network;

import coco.attestation.simulated.SimulatedPlatform;
import coco.cli.console.Console;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** The nodes of a network that this command started, and that end with it unless they are left to themselves. */
public final class ForegroundNetwork {
    private static final Duration READY_LIMIT = Duration.ofMinutes(2);
    private static final long WATCH_MILLIS = 300;
    private static final int LAST_WORDS_LINES = 12;

    private final LocalNetwork network;
    private final Console console;
    private final List<NodeProcess> started = new CopyOnWriteArrayList<>();
    private final Thread stopper = new Thread(this::stop, "stop-nodes");

    /** From then on the end of a node is no news. */
    private volatile boolean stopping;

    private ForegroundNetwork(LocalNetwork network, Console console) {
        this.network = network;
        this.console = console;
    }

    /**
     * Starts every node that does not run, and waits until all are ready. Whatever ends this process stops them.
     *
     * @throws coco.cli.console.CliException a node cannot be started, or is not ready in time
     */
    public static ForegroundNetwork start(LocalNetwork network, int heapMebibytes, Console console) {
        long start = System.nanoTime();
        ForegroundNetwork foreground = new ForegroundNetwork(network, console);
        console.note(console.yellow(SimulatedPlatform.BANNER.strip()));
        console.note("starting " + network.description().nodes() + " nodes in "
                + network.folder().root());
        Runtime.getRuntime().addShutdownHook(foreground.stopper);
        network.start(NodeJvm.sameAsThis(heapMebibytes), foreground.started::add);
        network.awaitReady(READY_LIMIT, (ready, all) -> console.progress("  " + ready + " of " + all + " nodes ready"));
        console.note(String.format(Locale.ROOT, "ready after %.1f s", (System.nanoTime() - start) / 1e9));
        return foreground;
    }

    /** Leaves the nodes to themselves: they outlive this command. */
    public void detach() {
        Runtime.getRuntime().removeShutdownHook(stopper);
    }

    /**
     * Waits for Ctrl-C, or until no node is left; says when one ends by itself.
     *
     * @param restart the command that starts one again
     */
    public void watch(String restart) throws InterruptedException {
        Set<Integer> gone = new HashSet<>();
        while (gone.size() < started.size()) {
            Thread.sleep(WATCH_MILLIS);
            for (NodeProcess process : started) {
                int node = process.node();
                if (network.process(node).isPresent()) {
                    gone.remove(node);
                } else if (gone.add(node) && !stopping) {
                    console.failure(
                            "node " + node + " ended\n"
                                    + NodeLog.lastLines(network.folder().log(node), LAST_WORDS_LINES),
                            "Start it again with: " + restart);
                }
            }
        }
    }

    private void stop() {
        stopping = true;
        List<NodeProcess> running =
                started.stream().filter(NodeProcess::isAlive).toList();
        if (!running.isEmpty()) {
            console.note("stopping " + running.size() + (running.size() == 1 ? " node" : " nodes"));
            LocalNetwork.stop(running)
                    .forEach(node -> console.note("node " + node + " did not stop in time and was ended by force"));
        }
    }
}
