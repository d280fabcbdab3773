package coco.cli.governance;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code coco node}: only a list of commands. */
@Command(
        name = "node",
        mixinStandardHelpOptions = true,
        description = "Brings a node into a network, takes it out, or puts another in its place.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            NodeJoinCommand.class,
            NodeLeaveCommand.class,
            NodeReplaceCommand.class,
            NodeSignCommand.class,
            NodeRejoinCommand.class,
        })
public final class NodeCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }
}
