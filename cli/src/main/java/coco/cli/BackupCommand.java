package coco.cli;

import coco.cli.console.CliException;
import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.journal.FileStorage;
import coco.journal.JournalCopy;
import coco.journal.JournalException;
import coco.journal.JournalLimits;
import coco.node.config.Configuration;
import coco.node.config.ConfigurationException;
import coco.node.config.Keys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code coco backup}: the journal, the constitution at birth and the service's certificate, and nothing else. A node's
 * keys, its votes and its Raft log are never copied: a second node with them would be the first one once more, and vote
 * twice.
 */
@Command(
        name = "backup",
        mixinStandardHelpOptions = true,
        description = "Copies a node's journal, genesis and service certificate, while it runs or not; never its keys.",
        footer = {
            "",
            "Again into the same folder copies what is new. Exit code 1 if a file was damaged, which is then left out.",
            "Check the copy: coco journal verify DIR --service-cert DIR/service.pem"
        })
final class BackupCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private DirectoryOption directory = new DirectoryOption();

    @Option(names = "--node", paramLabel = "N", description = "Which node (default: ${DEFAULT-VALUE}).")
    private int node = 1;

    @Option(names = "--to", required = true, paramLabel = "DIR", description = "Folder of the copy; made if missing.")
    private Path to = Path.of("");

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "A configuration file instead of a node's.")
    private @Nullable Path file;

    BackupCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Configuration configuration = configuration();
        Path data = configuration.get(Keys.NODE_DATA_DIRECTORY);
        if (to.toAbsolutePath().normalize().startsWith(data.toAbsolutePath().normalize())) {
            throw new CliException(to + " lies in the node's own folder", "Name a folder elsewhere with --to.");
        }
        try {
            Files.createDirectories(to);
            copy(configuration.get(Keys.NODE_GENESIS_FILE), "genesis.json");
            copy(configuration.get(Keys.NODE_SERVICE_CERTIFICATE_FILE), "service.pem");
            JournalCopy.Copied copied = new JournalCopy(
                            new FileStorage(data.resolve("journal")),
                            new FileStorage(to.resolve("journal")),
                            JournalLimits.DEFAULT)
                    .run();
            copied.damaged().forEach(each -> console.note("not copied, damaged: " + each));
            console.result("journal up to height " + copied.lastHeight() + ": " + copied.copied() + " files copied, "
                    + copied.kept() + " were there");
            return copied.damaged().isEmpty() ? ExitCode.OK.code() : ExitCode.FAILED.code();
        } catch (IOException | JournalException failed) {
            throw new CliException(
                    "the backup is not complete: " + failed.getMessage(),
                    "Check the space and the rights of " + to + ", then run the command again.",
                    failed);
        }
    }

    private void copy(Path source, String name) throws IOException {
        Path unfinished = to.resolve(name + ".copying");
        Files.copy(source, unfinished, StandardCopyOption.REPLACE_EXISTING);
        Files.move(unfinished, to.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private Configuration configuration() {
        Path given = file;
        Path source = given == null ? directory.network().folder().configuration(node) : given;
        try {
            return Configuration.parse(Files.readString(source), true);
        } catch (IOException e) {
            throw new CliException(source + " cannot be read", "Name a file, or a node with --node.", e);
        } catch (ConfigurationException e) {
            throw new CliException(
                    source + " is no valid configuration\n" + e.getMessage(),
                    "Every key is explained in docs/configuration.md.",
                    e);
        }
    }
}
