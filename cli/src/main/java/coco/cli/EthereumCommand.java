package coco.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code coco ethereum}: only a list of commands. */
@Command(
        name = "ethereum",
        mixinStandardHelpOptions = true,
        description = "The Ethereum ledger: chains from elsewhere, and for elsewhere.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {EthereumImportCommand.class, EthereumExportCommand.class})
final class EthereumCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }
}
