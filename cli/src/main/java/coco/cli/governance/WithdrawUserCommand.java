package coco.cli.governance;

import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code coco access withdraw}. */
@Command(
        name = "withdraw",
        mixinStandardHelpOptions = true,
        description = "Ends that an account is a user of your organisation, and all its sessions.")
public final class WithdrawUserCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "ADDRESS", description = "The account.")
    private String address = "";

    @Mixin
    private ServiceOptions service = new ServiceOptions();

    WithdrawUserCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        String withdrawn = EnrolCommand.Addresses.of(address);
        try (ServiceConnection connection = service.connect()) {
            connection.delete("/access/enrolments/" + withdrawn);
            console.result("0x" + withdrawn + " is no user any more");
            return ExitCode.OK.code();
        }
    }
}
