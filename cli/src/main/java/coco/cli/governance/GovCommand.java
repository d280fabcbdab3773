package coco.cli.governance;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code coco gov}: only a list of commands. */
@Command(
        name = "gov",
        mixinStandardHelpOptions = true,
        description = "Proposes, votes, and shows what was decided.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ProposeCommand.class,
            VoteCommand.class,
            WithdrawCommand.class,
            DryRunCommand.class,
            ShowCommand.class,
            ConstitutionCommand.class,
            HistoryCommand.class,
            JoinsCommand.class,
            WatchCommand.class,
        })
public final class GovCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }
}
