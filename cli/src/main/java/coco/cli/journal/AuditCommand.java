package coco.cli.journal;

import coco.cli.console.CliException;
import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.cli.member.MemberKeys;
import coco.cli.member.PublicKeyFile;
import coco.client.recovery.ProvenJournal;
import coco.client.recovery.RecoveryException;
import coco.client.recovery.ShareFile;
import coco.client.recovery.ShareRequest;
import coco.journal.CollectedShares;
import coco.journal.CollectedShares.Taken;
import coco.journal.EpochShares;
import coco.journal.EpochShares.RecoveryKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code coco audit}: an auditor asks members for one epoch, and opens it. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = "Opens one epoch with the members' consent, and nothing more.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {AuditCommand.Request.class, AuditCommand.Open.class},
        footer = {
            "",
            "1. Make a key: coco member init auditor",
            "2. coco audit request ... --out request.json, and give that to the members",
            "3. Each member who agrees: coco member share ... --to request.json --out answer.json",
            "4. coco audit open ... with as many answers as the threshold says"
        })
public final class AuditCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }

    /** {@code coco audit request}. */
    @Command(
            name = "request",
            mixinStandardHelpOptions = true,
            description = "Writes the request that goes to the members.")
    static final class Request implements Callable<Integer> {
        private final Console console;

        @Mixin
        private JournalOptions journal = new JournalOptions();

        @Option(names = "--epoch", required = true, paramLabel = "E", description = "The epoch to be opened.")
        private long epoch;

        @Option(
                names = "--key",
                required = true,
                paramLabel = "FILE",
                description = "Your public key, RSA or P-256, such as auditor.recovery.pub.")
        private Path key = Path.of("");

        @Option(names = "--asker", required = true, paramLabel = "TEXT", description = "Who you are.")
        private String asker = "";

        @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why you ask.")
        private String reason = "";

        @Option(names = "--out", required = true, paramLabel = "FILE", description = "Where the request goes.")
        private Path out = Path.of("");

        Request(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            try {
                ProvenJournal proven = journal.prove(console);
                EpochShares record = proven.ofEpoch(epoch);
                ShareRequest request =
                        new ShareRequest(proven.serviceId(), epoch, asker, reason, PublicKeyFile.read(key));
                Files.write(out, request.encode());
                console.result("request      " + out);
                console.result("answers      " + record.threshold() + " of: "
                        + String.join(
                                ", ",
                                record.shares().stream()
                                        .map(EpochShares.SealedShare::member)
                                        .toList()));
                return ExitCode.OK.code();
            } catch (RecoveryException | IllegalArgumentException e) {
                throw new CliException(String.valueOf(e.getMessage()), "Nothing was written.", e);
            } catch (IOException e) {
                throw new CliException(out + " cannot be written: " + e.getMessage(), "Choose another file.", e);
            }
        }
    }

    /** {@code coco audit open}. */
    @Command(
            name = "open",
            mixinStandardHelpOptions = true,
            description = "Opens the epoch with the members' answers and writes its transactions as lines of JSON.")
    static final class Open implements Callable<Integer> {
        private final Console console;

        @Mixin
        private JournalOptions journal = new JournalOptions();

        @Parameters(index = "1..*", arity = "1..*", paramLabel = "ANSWER", description = "Members' answers.")
        private List<Path> answers = List.of();

        @Option(names = "--epoch", required = true, paramLabel = "E", description = "The epoch to be opened.")
        private long epoch;

        @Option(names = "--key", required = true, paramLabel = "FILE", description = "Your private key.")
        private Path key = Path.of("");

        @Option(names = "--token", paramLabel = "URI", description = "The token that wraps it, if one does.")
        private @Nullable String token;

        @Mixin
        private OpenedOutput output = new OpenedOutput();

        Open(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            ProvenJournal proven = journal.prove(console);
            try {
                EpochShares record = proven.ofEpoch(epoch);
                RecoveryKey own = MemberKeys.recovery(key, token);
                CollectedShares collected = new CollectedShares(proven.serviceId(), record);
                for (Path answer : answers) {
                    Taken taken = collected.add(ShareFile.decode(Files.readAllBytes(answer)), own);
                    if (taken != Taken.TAKEN) {
                        console.note(answer + " does not count: " + words(taken));
                    }
                }
                return output.write(console, proven, List.of(collected));
            } catch (RecoveryException e) {
                throw new CliException(String.valueOf(e.getMessage()), "Nothing was opened.", e);
            } catch (IOException e) {
                throw new CliException("an answer cannot be read: " + e.getMessage(), "See its name.", e);
            }
        }

        private static String words(Taken taken) {
            return switch (taken) {
                case TAKEN -> "it does";
                case ALREADY -> "that share is here already";
                case OTHER_RECORD -> "it is of another epoch or another service";
                case NOT_FOR_US -> "it is not encrypted to your key";
                case WRONG -> "it is not the share that was dealt; ask that member";
            };
        }
    }
}
