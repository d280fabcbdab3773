package coco.cli.governance;

import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.governance.Action;
import coco.governance.document.Documents;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What every proposal takes beside its actions. */
final class ProposalOptions {
    @Mixin
    private SubmitOptions submit = new SubmitOptions();

    @Option(names = "--summary", paramLabel = "TEXT", description = "Why, for the other members.")
    private @Nullable String summary;

    @Option(
            names = "--dry-run",
            description = "Shows what would change, whether it would pass, and who still has to vote. Sends nothing.")
    private boolean dryRun;

    int propose(Console console, List<Action> actions, String fromFile) {
        return dryRun
                ? ask(console, submit.service(), question(actions))
                : submit.submit(
                        console,
                        "/gov/proposals",
                        messages -> messages.proposal(actions, summary == null ? fromFile : summary),
                        answer -> "proposal " + answer.required("id").asString());
    }

    private static ObjectNode question(List<Action> actions) {
        ObjectNode question = Documents.object();
        ArrayNode list = question.putArray("actions");
        actions.forEach(action -> list.add(action.toJson()));
        return question;
    }

    /** Asks what would become of actions or a proposal; what would change nothing has failed. */
    static int ask(Console console, ServiceOptions service, ObjectNode question) {
        try (ServiceConnection connection = service.connect()) {
            JsonNode answer = connection.post("/gov/dry-run", question);
            if (service.json()) {
                console.result(ServiceConnection.pretty(answer));
            } else {
                Texts.dryRun(answer).forEach(console::result);
            }
            return (answer.required("applies").asBoolean() ? ExitCode.OK : ExitCode.FAILED).code();
        }
    }
}
