package coco.cli.journal;

import coco.cli.console.CliException;
import coco.cli.console.Console;
import coco.cli.network.KnownService;
import coco.client.recovery.ProvenJournal;
import coco.client.recovery.RecoveryException;
import coco.core.ServiceMaps;
import coco.journal.EpochShares;
import coco.journal.JournalVerifier;
import coco.journal.MalformedException;
import coco.journal.PublicWritesReader;
import coco.journal.Report;
import coco.node.recovery.RecordedDecisions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which journal, and whose. */
final class JournalOptions {
    @Parameters(paramLabel = "DIR", description = "A copy of a journal's folder, or of a node's. It is only read.")
    private Path folder = Path.of("");

    @Option(
            names = "--service-cert",
            required = true,
            paramLabel = "FILE",
            description = "The service's first certificate, service.pem, as you got it by a way that you trust.")
    private Path serviceCertificate = Path.of("");

    /**
     * Verifies the journal.
     *
     * @throws CliException it is not valid, or cannot be read
     */
    ProvenJournal prove(Console console) {
        Path inner = folder.resolve("journal");
        Path journal = Files.isDirectory(inner) ? inner : folder;
        try {
            ProvenJournal proven =
                    ProvenJournal.verify(journal, new KnownService(serviceCertificate).certificate(), new Maps());
            Report report = proven.report();
            if (report.verdict() == Report.Verdict.INCOMPLETE) {
                console.note("The journal is not complete: what follows a gap was not looked at.");
            }
            return proven;
        } catch (RecoveryException e) {
            throw new CliException(
                    "nothing is proven by " + journal + ": " + e.getMessage(), "Take another copy of the journal.", e);
        }
    }

    private static final class Maps implements ProvenJournal.Knowledge {
        @Override
        public PublicWritesReader publicWrites() {
            return new ServiceMaps();
        }

        @Override
        public JournalVerifier.Decisions decisions() {
            return new RecordedDecisions();
        }

        @Override
        public List<EpochShares> shares(long height, byte[] publicWrites) throws MalformedException {
            return ServiceMaps.shares(height, publicWrites);
        }
    }
}
