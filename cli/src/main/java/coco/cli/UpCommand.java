package coco.cli;

import coco.cli.console.CliException;
import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.cli.network.ForegroundNetwork;
import coco.cli.network.KnownAccounts;
import coco.cli.network.LocalNetwork;
import coco.cli.network.NetworkDescription;
import coco.cli.network.NetworkFolder;
import coco.cli.network.NetworkPlan;
import coco.cli.network.NodeJvm;
import coco.cli.network.PortPlan;
import coco.governance.Preset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
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

    UpCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        LocalNetwork network = network();
        if (network.running().size() == network.description().nodes()) {
            console.note("all nodes run already");
            summary(network);
            return ExitCode.OK.code();
        }
        ForegroundNetwork foreground = ForegroundNetwork.start(network, heapMebibytes, console);
        summary(network);
        String here = directoryArgument(network.folder());
        if (detach) {
            foreground.detach();
            console.note("The nodes run on. Stop them with: coco down" + here);
            return ExitCode.OK.code();
        }
        console.note("Ctrl-C stops the network; its data stays in "
                + network.folder().root());
        foreground.watch("coco up" + here + " --detach");
        return ExitCode.FAILED.code();
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
        if (development) {
            console.result(console.bold("Pages ") + " " + network.httpUrl(1) + "/ui/");
        }
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
}
