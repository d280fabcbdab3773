package coco.cli.journal;

import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.client.recovery.MembersShare.Found;
import coco.client.recovery.ProvenJournal;
import coco.governance.document.Documents;
import coco.journal.EpochShares;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;

/** {@code coco member shares}. */
@Command(
        name = "shares",
        mixinStandardHelpOptions = true,
        description = "Checks the shares that you were dealt: of each epoch, and of older ones when members changed.",
        footer = {
            "",
            "Do so when you become a member, and from time to time: a share that is wrong or that your key does not",
            "open shows here, and not on the day when it is needed.",
            "Exit code 0 all are right, 1 one is wrong or does not open."
        })
public final class MemberSharesCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private JournalOptions journal = new JournalOptions();

    @Mixin
    private MembersKeyOptions key = new MembersKeyOptions();

    @Option(names = "--json", description = "For programs.")
    private boolean json;

    MemberSharesCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        ProvenJournal proven = journal.prove(console);
        List<EpochShares> records = Stream.concat(
                        proven.epochs().values().stream(),
                        proven.forRecovery().stream()
                                .filter(record -> record.id().kind() == EpochShares.Kind.RECOVERY))
                .toList();
        ArrayNode lines = Documents.object().putArray("shares");
        boolean bad = false;
        for (EpochShares record : records) {
            Found found = key.of(proven, record).check();
            bad |= found == Found.WRONG || found == Found.OTHER_KEY;
            lines.addObject()
                    .put("block", record.id().height())
                    .put("opens", opens(record))
                    .put("threshold", record.threshold())
                    .put("shares", record.shares().size())
                    .put("number", record.numberOf(key.member()))
                    .put("found", found.name().toLowerCase(Locale.ROOT));
            if (!json) {
                console.result(words(record, found));
            }
        }
        if (json) {
            console.result(Documents.pretty(lines));
        } else if (records.isEmpty()) {
            console.note("This network deals no shares: its constitution names no recovery threshold.");
        }
        return (bad ? ExitCode.FAILED : ExitCode.OK).code();
    }

    private String words(EpochShares record, Found found) {
        String said = switch (found) {
            case RIGHT -> "share " + record.numberOf(key.member()) + " is right";
            case NONE -> "no share for " + key.member();
            case OTHER_KEY -> "your share is not encrypted to this key";
            case WRONG -> "YOUR SHARE IS WRONG: tell the other members";
        };
        return String.format(
                Locale.ROOT,
                "%-28s %d of %d   %s",
                opens(record),
                record.threshold(),
                record.shares().size(),
                said);
    }

    private static String opens(EpochShares record) {
        return switch (record.id().kind()) {
            case EPOCH -> "epoch " + record.id().height();
            case RECOVERY -> "all epochs before " + record.id().height();
        };
    }
}
