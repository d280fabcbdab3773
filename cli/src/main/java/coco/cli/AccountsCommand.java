package coco.cli;

import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.cli.network.KnownAccounts;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code coco accounts}. */
@Command(
        name = "accounts",
        mixinStandardHelpOptions = true,
        description = "Lists the accounts that the development preset funds, with their keys.")
final class AccountsCommand implements Callable<Integer> {
    private final Console console;

    AccountsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        console.note(console.yellow(
                "These keys are public knowledge (mnemonic \"" + KnownAccounts.MNEMONIC + "\"). Development only."));
        for (KnownAccounts.Account account : KnownAccounts.ALL) {
            console.result(account.address() + "  " + account.privateKey());
        }
        return ExitCode.OK.code();
    }
}
