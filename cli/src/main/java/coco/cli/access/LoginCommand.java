package coco.cli.access;

import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.governance.document.Documents;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code coco access login}. */
@Command(
        name = "login",
        mixinStandardHelpOptions = true,
        description = "Signs in with an account's key (Sign-In with Ethereum) and keeps the session's token in a file.")
public final class LoginCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private AccountOption account = new AccountOption();

    @Mixin
    private SessionOptions session = new SessionOptions();

    @Option(
            names = "--contract",
            paramLabel = "ADDRESS",
            description = "A confidential contract that the session may see, as far as the account may. May be given"
                    + " several times. Without it: all of them.")
    private List<String> contracts = List.of();

    @Option(names = "--open-only", description = "The session sees nothing confidential.")
    private boolean openOnly;

    @Option(names = "--hours", paramLabel = "N", description = "How long, at most (default: ${DEFAULT-VALUE}).")
    private int hours = 12;

    @Option(names = "--label", paramLabel = "TEXT", description = "What the list of sessions calls it.")
    private String label = "coco access login";

    LoginCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        AccountOption.Account signer = account.open();
        JsonNode nonce = session.ask("GET", "/access/nonce", false, null);
        List<String> named = contracts.isEmpty() ? List.of("*") : contracts;
        JsonNode opened = session.ask(
                "POST",
                "/access/sessions",
                false,
                SignIn.request(
                        signer,
                        session.address(),
                        nonce,
                        Duration.ofHours(hours),
                        openOnly ? List.of() : named,
                        label));
        session.keepToken(opened.required("token").stringValue());
        if (session.json()) {
            console.result(Documents.pretty(opened).strip());
        } else {
            console.result("signed in as " + signer.name() + " until "
                    + opened.required("expires").stringValue() + "; the token is in " + session.tokenFile());
        }
        return ExitCode.OK.code();
    }
}
