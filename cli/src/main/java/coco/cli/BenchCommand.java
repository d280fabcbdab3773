package coco.cli;

import coco.cli.bench.BenchPlan;
import coco.cli.bench.BenchReport;
import coco.cli.bench.BenchRun;
import coco.cli.bench.Curve;
import coco.cli.bench.IdleReport;
import coco.cli.bench.NetworkSettings;
import coco.cli.bench.Report;
import coco.cli.bench.WorkloadKind;
import coco.cli.console.CliException;
import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.cli.network.LocalNetwork;
import coco.cli.network.NetworkFolder;
import coco.cli.network.NodeJvm;
import coco.cli.network.TemporaryNetwork;
import coco.client.load.LoadResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** {@code coco bench}. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures throughput, latency and processor time per transaction.",
        footer = {
            "",
            "Without --dir a network is made for the occasion in the current folder, and deleted afterwards.",
            "Without --rate the loop is closed: every connection sends as fast as it is answered. With --rate it is",
            "open: latency counts from the time a transaction was meant to be sent.",
            "The workload idle watches the processor time of nodes that do nothing for --seconds, then sends single",
            "transactions (300, unless --transactions says otherwise), ten a second."
        })
final class BenchCommand implements Callable<Integer> {
    private static final int DEFAULT_ACCOUNTS = 100_000;
    /** Nobody hurries, so few are enough; half of them are kept for the warm-up. */
    private static final int IDLE_ACCOUNTS = 1_000;
    /** Enough for a p99. */
    private static final int IDLE_TRANSACTIONS = 300;

    private final Console console;

    @Option(names = "--dir", paramLabel = "DIR", description = "A running network (default: one of its own).")
    private @Nullable Path directory;

    @Option(names = "--nodes", paramLabel = "N", description = "Nodes of its own network (default: ${DEFAULT-VALUE}).")
    private int nodes = 3;

    @Option(
            names = "--workload",
            paramLabel = "NAME",
            description = "erc20-transfer, native-transfer, kv-put or idle (default: ${DEFAULT-VALUE}).")
    private String workload = WorkloadKind.ERC20_TRANSFER.word();

    @Option(
            names = "--transactions",
            paramLabel = "N",
            description = "Prepared in advance, warm-up included (default: enough for --seconds).")
    private @Nullable Integer transactions;

    @Option(names = "--seconds", paramLabel = "S", description = "Longest time measured (default: ${DEFAULT-VALUE}).")
    private int seconds = 60;

    @Option(names = "--warmup", paramLabel = "S", description = "Cut off at the start (default: ${DEFAULT-VALUE}).")
    private int warmUpSeconds = 30;

    @Option(names = "--accounts", paramLabel = "N", description = "Senders and recipients (default: 100000).")
    private @Nullable Integer accounts;

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
    private @Nullable Integer batchMax;

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

    @Option(
            names = "--curve",
            split = ",",
            arity = "0..1",
            paramLabel = "M,…",
            fallbackValue = "1,3,10,30,100,300,1000",
            description =
                    "Measures once for each largest block and prints a table (without a list: ${FALLBACK-VALUE}).")
    private List<Integer> curve = List.of();

    BenchCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        BenchPlan plan = plan();
        if (directory != null) {
            return onRunningNetwork(directory, plan);
        }
        return curve.isEmpty() ? onNetworkOfItsOwn(plan) : alongTheCurve(plan);
    }

    private int onRunningNetwork(Path given, BenchPlan plan) throws IOException {
        if (batchMax != null || batchInterval != null || !curve.isEmpty()) {
            throw CliException.usage(
                    "--batch-max, --batch-interval and --curve set up a network, and this one runs already",
                    "Leave them out, or leave --dir out.");
        }
        LocalNetwork network = LocalNetwork.open(new NetworkFolder(given));
        if (network.running().size() < network.description().nodes()) {
            throw new CliException("not all nodes run", "Start them with: coco up --detach --dir " + given);
        }
        return finish(measure(network, plan));
    }

    private int onNetworkOfItsOwn(BenchPlan plan) throws IOException {
        try (TemporaryNetwork own = TemporaryNetwork.start(nodes, settings(batchMax), heapMebibytes, console)) {
            return finish(measure(own.network(), plan));
        }
    }

    private int alongTheCurve(BenchPlan plan) throws IOException {
        if (plan.kind() == WorkloadKind.IDLE || batchMax != null) {
            throw CliException.usage(
                    "--curve goes through largest blocks under load", "Leave --batch-max and the idle workload out.");
        }
        Curve points = new Curve();
        boolean good = true;
        for (int most : curve) {
            console.note("largest block: " + most);
            try (TemporaryNetwork own = TemporaryNetwork.start(nodes, settings(most), heapMebibytes, console)) {
                BenchReport report = measureLoad(own.network(), Curve.at(most, plan));
                report.lines().forEach(console::note);
                points.add(most, report);
                good &= report.good();
            }
        }
        points.lines().forEach(console::result);
        write(points.tree());
        return good ? ExitCode.OK.code() : ExitCode.FAILED.code();
    }

    private BenchPlan plan() {
        WorkloadKind kind = WorkloadKind.of(workload);
        boolean idle = kind == WorkloadKind.IDLE;
        double perSecond = rate > 0 ? rate : kind.fastest();
        int enough = idle
                ? IDLE_TRANSACTIONS
                : (int) Math.min(Integer.MAX_VALUE, Math.ceil(perSecond * ((double) seconds + warmUpSeconds)));
        int many = idle ? IDLE_ACCOUNTS : DEFAULT_ACCOUNTS;
        return new BenchPlan(
                kind,
                transactions == null ? enough : transactions,
                accounts == null ? many : accounts,
                idle && rate == 0 ? BenchPlan.IDLE_RATE : rate,
                idle ? nodes : connections,
                idle ? 1 : rpcBatch,
                Duration.ofSeconds(warmUpSeconds),
                Duration.ofSeconds(seconds),
                seed);
    }

    private Map<String, String> settings(@Nullable Integer largestBlock) {
        Map<String, String> settings = new TreeMap<>();
        if (largestBlock != null) {
            settings.put("batch.maxTransactions", Integer.toString(largestBlock));
        }
        if (batchInterval != null) {
            settings.put("batch.minInterval", batchInterval);
        }
        return settings;
    }

    private Report measure(LocalNetwork network, BenchPlan plan) throws IOException {
        if (plan.kind() != WorkloadKind.IDLE) {
            return measureLoad(network, plan);
        }
        return new IdleReport(
                plan, new BenchRun(network, plan, console, System::nanoTime).runIdle(), described(network));
    }

    private BenchReport measureLoad(LocalNetwork network, BenchPlan plan) throws IOException {
        LoadResult result = new BenchRun(network, plan, console, System::nanoTime).run();
        if (result.measured().isZero()) {
            throw new CliException(
                    "all " + plan.transactions() + " transactions were sent before the warm-up was over",
                    "Give more with --transactions, or a shorter --warmup.");
        }
        return new BenchReport(plan, result, described(network));
    }

    private static Map<String, String> described(LocalNetwork network) throws IOException {
        Map<String, String> described = NetworkSettings.of(network);
        described.put("version", Version.number());
        return described;
    }

    private int finish(Report report) throws IOException {
        report.lines().forEach(console::result);
        write(report.tree());
        return report.good() ? ExitCode.OK.code() : ExitCode.FAILED.code();
    }

    private void write(ObjectNode tree) throws IOException {
        if (json != null) {
            Files.writeString(json, Report.json(tree));
        }
    }
}
