package coco.cli.access;

import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.governance.document.Documents;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/** {@code coco access sessions}. */
@Command(
        name = "sessions",
        mixinStandardHelpOptions = true,
        description = "Lists the account's sessions and wallet URLs.")
public final class SessionsCommand implements Callable<Integer> {
    private static final String ROW = "%-16s  %-8s  %-11s  %-20s  %-12s  %s";

    private final Console console;

    @Mixin
    private SessionOptions session = new SessionOptions();

    SessionsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        JsonNode answer = session.ask("GET", "/access/sessions", true, null);
        if (session.json()) {
            console.result(Documents.pretty(answer).strip());
            return ExitCode.OK.code();
        }
        console.result(console.bold(
                String.format(Locale.ROOT, ROW, "id", "kind", "opened by", "until", "contracts", "label")));
        for (JsonNode each : answer.required("sessions")) {
            List<String> contracts = new ArrayList<>();
            each.required("contracts").forEach(contract -> contracts.add(contract.stringValue()));
            console.result(String.format(
                    Locale.ROOT,
                    ROW,
                    each.required("id").stringValue(),
                    each.required("kind").stringValue(),
                    each.required("way").stringValue(),
                    each.required("expires").stringValue(),
                    contracts.isEmpty() ? "open ones" : contracts.contains("*") ? "all" : contracts.size() + " named",
                    each.required("label").stringValue()
                            + (each.required("current").booleanValue() ? " (this one)" : "")));
        }
        return ExitCode.OK.code();
    }
}
