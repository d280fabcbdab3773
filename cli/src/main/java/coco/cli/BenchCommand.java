package coco.cli;

import coco.cli.bench.BenchPlan;
import coco.cli.bench.BenchReport;
import coco.cli.bench.BenchRun;
import coco.cli.bench.WorkloadKind;
import coco.cli.console.CliException;
import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.cli.network.LocalNetwork;
import coco.cli.network.NetworkFolder;
import coco.cli.network.NetworkPlan;
import coco.cli.network.NodeJvm;
import coco.cli.network.NodeProcess;
import coco.cli.network.PortPlan;
import coco.client.load.LoadResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code coco bench}. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures throughput, latency and processor time per transaction.",
        footer = {
            "",
            "Without --dir a network is made for the occasion in the current folder, and deleted afterwards.",
            "Without --rate the loop is closed: every connection sends as fast as it is answered. With --rate it is",
            "open: latency counts from the time a transaction was meant to be sent."
        })
final class BenchCommand implements Callable<Integer> {
    private static final Duration READY_LIMIT = Duration.ofMinutes(2);
    /** More than this many a second nobody will need signed in advance. */
    private static final int PREPARED_PER_SECOND = 8_000;

    private final Console console;

    @Option(names = "--dir", paramLabel = "DIR", description = "A running network (default: one of its own).")
    private @Nullable Path directory;

    @Option(names = "--nodes", paramLabel = "N", description = "Nodes of its own network (default: ${DEFAULT-VALUE}).")
    private int nodes = 3;

    @Option(
            names = "--workload",
            paramLabel = "NAME",
            description = "erc20-transfer, native-transfer or kv-put (default: ${DEFAULT-VALUE}).")
    private String workload = WorkloadKind.ERC20_TRANSFER.word();

    @Option(
            names = "--transactions",
            paramLabel = "N",
            description = "Prepared in advance, warm-up included (default: enough for --seconds).")
    private int transactions;

    @Option(names = "--seconds", paramLabel = "S", description = "Longest time measured (default: ${DEFAULT-VALUE}).")
    private int seconds = 60;

    @Option(names = "--warmup", paramLabel = "S", description = "Cut off at the start (default: ${DEFAULT-VALUE}).")
    private int warmUpSeconds = 30;

    @Option(names = "--accounts", paramLabel = "N", description = "Senders and recipients (default: ${DEFAULT-VALUE}).")
    private int accounts = 100_000;

    @Option(names = "--rate", paramLabel = "R", description = "Transactions a second of an open loop.")
    private double rate;

    @Option(names = "--connections", paramLabel = "C", description = "Over all nodes (default: ${DEFAULT-VALUE}).")
    private int connections = 24;

    @Option(
            names = "--rpc-batch",
            paramLabel = "B",
            description = "Transactions a request (default: ${DEFAULT-VALUE}).")
    private int rpcBatch = 50;

    @Option(
            names = "--batch-max",
            paramLabel = "M",
            description = "Most transactions of a block; its own network only.")
    private int batchMax;

    @Option(
            names = "--batch-interval",
            paramLabel = "D",
            description = "Time between blocks, such as 40ms; its own network only.")
    private @Nullable String batchInterval;

    @Option(
            names = "--heap",
            paramLabel = "MIB",
            description = "Heap of each node of its own network (default: ${DEFAULT-VALUE}).")
    private int heapMebibytes = 2 * NodeJvm.DEFAULT_HEAP_MEBIBYTES;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Decides accounts and recipients (default: ${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes all figures to a file.")
    private @Nullable Path json;

    BenchCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        BenchPlan plan = plan();
        Path given = directory;
        if (given != null) {
            if (batchMax != 0 || batchInterval != null) {
                throw CliException.usage(
                        "--batch-max and --batch-interval set up a network, and this one runs already",
                        "Leave them out, or leave --dir out.");
            }
            LocalNetwork network = LocalNetwork.open(new NetworkFolder(given));
            if (network.running().size() < network.description().nodes()) {
                throw new CliException("not all nodes run", "Start them with: coco up --detach --dir " + given);
            }
            return measure(network, plan, Map.of());
        }
        return onNetworkOfItsOwn(plan);
    }

    private BenchPlan plan() {
        double perSecond = rate > 0 ? rate : PREPARED_PER_SECOND;
        int enough = (int) Math.min(Integer.MAX_VALUE, Math.ceil(perSecond * (seconds + warmUpSeconds)));
        return new BenchPlan(
                WorkloadKind.of(workload),
                transactions == 0 ? enough : transactions,
                accounts,
                rate,
                connections,
                rpcBatch,
                Duration.ofSeconds(warmUpSeconds),
                Duration.ofSeconds(seconds),
                seed);
    }

    private int onNetworkOfItsOwn(BenchPlan plan) throws IOException {
        Map<String, String> settings = new TreeMap<>();
        if (batchMax != 0) {
            settings.put("batch.maxTransactions", Integer.toString(batchMax));
        }
        if (batchInterval != null) {
            settings.put("batch.minInterval", batchInterval);
        }
        // Below the current folder, not in the temporary one, which may lie in memory and would make fsync free.
        Path own = Files.createTempDirectory(Path.of("").toAbsolutePath(), ".coco-bench-");
        List<NodeProcess> started = new CopyOnWriteArrayList<>();
        Thread cleaner = new Thread(() -> cleanUp(own, started), "clean-up");
        Runtime.getRuntime().addShutdownHook(cleaner);
        NetworkPlan network = NetworkPlan.development(nodes, PortPlan.freeBase(nodes), settings);
        console.note("starting " + nodes + " nodes in " + own);
        LocalNetwork made = LocalNetwork.create(new NetworkFolder(own), network);
        made.start(NodeJvm.sameAsThis(heapMebibytes), started::add);
        made.awaitReady(READY_LIMIT, (ready, all) -> console.progress("  " + ready + " of " + all + " nodes ready"));
        return measure(made, plan, settings);
    }

    private static void cleanUp(Path own, List<NodeProcess> started) {
        LocalNetwork.stop(started.stream().filter(NodeProcess::isAlive).toList());
        NetworkFolder folder = new NetworkFolder(own);
        if (Files.exists(folder.description())) {
            LocalNetwork.open(folder).delete();
        }
        own.toFile().delete();
    }

    private int measure(LocalNetwork network, BenchPlan plan, Map<String, String> settings) throws IOException {
        LoadResult result = new BenchRun(network, plan, console, System::nanoTime).run();
        if (result.measured().isZero()) {
            throw new CliException(
                    "all " + plan.transactions() + " transactions were sent before the warm-up was over",
                    "Give more with --transactions, or a shorter --warmup.");
        }
        Map<String, String> described = new TreeMap<>(settings);
        described.put("nodes", Integer.toString(network.description().nodes()));
        described.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
        described.put("java", Runtime.version().toString());
        described.put("version", Version.number());
        described.put("fileSystem", Files.getFileStore(network.folder().root()).type());
        BenchReport report = new BenchReport(plan, result, described);
        report.lines().forEach(console::result);
        Path file = json;
        if (file != null) {
            Files.writeString(file, report.json() + "\n");
        }
        return result.refused() == 0 && result.committed() > 0 ? ExitCode.OK.code() : ExitCode.FAILED.code();
    }
}
