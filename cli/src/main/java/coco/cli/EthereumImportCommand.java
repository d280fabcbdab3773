package coco.cli;

import coco.cli.console.CliException;
import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.cli.network.ImportedHistory;
import coco.ledgers.api.LedgerException;
import coco.ledgers.ethereum.ChainHistory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code coco ethereum import}. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = "Makes a network that begins with a copy of another chain's history.",
        footer = {
            "",
            "Every block is executed, and everything its header commits to is compared; at the first difference",
            "nothing is made. The constitution names the last block. Fees go on as on a public chain (EIP-1559), unless the",
            "genesis document has a field \"feeMarket\": \"constant\"."
        })
final class EthereumImportCommand implements Callable<Integer> {
    private static final long PROGRESS_BLOCKS = 100;

    private final Console console;

    @Option(
            names = "--genesis",
            required = true,
            paramLabel = "FILE",
            description = "The chain's genesis document as geth has it, or the genesis.json of a Coco network.")
    private Path genesis = Path.of("");

    @Option(
            names = "--blocks",
            required = true,
            paramLabel = "FILE",
            description = "The blocks: RLP as of geth export or coco ethereum export, perhaps compressed (gzip).")
    private Path blocks = Path.of("");

    @Mixin
    private FoundingOptions options = new FoundingOptions();

    EthereumImportCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        options.requireNone();
        ChainHistory history = read();
        console.note("executing " + history.blocks() + " blocks up to number " + Long.toUnsignedString(history.number())
                + ", " + history.hash());
        options.found(
                history.chainId(),
                new ImportedHistory(history.document(), blocks, history.blocks(), this::progress),
                console);
        console.result("imported  " + Long.toUnsignedString(history.number()) + " " + history.hash());
        return ExitCode.OK.code();
    }

    private void progress(long height) {
        if (height % PROGRESS_BLOCKS == 0) {
            console.progress("  block " + height);
        }
    }

    private ChainHistory read() {
        try (InputStream in = Files.newInputStream(blocks)) {
            return ChainHistory.read(Files.readAllBytes(genesis), in);
        } catch (LedgerException e) {
            throw new CliException(
                    "the history cannot be imported: " + e.getMessage(),
                    "See that --genesis and --blocks are of the same chain, and whole.",
                    e);
        } catch (IOException e) {
            throw new CliException(
                    "cannot read " + e.getMessage(), "Name two files that exist with --genesis and --blocks.", e);
        }
    }
}
