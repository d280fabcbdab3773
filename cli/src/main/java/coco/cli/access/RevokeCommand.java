package coco.cli.access;

import coco.cli.console.CliException;
import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coco access revoke}. */
@Command(
        name = "revoke",
        mixinStandardHelpOptions = true,
        description = "Ends a session or wallet URL, on every node within a second.")
public final class RevokeCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "ID", arity = "0..1", description = "Which, as coco access sessions lists it.")
    private @Nullable String id;

    @Option(names = "--all", description = "All of the account's, this session and the wallet URLs included.")
    private boolean all;

    @Mixin
    private SessionOptions session = new SessionOptions();

    RevokeCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (all == (id != null)) {
            throw CliException.usage("which session? Give its ID, or --all", "See them with: coco access sessions");
        }
        if (id != null && !id.matches("[0-9a-f]{16}")) {
            throw CliException.usage("'" + id + "' is no session's ID", "See them with: coco access sessions");
        }
        session.ask("DELETE", all ? "/access/sessions" : "/access/sessions/" + id, true, null);
        if (all) {
            session.forgetToken();
        }
        console.result(all ? "all sessions of the account are over" : "session " + id + " is over");
        return ExitCode.OK.code();
    }
}
