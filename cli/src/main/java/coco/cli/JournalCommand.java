package coco.cli;

import coco.cli.console.CliException;
import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.core.ServiceMaps;
import coco.crypto.Certificates;
import coco.crypto.CryptoException;
import coco.journal.JournalException;
import coco.journal.JournalLimits;
import coco.journal.JournalVerifier;
import coco.journal.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/** {@code coco journal}: only a list of commands. */
@Command(
        name = "journal",
        mixinStandardHelpOptions = true,
        description = "Journals, offline.",
        subcommands = JournalCommand.Verify.class)
final class JournalCommand {
    /** {@code coco journal verify}. */
    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description = "Verifies a journal from its files and the service certificate, and nothing else.",
            footer = {"", "Exit code 0 valid, 1 invalid, 3 valid as far as it goes but not complete."})
    static final class Verify implements Callable<Integer> {
        private final Console console;

        @Parameters(paramLabel = "DIR", description = "A journal's folder, or a node's.")
        private Path folder = Path.of("");

        @Option(names = "--service-cert", required = true, paramLabel = "FILE", description = "service.pem")
        private Path serviceCertificate = Path.of("");

        @Option(names = "--json", description = "For programs.")
        private boolean json;

        Verify(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            Path inner = folder.resolve("journal");
            Path journal = Files.isDirectory(inner) ? inner : folder;
            if (!Files.isDirectory(journal)) {
                throw new CliException(journal + " is no folder", "Name the folder of a journal, or of a node.");
            }
            JournalVerifier verifier = new JournalVerifier(
                    new ServiceMaps(), new RecordedDecisions(), JournalVerifier.SealRoots.NONE, JournalLimits.DEFAULT);
            Report report = verify(verifier, journal);
            console.result(
                    json
                            ? JsonMapper.builder()
                                    .build()
                                    .writerWithDefaultPrettyPrinter()
                                    .writeValueAsString(report)
                            : report.toText().strip());
            return switch (report.verdict()) {
                case VALID -> ExitCode.OK.code();
                case INCOMPLETE -> ExitCode.INCOMPLETE.code();
                case INVALID -> ExitCode.FAILED.code();
            };
        }

        private Report verify(JournalVerifier verifier, Path journal) {
            try {
                X509Certificate certificate = Certificates.fromPem(Files.readString(serviceCertificate));
                return verifier.verify(journal, certificate);
            } catch (IOException | CryptoException e) {
                throw new CliException(
                        "the service certificate cannot be read from " + serviceCertificate + ": " + e.getMessage(),
                        "Name the service.pem of the network with --service-cert.",
                        e);
            } catch (JournalException e) {
                throw new CliException(
                        "the journal cannot be read: " + e.getMessage(), "Check the rights of " + journal + ".", e);
            }
        }
    }
}
