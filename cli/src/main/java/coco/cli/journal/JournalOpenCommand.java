package coco.cli.journal;

import coco.cli.console.CliException;
import coco.cli.console.Console;
import coco.cli.member.MemberKeys;
import coco.client.recovery.MembersShare;
import coco.client.recovery.ProvenJournal;
import coco.client.recovery.RecoveryException;
import coco.journal.CollectedShares;
import coco.journal.EpochShares;
import coco.journal.EpochShares.RecoveryKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code coco journal open}. */
@Command(
        name = "open",
        mixinStandardHelpOptions = true,
        description = "Opens a copy of a journal with the recovery keys of enough members, without any node.",
        footer = {
            "",
            "For members who sit together at one machine, when the network is gone or for a look of their own. Who",
            "sits apart asks as an auditor does: coco audit."
        })
public final class JournalOpenCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private JournalOptions journal = new JournalOptions();

    @ArgGroup(multiplicity = "1")
    private What what = new What();

    @Option(
            names = "--recovery-key",
            required = true,
            paramLabel = "MEMBER=FILE",
            description = "A member and its recovery key; as many as the threshold says.")
    private Map<String, Path> keys = new TreeMap<>();

    @Option(names = "--token", paramLabel = "URI", description = "The token that wraps those files, if one does.")
    private @Nullable String token;

    @Mixin
    private OpenedOutput output = new OpenedOutput();

    /** How much. */
    static final class What {
        @Option(names = "--epoch", paramLabel = "E", description = "One epoch.")
        private @Nullable Long epoch;

        @Option(names = "--all", description = "Everything, with the keys of those who are members now.")
        @SuppressWarnings("unused") // what is not one epoch is everything
        private boolean all;
    }

    JournalOpenCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        ProvenJournal proven = journal.prove(console);
        try {
            Long epoch = what.epoch;
            List<EpochShares> records = epoch == null ? proven.forRecovery() : List.of(proven.ofEpoch(epoch));
            if (records.isEmpty()) {
                throw new RecoveryException("the journal holds no shares: the network has no recovery");
            }
            Map<String, RecoveryKey> opened = new TreeMap<>();
            keys.forEach((member, file) -> opened.put(member, MemberKeys.recovery(file, token)));
            List<CollectedShares> collected = new ArrayList<>();
            for (EpochShares record : records) {
                CollectedShares shares = new CollectedShares(proven.serviceId(), record);
                opened.forEach((member, key) -> add(shares, proven, record, member, key));
                collected.add(shares);
            }
            return output.write(console, proven, collected);
        } catch (RecoveryException e) {
            throw new CliException(String.valueOf(e.getMessage()), "Nothing was opened.", e);
        }
    }

    private void add(CollectedShares shares, ProvenJournal proven, EpochShares record, String member, RecoveryKey key) {
        try {
            byte[] share = new MembersShare(proven.serviceId(), record, member, key).open();
            shares.add(record.numberOf(member), share);
            Arrays.fill(share, (byte) 0);
        } catch (RecoveryException e) {
            console.note("Epochs of block " + record.id().height() + ": " + e.getMessage());
        }
    }
}
