package coco.cli.governance;

import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/** {@code coco gov joins}. */
@Command(
        name = "joins",
        mixinStandardHelpOptions = true,
        description = "Lists nodes that ask to join, with what they run.",
        footer = {"", "With --json each has the action that would admit it, for coco gov propose --file."})
final class JoinsCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private ServiceOptions service = new ServiceOptions();

    JoinsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        try (ServiceConnection connection = service.connect()) {
            JsonNode answer = connection.getAll("/gov/joins", "joins", "after");
            if (service.json()) {
                console.result(ServiceConnection.pretty(answer));
            } else {
                answer.required("joins").forEach(this::show);
            }
            return ExitCode.OK.code();
        }
    }

    private void show(JsonNode join) {
        console.result(String.format(
                Locale.ROOT,
                "%-12s  %-12s  %-24s  %s  %s  %s",
                join.required("id").asString(),
                join.required("owner").asString("-"),
                join.required("host").asString(),
                join.required("platform").asString(),
                join.required("measurement").asString(),
                join.required("evidenceVerified").asBoolean() ? "evidence verified" : "evidence NOT verified"));
    }
}
