package coco.cli;

import coco.cli.console.CliException;
import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.node.config.Configuration;
import coco.node.config.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coco config}: only a list of commands. */
@Command(
        name = "config",
        mixinStandardHelpOptions = true,
        description = "Configuration of nodes.",
        subcommands = ConfigCommand.Show.class)
final class ConfigCommand {
    /** {@code coco config show}. */
    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description =
                    "Shows every key of a node's configuration with its effective value, or all that is wrong with it.")
    static final class Show implements Callable<Integer> {
        private final Console console;

        @Mixin
        private DirectoryOption directory = new DirectoryOption();

        @Option(names = "--node", paramLabel = "N", description = "Which node (default: ${DEFAULT-VALUE}).")
        private int node = 1;

        @Parameters(arity = "0..1", paramLabel = "FILE", description = "A configuration file instead of a node's.")
        private @Nullable Path file;

        Show(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            Path given = file;
            Path source = given == null ? directory.network().folder().configuration(node) : given;
            try {
                console.result(Configuration.parse(Files.readString(source), true)
                        .print()
                        .strip());
                return ExitCode.OK.code();
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
}
