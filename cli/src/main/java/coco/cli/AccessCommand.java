package coco.cli;

import coco.cli.access.AgreeCommand;
import coco.cli.access.ExplainCommand;
import coco.cli.access.LintCommand;
import coco.cli.access.LoginCommand;
import coco.cli.access.RevokeCommand;
import coco.cli.access.SessionsCommand;
import coco.cli.access.WalletCommand;
import coco.cli.governance.EnrolCommand;
import coco.cli.governance.UsersCommand;
import coco.cli.governance.UsesCommand;
import coco.cli.governance.WithdrawUserCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code coco access}. */
@Command(
        name = "access",
        mixinStandardHelpOptions = true,
        description =
                "Signs in, and says who may see what: sessions, wallet URLs, users, auditors, rules of contracts.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            LoginCommand.class,
            WalletCommand.class,
            SessionsCommand.class,
            RevokeCommand.class,
            AgreeCommand.class,
            EnrolCommand.class,
            WithdrawUserCommand.class,
            UsersCommand.class,
            UsesCommand.class,
            ExplainCommand.class,
            LintCommand.class,
        })
final class AccessCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }
}
