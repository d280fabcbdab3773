package coco.cli.governance;

import coco.cli.console.Console;
import coco.governance.document.Documents;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code coco gov dry-run}. */
@Command(
        name = "dry-run",
        mixinStandardHelpOptions = true,
        description = "Shows what a proposal would change, whether it would pass, and who still has to vote.")
final class DryRunCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "ID", description = "The proposal: its id, or the beginning of it.")
    private String proposal = "";

    @Mixin
    private ServiceOptions service = new ServiceOptions();

    DryRunCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        String id = ProposalIds.whole(service, proposal);
        return ProposalOptions.ask(console, service, Documents.object().put("proposal", id));
    }
}
