package coco.cli.journal;

import coco.cli.console.CliException;
import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.client.recovery.ProvenJournal;
import coco.client.recovery.RecoveryException;
import coco.client.recovery.ShareFile;
import coco.client.recovery.ShareRequest;
import coco.crypto.Hex;
import coco.crypto.Sha256;
import coco.governance.document.Documents;
import coco.journal.ShareAnswer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code coco member share}. */
@Command(
        name = "share",
        mixinStandardHelpOptions = true,
        description = "Gives your share of one epoch to an auditor, encrypted to the auditor's key.",
        footer = {
            "",
            "The epoch's record is proven in your copy of the journal first: nothing is taken from the request but the",
            "key. Whose key it is you have to know: compare its fingerprint with the auditor by another way.",
            "With as many answers as the threshold says the auditor opens this epoch, and no other."
        })
public final class MemberShareCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private JournalOptions journal = new JournalOptions();

    @Mixin
    private MembersKeyOptions key = new MembersKeyOptions();

    @Option(names = "--epoch", required = true, paramLabel = "E", description = "The epoch that you agree to open.")
    private long epoch;

    @Option(
            names = "--to",
            required = true,
            paramLabel = "ASKER",
            description = "The auditor's request, as coco audit request made it.")
    private Path request = Path.of("");

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "Where the answer goes.")
    private Path out = Path.of("");

    @Option(
            names = "--log",
            paramLabel = "FILE",
            description = "Where it is noted what was given to whom (default: beside the recovery key, with"
                    + " .answers.jsonl added).")
    private @Nullable Path log;

    MemberShareCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        try {
            ShareRequest asked = ShareRequest.decode(Files.readAllBytes(request));
            if (asked.epoch() != epoch) {
                throw CliException.usage(
                        "the request asks for epoch " + asked.epoch() + ", and you agreed to " + epoch,
                        "Ask the auditor for another request.");
            }
            ProvenJournal proven = journal.prove(console);
            if (!Arrays.equals(asked.serviceId(), proven.serviceId())) {
                throw new CliException(
                        "the request is for another service than this journal's", "Name the right journal.");
            }
            ShareAnswer answer = key.of(proven, proven.ofEpoch(epoch)).answer(asked.key(), new SecureRandom());
            String fingerprint = Hex.encode(Sha256.hash(asked.key().getEncoded()));
            note(asked, fingerprint);
            Files.write(out, ShareFile.encode(key.member(), answer));
            console.result("answer       " + out);
            console.result("epoch        " + epoch);
            console.result("asker        " + asked.asker() + ": " + asked.reason());
            console.result("fingerprint  " + fingerprint);
            return ExitCode.OK.code();
        } catch (RecoveryException e) {
            throw new CliException(String.valueOf(e.getMessage()), "Nothing was given away.", e);
        } catch (IOException e) {
            throw new CliException("a file cannot be read or written: " + e.getMessage(), "See its name.", e);
        }
    }

    /** Written before the answer is: what was given away is known for certain. */
    private void note(ShareRequest asked, String fingerprint) throws IOException {
        Path file = log != null ? log : key.file().resolveSibling(key.file().getFileName() + ".answers.jsonl");
        String line = Documents.object()
                .put("at", InstantSource.system().instant().toString())
                .put("member", key.member())
                .put("service", Hex.encode(asked.serviceId()))
                .put("epoch", epoch)
                .put("asker", asked.asker())
                .put("reason", asked.reason())
                .put("key", fingerprint)
                .toString();
        Files.write(
                file,
                (line + "\n").getBytes(StandardCharsets.UTF_8),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }
}
