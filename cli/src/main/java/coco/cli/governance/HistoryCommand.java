package coco.cli.governance;

import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code coco gov history}. */
@Command(
        name = "history",
        mixinStandardHelpOptions = true,
        description = "Lists all that was ever decided, by whom and at which height.",
        footer = {"", "With --json the signed messages are there too, to be verified by anybody."})
final class HistoryCommand implements Callable<Integer> {
    private final Console console;

    @Option(names = "--from", paramLabel = "HEIGHT", description = "First height (default: the beginning).")
    private long from;

    @Mixin
    private ServiceOptions service = new ServiceOptions();

    HistoryCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        JsonNode all;
        try (ServiceConnection connection = service.connect()) {
            all = connection.getAll("/gov/history", "entries", "from", Long.toString(from));
        }
        if (service.json()) {
            console.result(ServiceConnection.pretty(all));
        } else {
            all.required("entries").forEach(this::show);
        }
        return ExitCode.OK.code();
    }

    /** What happened first, then the rest. */
    private static String words(JsonNode event) {
        List<String> words = new ArrayList<>(List.of(event.path("event").asString("")));
        event.propertyStream()
                .filter(part -> !part.getKey().equals("event"))
                .forEach(part -> words.add(part.getKey() + " " + part.getValue().asString()));
        return String.join("  ", words);
    }

    private static long height(JsonNode entry) {
        return entry.required("height").asLong();
    }

    private void show(JsonNode entry) {
        JsonNode outcome = entry.required("outcome");
        String signer = outcome.path("signer").asString("-");
        for (JsonNode event : outcome.path("events")) {
            console.result(String.format(Locale.ROOT, "%8d  %-12s  %s", height(entry), signer, words(event)));
        }
    }
}
