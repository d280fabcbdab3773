package coco.cli.evm;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code coco evm}: only a list of commands. */
@Command(
        name = "evm",
        mixinStandardHelpOptions = true,
        description = "The EVM by itself: public tests, real blocks, and code.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            StateTestCommand.class,
            BlockTestCommand.class,
            VmTestCommand.class,
            ReplayCommand.class,
            EvmRunCommand.class,
        })
public final class EvmCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }
}
