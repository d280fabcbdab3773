package coco.cli.journal;

import coco.cli.console.CliException;
import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.client.recovery.OpenedEpochs;
import coco.client.recovery.ProvenJournal;
import coco.client.recovery.RecoveryException;
import coco.journal.CollectedShares;
import coco.journal.MalformedException;
import coco.journal.SealRoot;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** Where what was opened goes. */
final class OpenedOutput {
    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "Where the transactions go, in clear: a new file that only you may read.")
    private Path file = Path.of("");

    /**
     * Opens the records and writes their epochs.
     *
     * @param collected shares of one record each
     * @throws CliException there are too few shares, or something does not open
     */
    int write(Console console, ProvenJournal proven, List<CollectedShares> collected) {
        SortedMap<Long, SealRoot> roots = new TreeMap<>();
        for (CollectedShares each : collected) {
            if (each.missing() > 0) {
                throw new CliException(
                        each.missing() + " more of the members' shares are needed", "Nothing was opened.");
            }
            try {
                SortedMap<Long, SealRoot> opened = each.open();
                roots.putAll(opened == null ? new TreeMap<>() : opened);
            } catch (MalformedException e) {
                throw new CliException(
                        "the shares are right, but " + e.getMessage(), "Tell all members: whoever dealt them lied.", e);
            } finally {
                each.clear();
            }
        }
        OpenedEpochs opened = new OpenedEpochs(proven.reader(), roots);
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.WRITE)) {
                opened.write(out);
            }
        } catch (IOException e) {
            throw new CliException(file + " cannot be written: " + e.getMessage(), "Choose another with --out.", e);
        } catch (RecoveryException e) {
            throw new CliException(String.valueOf(e.getMessage()), "What was written to " + file + " is not whole.", e);
        }
        console.result("epochs        " + roots.keySet());
        console.result("blocks        " + opened.blocks());
        console.result("transactions  " + opened.transactions());
        console.result("in clear      " + file);
        return ExitCode.OK.code();
    }
}
