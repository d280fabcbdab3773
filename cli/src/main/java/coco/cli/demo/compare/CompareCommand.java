package coco.cli.demo.compare;

import coco.cli.console.CliException;
import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.client.ClientLimits;
import coco.client.JsonRpcClient;
import coco.node.ui.Dashboards;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code coco demo compare}. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        description = "Sends the same transactions to stock Ethereum and to Ethereum on Coco, and shows both.",
        footer = {
            "",
            "Without --transactions they are a synthetic mix, labelled so. Both networks are made for the occasion",
            "and deleted afterwards; the baseline is anvil from npm unless --baseline names another network, which",
            "must have the genesis document that --write-genesis writes.",
            "--fetch makes a folder for --transactions out of blocks of any endpoint that knows prestateTracer."
        })
public final class CompareCommand implements Callable<Integer> {
    /** Some 15 seconds on a machine of two processors: then the compiler is done with most. */
    private static final int WARM_UP = 40_000;

    private static final int PORT = 8_700;
    private static final long PROGRESS_MILLIS = 500;
    /** Tracing a full block of the public network takes an endpoint some seconds. */
    private static final Duration FETCH_TIMEOUT = Duration.ofMinutes(2);

    private final Console console;

    @Option(names = "--transactions", paramLabel = "DIR", description = "Folder of blocks with their state.")
    private @Nullable Path transactions;

    @Option(
            names = "--blocks",
            paramLabel = "A..B",
            description = "Which of them, or which to fetch (default: from 4370000 on, where Byzantium begins).")
    private @Nullable String blocks;

    @Option(names = "--top-up", description = "Synthetic transactions for what the folder lacks, labelled so.")
    private boolean topUp;

    @Option(
            names = "--fetch",
            paramLabel = "URL",
            description = "Fetches --blocks from an Ethereum endpoint into the folder of --transactions, and ends.")
    private @Nullable URI fetch;

    @Option(names = "--count", paramLabel = "N", description = "Transactions (default: ${DEFAULT-VALUE}).")
    private int count = CompareSettings.COUNT;

    @Option(
            names = "--batch",
            paramLabel = "M",
            description = "Most transactions of a block of Coco, set by a vote (default: ${DEFAULT-VALUE}).")
    private int batch = CompareSettings.BATCH;

    @Option(
            names = "--rate",
            paramLabel = "R",
            description = "Transactions a second to both (default: two full blocks of Coco are kept under way).")
    private double rate;

    @Option(
            names = "--baseline",
            paramLabel = "URL",
            description = "JSON-RPC of the network to compare with; several times for several of its nodes.")
    private List<URI> baseline = List.of();

    @Option(
            names = "--baseline-today",
            description = "Anvil with a block every 12 s of 60 Mgas (default: every 14 s of 6.7 Mgas, as in 2017).")
    private boolean today;

    @Option(
            names = "--baseline-block-time",
            paramLabel = "S",
            description = "Anvil with another block time, labelled as a setting for tests.")
    private @Nullable Integer blockTime;

    @Option(names = "--anvil", paramLabel = "FILE", description = "The program (default: fetched from npm once).")
    private @Nullable Path anvil;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            description = "Synthetic transactions that Coco executes before, while the baseline executes of the same"
                    + " what it can (default: ${DEFAULT-VALUE}).")
    private int warmUp = WARM_UP;

    @Option(
            names = "--write-genesis",
            paramLabel = "FILE",
            description = "Writes the genesis document for a --baseline network, and ends.")
    private @Nullable Path writeGenesis;

    @Option(names = "--headless", description = "No page: measures at once, and prints a table.")
    private boolean headless;

    @Option(names = "--json", paramLabel = "FILE", description = "With --headless: writes all figures to a file.")
    private @Nullable Path json;

    @Option(names = "--csv", paramLabel = "FILE", description = "With --headless: writes every transaction to a file.")
    private @Nullable Path csv;

    @Option(names = "--port", paramLabel = "PORT", description = "Of the page (default: ${DEFAULT-VALUE}).")
    private int port = PORT;

    /** Writes to this console. */
    public CompareCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (fetch != null) {
            return fetch(fetch);
        }
        CompareSettings settings = settings();
        CompareSettings.Run run = CompareSettings.Run.checked(count, batch, rate);
        if (writeGenesis != null) {
            return writeGenesis(settings, run, writeGenesis);
        }
        try (CompareService service =
                new CompareService(settings, run, console, System::nanoTime, InstantSource.system())) {
            Runtime.getRuntime().addShutdownHook(new Thread(service::close, "compare-clean-up"));
            return headless ? headless(service) : page(service);
        }
    }

    private int fetch(URI endpoint) {
        if (transactions == null || blocks == null) {
            throw CliException.usage(
                    "--fetch needs --blocks A..B, and the folder to write with --transactions DIR",
                    "For example: --fetch http://localhost:8545 --blocks 100..120 --transactions blocks");
        }
        try (JsonRpcClient rpc =
                new JsonRpcClient(endpoint, null, ClientLimits.DEFAULT.withRequestTimeout(FETCH_TIMEOUT))) {
            int fetched = new BlockFetcher(rpc, transactions, console).fetch(BlockRange.parse(blocks));
            console.result("fetched " + fetched + " transactions into " + transactions);
        }
        return ExitCode.OK.code();
    }

    private CompareSettings settings() {
        if (today && blockTime != null) {
            throw CliException.usage(
                    "--baseline-today and --baseline-block-time contradict each other", "Give one of them.");
        }
        if (!baseline.isEmpty() && (today || blockTime != null || anvil != null)) {
            throw CliException.usage(
                    "--baseline names a network, and the other options of the baseline are anvil's",
                    "Leave out --baseline, or the others.");
        }
        if (blockTime != null && (blockTime < 1 || blockTime > 600)) {
            throw CliException.usage("--baseline-block-time must be 1 to 600", "Name seconds.");
        }
        if (warmUp < 0 || warmUp > CompareSettings.COUNT_MAX * 5) {
            throw CliException.usage(
                    "--warm-up must be 0 to " + CompareSettings.COUNT_MAX * 5, "See: coco demo compare --help");
        }
        BaselineSettings wanted = today ? BaselineSettings.TODAY : BaselineSettings.OF_2017;
        return new CompareSettings(
                transactions,
                blocks == null ? BlockRange.FROM_BYZANTIUM : BlockRange.parse(blocks),
                topUp,
                baseline,
                blockTime == null ? wanted : BaselineSettings.ofOwn(blockTime, wanted.gasLimit()),
                anvil,
                warmUp);
    }

    private int writeGenesis(CompareSettings settings, CompareSettings.Run run, Path file) throws IOException {
        Preparation.Prepared made = new Preparation(settings).make(run.count());
        String text = CompareGenesis.ofBaseline(
                made.choice(),
                made.chainId(),
                InstantSource.system().instant().getEpochSecond(),
                settings.baselineSettings().gasLimit());
        Files.writeString(file, text);
        console.result(file + ": genesis of chain " + made.chainId() + " for "
                + made.choice().origin());
        return ExitCode.OK.code();
    }

    private int page(CompareService service) throws InterruptedException {
        if (json != null || csv != null) {
            throw CliException.usage(
                    "--json and --csv belong to --headless", "A page has a button for the download of its figures.");
        }
        try (CompareServer server = CompareServer.start(service, Dashboards.ofClassPath(), port)) {
            console.result(server.page().toString());
            console.note("Ctrl-C ends it and everything that it started.");
            service.prepareInBackground();
            Thread.currentThread().join();
            return ExitCode.OK.code();
        }
    }

    private int headless(CompareService service) throws IOException, InterruptedException {
        service.prepare();
        Thread watch = Thread.ofPlatform().name("compare-progress").daemon().start(() -> watch(service));
        service.race();
        watch.interrupt();
        CompareReport report = new CompareReport(service);
        report.lines().forEach(console::result);
        if (json != null) {
            Files.writeString(
                    json,
                    JsonMapper.builder()
                                    .build()
                                    .writerWithDefaultPrettyPrinter()
                                    .writeValueAsString(report.tree())
                            + "\n");
        }
        if (csv != null) {
            Files.writeString(csv, report.csv());
        }
        return (service.phase() == CompareService.Phase.DONE ? ExitCode.OK : ExitCode.FAILED).code();
    }

    private void watch(CompareService service) {
        while (!Thread.currentThread().isInterrupted()) {
            Race race = service.current();
            if (race != null) {
                Lane.Figures ours = race.cocoLane().figures();
                Lane.Figures theirs = race.baselineLane().figures();
                console.progress(String.format(
                        Locale.ROOT,
                        "  Coco %,d of %,d (%,.0f/s)   baseline %,d (%,.1f/s, %d blocks)",
                        ours.done(),
                        ours.count(),
                        ours.perSecond(),
                        theirs.done(),
                        theirs.perSecond(),
                        theirs.blocks()));
            }
            try {
                Thread.sleep(PROGRESS_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }
}
