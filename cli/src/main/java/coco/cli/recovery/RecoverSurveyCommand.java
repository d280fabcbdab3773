package coco.cli.recovery;

import coco.cli.console.CliException;
import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.crypto.Hex;
import coco.governance.Constitution;
import coco.governance.ledger.RecoveryProposal;
import coco.node.Recovering;
import coco.node.recovery.SurvivingJournal;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code coco recover survey}. */
@Command(
        name = "survey",
        mixinStandardHelpOptions = true,
        description = "Looks at all copies that are left, and says from which one to recover. Only reads.",
        footer = {"", "Exit code 0 if one can be used, else 1."})
final class RecoverSurveyCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(
            paramLabel = "DIR",
            arity = "1..*",
            description = "A node's data folder, so that its Raft log is read too; or a copy of a journal.")
    private List<Path> places = List.of();

    @Mixin
    private CopyOptions copies = new CopyOptions();

    RecoverSurveyCommand(Console console) {
        this.console = console;
    }

    /** One copy, and where it ends. */
    private record Surveyed(Path place, SurvivingJournal copy, long term, long height) {}

    @Override
    public Integer call() {
        Optional<Surveyed> best = places.stream()
                .map(this::survey)
                .filter(each -> each.copy().problem() == null)
                .max(Comparator.comparingLong(Surveyed::term).thenComparingLong(Surveyed::height));
        if (best.isEmpty()) {
            throw new CliException(
                    "the service cannot be recovered from any of these", "Look for other copies, such as backups.");
        }
        Surveyed chosen = best.get();
        Constitution constitution = chosen.copy().constitution();
        console.result("best       " + chosen.place() + ": term " + chosen.term() + ", height " + chosen.height());
        console.result("members    "
                + String.join(
                        ", ",
                        constitution.members().stream().map(each -> each.id()).toList()));
        console.result("it takes   " + RecoveryProposal.ballotsNeeded(constitution) + " ballots, and shares of "
                + constitution.recoveryThreshold() + " members");
        console.note("Members: compare the height with the heads that you keep (coco member head).");
        console.note("Next, on the machine that goes on: coco recover propose --from " + chosen.place());
        return ExitCode.OK.code();
    }

    private Surveyed survey(Path place) {
        SurvivingJournal copy = copies.copy(place, console);
        console.result("copy       " + place);
        String problem = copy.problem();
        if (problem != null) {
            console.result("  journal  cannot be used: " + problem);
            return new Surveyed(place, copy, -1, -1);
        }
        long height = copy.head().height();
        long term = copy.head().term();
        console.result("  journal  verified from genesis, height " + height + ", term " + term + ", hash "
                + Hex.encode(copy.head().hash()));
        Recovering.LastBlocks last = Recovering.logged(place, copy);
        height += last.count();
        term = Math.max(term, last.term());
        console.result("  raft log " + (last.count() == 0 ? "holds nothing more" : "goes on to height " + height));
        return new Surveyed(place, copy, term, height);
    }
}
