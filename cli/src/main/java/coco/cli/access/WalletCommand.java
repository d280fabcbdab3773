package coco.cli.access;

import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.governance.document.Documents;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code coco access wallet}. */
@Command(
        name = "wallet",
        mixinStandardHelpOptions = true,
        description = "Makes a personal RPC URL for a wallet that cannot send headers. Whoever has the URL acts for the"
                + " account, within what a wallet needs.")
public final class WalletCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private SessionOptions session = new SessionOptions();

    @Option(
            names = "--contract",
            paramLabel = "ADDRESS",
            description = "A contract that the wallet may call. May be given several times.")
    private List<String> contracts = List.of();

    @Option(names = "--days", paramLabel = "N", description = "How long (default: ${DEFAULT-VALUE}).")
    private int days = 30;

    @Option(names = "--label", paramLabel = "TEXT", description = "What the list of sessions calls it.")
    private String label = "wallet";

    WalletCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        ObjectNode body = Documents.object().put("seconds", days * 86_400L).put("label", label);
        contracts.forEach(body.putArray("contracts")::add);
        JsonNode opened = session.ask("POST", "/access/wallets", true, body);
        if (session.json()) {
            console.result(Documents.pretty(opened).strip());
            return ExitCode.OK.code();
        }
        console.result(
                session.address().resolve(opened.required("path").stringValue()).toString());
        console.note("Good until " + opened.required("expires").stringValue() + ". Treat it like a password; end it"
                + " with: coco access revoke " + opened.required("id").stringValue());
        return ExitCode.OK.code();
    }
}
