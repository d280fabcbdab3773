package coco.cli;

import coco.cli.console.CliException;
import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.cli.network.LocalNetwork;
import coco.client.ClientLimits;
import coco.client.JsonRpcClient;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code coco ethereum export}. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = "Writes a running network's blocks to a file, as geth export does.",
        footer = {
            "",
            "Asks a node for each block (debug_getRawBlock), so it gets what its caller may see and nothing else.",
            "A file whose name ends with .gz is compressed."
        })
final class EthereumExportCommand implements Callable<Integer> {
    /** A block has several megabytes at most, which take twice as many as text. */
    private static final ClientLimits LIMITS =
            new ClientLimits(Duration.ofSeconds(5), Duration.ofSeconds(60), 128 << 20);

    private static final long PROGRESS_BLOCKS = 100;

    private final Console console;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "Where the blocks go.")
    private Path file = Path.of("");

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "A node that answers JSON-RPC; else the network in --dir.")
    private @Nullable URI url;

    @Option(names = "--from", paramLabel = "N", description = "First block (default: ${DEFAULT-VALUE}).")
    private long from = 1;

    @Option(names = "--to", paramLabel = "N", description = "Last block (default: the newest one).")
    private @Nullable Long to;

    @Mixin
    private DirectoryOption directory = new DirectoryOption();

    EthereumExportCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
        try (JsonRpcClient node = node()) {
            long newest = Long.decode(node.result("eth_blockNumber").asString());
            long last = to == null ? newest : to;
            if (from < 0 || from > last || last > newest) {
                throw CliException.usage(
                        "there are no blocks " + from + " to " + last,
                        "The newest one is " + newest + "; choose with --from and --to.");
            }
            String hash = write(node, last, unfinished);
            Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
            console.result("exported  " + from + " to " + last + " " + hash);
            return ExitCode.OK.code();
        } catch (IOException e) {
            throw new CliException("cannot write " + file + ": " + e.getMessage(), "Name another file with --out.", e);
        }
    }

    private JsonRpcClient node() {
        if (url != null) {
            return new JsonRpcClient(url, null, LIMITS);
        }
        LocalNetwork network = directory.network();
        return new JsonRpcClient(network.rpcUrl(1), network.tls(), LIMITS);
    }

    /** Gives the last block's hash. */
    private String write(JsonRpcClient node, long last, Path into) throws IOException {
        boolean zipped = file.toString().endsWith(".gz");
        try (OutputStream plain = new BufferedOutputStream(Files.newOutputStream(into));
                OutputStream out = zipped ? new GZIPOutputStream(plain) : plain) {
            for (long number = from; number <= last; number++) {
                String block =
                        node.result("debug_getRawBlock", quantity(number)).asString();
                out.write(HexFormat.of().parseHex(block, 2, block.length()));
                if (number % PROGRESS_BLOCKS == 0) {
                    console.progress("  block " + number + " of " + last);
                }
            }
        }
        return node.result("eth_getBlockByNumber", quantity(last), false)
                .path("hash")
                .asString("");
    }

    private static String quantity(long number) {
        return "0x" + Long.toHexString(number);
    }
}
