package coco.cli.governance;

import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.governance.document.Documents;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** {@code coco access uses}. */
@Command(
        name = "uses",
        mixinStandardHelpOptions = true,
        description = "Lists what auditors asked for by their grants, oldest first: for members.",
        footer = {
            "",
            "Each question about the same contracts is there once a minute. * stands for more than was told apart: take"
                    + " it that everything the grant names was looked at."
        })
public final class UsesCommand implements Callable<Integer> {
    private final Console console;

    @Option(names = "--grant", paramLabel = "ID", description = "Of one grant only.")
    private @Nullable String grant;

    @Mixin
    private ServiceOptions service = new ServiceOptions();

    UsesCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        ArrayNode uses = Documents.object().putArray("uses");
        try (ServiceConnection connection = service.connect()) {
            String next = "";
            do {
                JsonNode page = connection.get("/access/uses" + (next.isEmpty() ? "" : "?after=" + next));
                for (JsonNode use : page.required("uses")) {
                    if (grant == null || grant.equals(use.required("grant").stringValue())) {
                        uses.add(use);
                    }
                }
                next = page.required("next").stringValue();
            } while (!next.isEmpty());
        }
        if (service.json()) {
            console.result(ServiceConnection.pretty(uses));
        } else {
            uses.forEach(each -> console.result(line(each)));
        }
        return ExitCode.OK.code();
    }

    private static String line(JsonNode use) {
        List<String> contracts = new ArrayList<>();
        use.required("contracts").forEach(each -> contracts.add(each.stringValue()));
        return use.required("time").stringValue() + "  " + use.required("grant").stringValue() + "  "
                + use.required("ledger").stringValue() + "  "
                + use.required("kind").stringValue() + "  "
                + String.join(" ", contracts);
    }
}
