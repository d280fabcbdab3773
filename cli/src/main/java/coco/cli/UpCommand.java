package coco.cli;

import coco.attestation.simulated.SimulatedPlatform;
import coco.cli.console.CliException;
import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.cli.network.KnownAccounts;
import coco.cli.network.LocalNetwork;
import coco.cli.network.NetworkDescription;
import coco.cli.network.NetworkFolder;
import coco.cli.network.NetworkPlan;
import coco.cli.network.NodeJvm;
import coco.cli.network.NodeLog;
import coco.cli.network.NodeProcess;
import coco.cli.network.PortPlan;
import coco.governance.Preset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code coco up}. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = "Starts a development network on this machine, making it first if there is none.",
        footer = {
            "",
            "The network lives in the folder --dir. Without --detach, Ctrl-C stops it; its data stays.",
            "Ports: HTTP at BASE, HTTPS at BASE+10, administration at BASE+20, Raft at BASE+30, one for each node."
        })
final class UpCommand implements Callable<Integer> {
    private static final Duration READY_LIMIT = Duration.ofMinutes(2);
    private static final long WATCH_MILLIS = 300;
    private static final int LAST_WORDS_LINES = 12;

    private final Console console;

    @Mixin
    private DirectoryOption directory = new DirectoryOption();

    @Option(names = "--nodes", paramLabel = "N", description = "How many nodes, 1 to 10 (default: 3).")
    private @Nullable Integer nodes;

    @Option(names = "--port", paramLabel = "BASE", description = "First port (default: 8545).")
    private @Nullable Integer port;

    @Option(names = "--heap", paramLabel = "MIB", description = "Heap of each node (default: ${DEFAULT-VALUE}).")
    private int heapMebibytes = NodeJvm.DEFAULT_HEAP_MEBIBYTES;

    @Option(names = "--detach", description = "Returns when the network is ready; coco down stops it.")
    private boolean detach;

    @Option(
            names = "--reset",
            description = "Deletes the network in the folder, with all its data, and makes a new one.")
    private boolean reset;

    /** From then on the end of a node is no news. */
    private volatile boolean stopping;

    UpCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        long start = System.nanoTime();
        LocalNetwork network = network();
        if (network.running().size() == network.description().nodes()) {
            console.note("all nodes run already");
            summary(network);
            return ExitCode.OK.code();
        }
        console.note(console.yellow(SimulatedPlatform.BANNER.strip()));
        console.note("starting " + network.description().nodes() + " nodes in "
                + network.folder().root());
        List<NodeProcess> started = new CopyOnWriteArrayList<>();
        Thread stopper = new Thread(() -> stop(started), "stop-nodes");
        Runtime.getRuntime().addShutdownHook(stopper);
        network.start(NodeJvm.sameAsThis(heapMebibytes), started::add);
        network.awaitReady(READY_LIMIT, (ready, all) -> console.progress("  " + ready + " of " + all + " nodes ready"));
        console.note(String.format(Locale.ROOT, "ready after %.1f s", (System.nanoTime() - start) / 1e9));
        summary(network);
        if (detach) {
            Runtime.getRuntime().removeShutdownHook(stopper);
            console.note("The nodes run on. Stop them with: coco down" + directoryArgument(network.folder()));
            return ExitCode.OK.code();
        }
        console.note("Ctrl-C stops the network; its data stays in "
                + network.folder().root());
        return watch(network, started);
    }

    private LocalNetwork network() {
        NetworkFolder folder = directory.folder();
        boolean exists = Files.exists(folder.description());
        if (exists && !reset) {
            return existing(folder);
        }
        NetworkPlan plan = NetworkPlan.development(
                nodes == null ? NetworkPlan.DEFAULT_NODES : nodes,
                port == null ? PortPlan.DEFAULT_BASE : port,
                Map.of());
        if (exists) {
            LocalNetwork.open(folder).delete();
        }
        new PortPlan(plan.basePort()).requireFree(plan.nodes());
        console.note("making keys, certificates and the genesis document");
        return LocalNetwork.create(folder, plan);
    }

    private LocalNetwork existing(NetworkFolder folder) {
        LocalNetwork network = LocalNetwork.open(folder);
        NetworkDescription description = network.description();
        boolean otherNodes = nodes != null && nodes != description.nodes();
        boolean otherPort = port != null && port != description.basePort();
        if (otherNodes || otherPort) {
            throw CliException.usage(
                    "the network in " + folder.root() + " has " + description.nodes() + " nodes from port "
                            + description.basePort(),
                    "Leave --nodes and --port out to start it, choose another folder with --dir, or delete it with"
                            + " --reset.");
        }
        return network;
    }

    private void summary(LocalNetwork network) {
        NetworkDescription description = network.description();
        boolean development = description.preset() == Preset.DEVELOPMENT;
        console.result("");
        for (int node = 1; node <= description.nodes(); node++) {
            String plain = development ? network.httpUrl(node) + "  " : "";
            console.result(console.bold("RPC " + node) + "  " + plain + network.httpsUrl(node));
        }
        console.result(console.bold("CA    ") + " " + network.folder().serviceCertificate());
        console.result(console.bold("Chain ") + " " + description.chainId());
        console.result("");
        if (development) {
            accounts();
            tryNext(network);
        }
    }

    private void accounts() {
        console.result(
                "Accounts, 10,000 ether each " + console.yellow("(keys are public knowledge, development only)"));
        for (KnownAccounts.Account account : KnownAccounts.ALL) {
            console.result("  " + account.address() + "  " + account.privateKey());
        }
        console.result("");
    }

    private void tryNext(LocalNetwork network) {
        console.result("Try next");
        console.result("  curl -s " + network.httpUrl(1) + " -H 'content-type: application/json' \\");
        console.result("    -d '{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_blockNumber\",\"params\":[]}'");
        console.result("  ./coco status" + directoryArgument(network.folder()) + "    ./coco bench"
                + directoryArgument(network.folder()) + " --seconds 20");
        console.result("  ./coco gov propose new-epoch --dry-run" + directoryArgument(network.folder()));
        console.result("");
    }

    private static String directoryArgument(NetworkFolder folder) {
        boolean usual = folder.equals(new NetworkFolder(Path.of(NetworkFolder.DEFAULT)));
        return usual ? "" : " --dir " + folder.root();
    }

    /** Waits for Ctrl-C, or until no node is left; says when one ends by itself. */
    private int watch(LocalNetwork network, List<NodeProcess> started) throws InterruptedException {
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
                            "Start it again with: coco up" + directoryArgument(network.folder()) + " --detach");
                }
            }
        }
        return ExitCode.FAILED.code();
    }

    private void stop(List<NodeProcess> started) {
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
