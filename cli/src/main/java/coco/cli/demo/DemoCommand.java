package coco.cli.demo;

import coco.cli.demo.compare.CompareCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code coco demo}: only a list of commands. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "The two demonstrations, in a browser.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            SupplyChainCommand.class,
            CompareCommand.class,
        })
public final class DemoCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }
}
