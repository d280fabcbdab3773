package coco.cli.governance;

import coco.cli.console.Console;
import coco.governance.rules.Choice;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coco gov vote}. */
@Command(
        name = "vote",
        mixinStandardHelpOptions = true,
        description = "Casts a ballot, or changes the one that was cast. One for each member; the last one counts.")
final class VoteCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "ID", description = "The proposal: its id, or the beginning of it.")
    private String proposal = "";

    @ArgGroup(multiplicity = "1")
    private Ballot ballot = new Ballot();

    @Mixin
    private SubmitOptions submit = new SubmitOptions();

    VoteCommand(Console console) {
        this.console = console;
    }

    /** One of the two. */
    static final class Ballot {
        @Option(names = "--accept", required = true, description = "For the proposal.")
        private boolean accept;

        @Option(names = "--reject", required = true, description = "Against it.")
        private boolean reject;
    }

    @Override
    public Integer call() {
        Choice choice = ballot.accept && !ballot.reject ? Choice.ACCEPT : Choice.REJECT;
        String id = ProposalIds.whole(submit.service(), proposal);
        return submit.submit(
                console,
                "/gov/ballots",
                messages -> messages.ballot(id, choice),
                answer -> "ballot recorded" + Texts.atHeight(answer));
    }
}
