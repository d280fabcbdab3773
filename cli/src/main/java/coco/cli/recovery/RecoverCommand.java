package coco.cli.recovery;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code coco recover}: only a list of commands. */
@Command(
        name = "recover",
        mixinStandardHelpOptions = true,
        description = "Brings a service back that lost a majority of its nodes, in steps.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RecoverSurveyCommand.class,
            RecoverProposeCommand.class,
            RecoverVoteCommand.class,
            RecoverShareCommand.class,
            RecoverFinishCommand.class
        },
        footer = {
            "",
            "The steps stand in their order. docs/operations/recovery.md shows a drill with every step's output."
        })
public final class RecoverCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }
}
