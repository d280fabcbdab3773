package coco.cli;

import coco.cli.console.Console;
import coco.cli.demo.DemoCommand;
import coco.cli.evm.EvmCommand;
import coco.cli.governance.GovCommand;
import coco.cli.governance.MemberCommand;
import coco.cli.governance.NodeCommand;
import coco.cli.governance.ServiceCommand;
import coco.cli.journal.AuditCommand;
import coco.cli.recovery.RecoverCommand;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code coco} itself: only a list of commands. */
@Command(
        name = "coco",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Coco: the layer under a consortium's ledger.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            UpCommand.class,
            DownCommand.class,
            InitCommand.class,
            StatusCommand.class,
            LogsCommand.class,
            AccountsCommand.class,
            DoctorCommand.class,
            BenchCommand.class,
            DemoCommand.class,
            ConfigCommand.class,
            JournalCommand.class,
            AuditCommand.class,
            BackupCommand.class,
            ReceiptCommand.class,
            AttestCommand.class,
            MemberCommand.class,
            GovCommand.class,
            AccessCommand.class,
            NodeCommand.class,
            RecoverCommand.class,
            ServiceCommand.class,
            EthereumCommand.class,
            EvmCommand.class,
        },
        footer = {
            "",
            "Start here: coco up",
            "Exit codes: 0 done, 1 failed, 2 usage, 3 incomplete. NO_COLOR and COCO_DEBUG are respected."
        })
final class CocoCommand implements Runnable {
    private final Console console;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    CocoCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }

    /** {@code coco completion}. */
    @Command(
            name = "completion",
            mixinStandardHelpOptions = true,
            description = "Prints a completion script: source <(coco completion)")
    void completion() {
        console.result(AutoComplete.bash("coco", spec.commandLine()));
    }
}
