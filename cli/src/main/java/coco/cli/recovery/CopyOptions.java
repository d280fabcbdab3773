package coco.cli.recovery;

import coco.cli.console.CliException;
import coco.cli.console.Console;
import coco.cli.network.KnownService;
import coco.governance.document.DocumentException;
import coco.governance.document.Documents;
import coco.governance.document.Fields;
import coco.governance.ledger.RecoveryProposal;
import coco.governance.ledger.RecoveryProposal.KeptHead;
import coco.journal.JournalException;
import coco.journal.StartReport;
import coco.node.recovery.SurvivingJournal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import picocli.CommandLine.Option;

/** By what a copy of a journal is judged, and how the files of a recovery are read. */
final class CopyOptions {
    private static final int FILE_BYTES_MAX = 8 << 20;

    @Option(
            names = "--service-cert",
            required = true,
            paramLabel = "FILE",
            description = "The service's first certificate, service.pem, as you got it by a way that you trust.")
    private Path serviceCertificate = Path.of("");

    X509Certificate service() {
        return new KnownService(serviceCertificate).certificate();
    }

    /** Reads a copy, and says what was cut off its end. */
    SurvivingJournal copy(Path place, Console console) {
        if (!Files.isDirectory(place)) {
            throw new CliException(place + " is no folder", "Name the folder of a journal, or of a node.");
        }
        try {
            SurvivingJournal copy = SurvivingJournal.open(place, service());
            StartReport.Note cut = copy.cut();
            if (cut != null) {
                console.note("the journal in " + place + " ends in a write that a crash tore, which is left out: "
                        + cut.words());
            }
            return copy;
        } catch (JournalException e) {
            throw new CliException(
                    "the journal in " + place + " cannot be read: " + e.getMessage(), "Check its rights.", e);
        }
    }

    static byte[] bytes(Path file) {
        try (var in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(FILE_BYTES_MAX + 1);
            if (bytes.length > FILE_BYTES_MAX) {
                throw new IOException("more than " + FILE_BYTES_MAX + " bytes");
            }
            return bytes;
        } catch (IOException e) {
            throw new CliException(file + " cannot be read: " + e.getMessage(), "Check its name and rights.", e);
        }
    }

    static void write(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new CliException(file + " cannot be written: " + e.getMessage(), "Choose another with --out.", e);
        }
    }

    static RecoveryProposal proposal(Path file) {
        try {
            return RecoveryProposal.parse(bytes(file));
        } catch (DocumentException e) {
            throw new CliException(
                    file + " is no proposal to recover: " + e.getMessage(),
                    "Take it as coco recover propose wrote it.",
                    e);
        }
    }

    static KeptHead kept(Path file) {
        try {
            Fields fields = new Fields(Documents.json(bytes(file), ""), "");
            KeptHead head = KeptHead.read(fields);
            fields.finish();
            return head;
        } catch (DocumentException e) {
            throw new CliException(
                    file + " is no kept head: " + e.getMessage(), "Take it as coco member head wrote it.", e);
        }
    }
}
