package coco.cli.demo;

import coco.cli.access.AccountOption;
import coco.cli.console.CliException;
import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.cli.network.ForegroundNetwork;
import coco.cli.network.LocalNetwork;
import coco.cli.network.NetworkDescription;
import coco.cli.network.PortPlan;
import coco.crypto.Hex;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code coco demo supply-chain}. */
@Command(
        name = "supply-chain",
        mixinStandardHelpOptions = true,
        description =
                "Two retailers and two suppliers whose orders the others cannot find, each with a page of its own.",
        footer = {
            "",
            "Starts a consortium of four members on this machine (simulated TEE), enrols",
            "an account for each party and an approver for each retailer, deploys the",
            "contracts of samples/supply-chain, and prints a URL for each party and one for",
            "all four side by side. A URL holds its party's keys behind the '#', which",
            "browsers send nowhere. Plain HTTP serves this machine alone; nobody reads",
            "without an identity, and only enrolled accounts send.",
            "",
            "Without --detach, Ctrl-C stops everything; orders stay in --dir, and the same",
            "command shows them again.",
            "Ports: HTTP at BASE, HTTPS at BASE+10, administration at BASE+20, Raft at",
            "BASE+30, one for each node."
        })
final class SupplyChainCommand implements Callable<Integer> {
    private static final String DEFAULT_FOLDER = ".coco-supply-chain";
    private static final int DEFAULT_HEAP_MEBIBYTES = 384;
    private static final int DEFAULT_NODES = Party.values().length;
    private static final int TITLE_WIDTH = 15;

    private final Console console;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Folder of the demonstration (default: ${DEFAULT-VALUE} in the current folder).")
    private Path directory = Path.of(DEFAULT_FOLDER);

    @Option(
            names = "--nodes",
            paramLabel = "N",
            description = "How many nodes, 1 to 10 (default: 4, one for each member).")
    private @Nullable Integer nodes;

    @Option(names = "--port", paramLabel = "BASE", description = "First port (default: 8545).")
    private @Nullable Integer port;

    @Option(names = "--heap", paramLabel = "MIB", description = "Heap of each node (default: ${DEFAULT-VALUE}).")
    private int heapMebibytes = DEFAULT_HEAP_MEBIBYTES;

    @Option(names = "--detach", description = "Returns when the pages are ready; coco down stops the network.")
    private boolean detach;

    @Option(names = "--reset", description = "Deletes the demonstration in the folder and makes a new one.")
    private boolean reset;

    SupplyChainCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        SupplyChainFolder folder = new SupplyChainFolder(directory);
        SupplyChainSetup setup = new SupplyChainSetup(folder, InstantSource.system(), new SecureRandom());
        LocalNetwork network = network(folder, setup);
        boolean running = network.running().size() == network.description().nodes();
        ForegroundNetwork foreground = running ? null : ForegroundNetwork.start(network, heapMebibytes, console);
        if (!folder.isFinished()) {
            console.note("enrolling the parties' accounts and deploying the contracts");
            folder.write(setup.prepare(network));
        }
        summary(network, folder.read());
        String stop = "coco down --dir " + folder.network().root();
        if (foreground == null || detach) {
            if (foreground != null) {
                foreground.detach();
            }
            console.note("The nodes run on. Stop them with: " + stop);
            return ExitCode.OK.code();
        }
        console.note("Ctrl-C stops the demonstration; its data stays in " + folder.root());
        foreground.watch("coco demo supply-chain --dir " + folder.root());
        return ExitCode.FAILED.code();
    }

    private LocalNetwork network(SupplyChainFolder folder, SupplyChainSetup setup) {
        if (!reset && folder.isFinished()) {
            return existing(folder);
        }
        int count = nodes == null ? DEFAULT_NODES : nodes;
        int base = port == null ? PortPlan.DEFAULT_BASE : port;
        requireSense(count);
        PortPlan ports = new PortPlan(base);
        // What was left half made is of no use to anybody.
        folder.clean();
        ports.requireFree(count);
        console.note("making keys and certificates of four members, and the genesis document");
        return setup.found(count, base);
    }

    private void requireSense(int count) {
        if (count < 1 || count > PortPlan.NODES_MAX) {
            throw CliException.usage(
                    count + " nodes cannot be", "Choose 1 to " + PortPlan.NODES_MAX + " with --nodes.");
        }
    }

    private LocalNetwork existing(SupplyChainFolder folder) {
        LocalNetwork network = LocalNetwork.open(folder.network());
        NetworkDescription description = network.description();
        boolean otherNodes = nodes != null && nodes != description.nodes();
        boolean otherPort = port != null && port != description.basePort();
        if (otherNodes || otherPort) {
            throw CliException.usage(
                    "the demonstration in " + folder.root() + " has " + description.nodes() + " nodes from port "
                            + description.basePort(),
                    "Leave --nodes and --port out to start it, choose another folder with --dir, or delete it with"
                            + " --reset.");
        }
        return network;
    }

    private void summary(LocalNetwork network, SupplyChainFolder.Prepared prepared) {
        console.result("");
        StringBuilder all =
                new StringBuilder("directory=" + prepared.directory().hex());
        for (Party party : Party.values()) {
            SupplyChainFolder.Keys keys =
                    Objects.requireNonNull(prepared.parties().get(party));
            int node = 1 + (party.node() - 1) % network.description().nodes();
            String page = "/ui/supply-chain/?party=" + party.id();
            String secrets = "directory=" + prepared.directory().hex() + "&" + party.id() + "=" + secrets(keys);
            line(party.title(), network.httpUrl(node), page, secrets);
            all.append('&').append(party.id()).append('=').append(secrets(keys));
        }
        line("All four", network.httpUrl(1), "/ui/supply-chain/guide/", all.toString());
        console.result("");
        console.note("What follows the '#' are keys: whoever has a URL acts as its party on this network.");
    }

    private void line(String title, URI node, String page, String secrets) {
        String name = String.format(Locale.ROOT, "%-" + TITLE_WIDTH + "s", title);
        console.result(console.bold(name) + node + page + "#" + secrets);
    }

    /** One key, and the approver's behind a dot. */
    private static String secrets(SupplyChainFolder.Keys keys) {
        return String.join(
                ".",
                keys.all().stream()
                        .map(AccountOption.Account::secret)
                        .map(Hex::encode)
                        .toList());
    }
}
