package coco.cli.governance;

import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code coco gov show}. */
@Command(name = "show", mixinStandardHelpOptions = true, description = "Lists proposals, or shows all of one.")
final class ShowCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "ID", arity = "0..1", description = "A proposal: its id, or the beginning of it.")
    private @Nullable String proposal;

    @Option(
            names = "--state",
            paramLabel = "STATE",
            description = "Only those that are open, accepted, rejected, withdrawn, failed, voided or expired.")
    private @Nullable String state;

    @Mixin
    private ServiceOptions service = new ServiceOptions();

    ShowCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        String id = proposal == null ? null : ProposalIds.whole(service, proposal);
        try (ServiceConnection connection = service.connect()) {
            String list = "/gov/proposals" + (state == null ? "" : "?state=" + state);
            JsonNode answer =
                    id == null ? connection.getAll(list, "proposals", "after") : connection.get("/gov/proposals/" + id);
            if (service.json()) {
                console.result(ServiceConnection.pretty(answer));
            } else if (id == null) {
                answer.required("proposals").forEach(each -> console.result(Texts.line(each)));
            } else {
                Texts.whole(answer.required("proposal")).forEach(console::result);
            }
            return ExitCode.OK.code();
        }
    }
}
