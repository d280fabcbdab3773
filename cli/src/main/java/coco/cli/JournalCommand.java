package coco.cli;

import coco.cli.console.CliException;
import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.cli.journal.JournalOpenCommand;
import coco.cli.network.KnownService;
import coco.core.ServiceMaps;
import coco.crypto.Hex;
import coco.journal.JournalException;
import coco.journal.JournalLimits;
import coco.journal.JournalVerifier;
import coco.journal.Report;
import coco.journal.SealRoot;
import coco.node.recovery.RecordedDecisions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/** {@code coco journal}: only a list of commands. */
@Command(
        name = "journal",
        mixinStandardHelpOptions = true,
        description = "Journals, offline.",
        subcommands = {JournalCommand.Verify.class, JournalOpenCommand.class})
final class JournalCommand {
    /** {@code coco journal verify}. */
    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description = "Verifies a journal from its files, and from what else you have.",
            footer = {"", "Exit code 0 valid, 1 invalid, 3 valid as far as it goes but not complete."})
    static final class Verify implements Callable<Integer> {
        private final Console console;

        @Parameters(paramLabel = "DIR", description = "A journal's folder, or a node's.")
        private Path folder = Path.of("");

        @Option(
                names = "--service-cert",
                paramLabel = "FILE",
                description = "service.pem, as its members gave it to you. Without it the files are only compared with"
                        + " themselves.")
        private @Nullable Path serviceCertificate;

        @Option(
                names = "--seal-roots",
                paramLabel = "FILE",
                description = "Seal roots of epochs that were opened to you, one a line: EPOCH and 64 hexadecimal"
                        + " digits. What is sealed under them is checked too.")
        private @Nullable Path sealRoots;

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
            X509Certificate certificate = certificate();
            Report report = verify(journal, certificate, JournalVerifier.SealRoots.NONE);
            if (sealRoots != null && report.blocks() > 0) {
                // Roots are bound to the service, whose id the first pass has found.
                report = verify(journal, certificate, roots(sealRoots, Hex.decode(report.serviceId())));
            }
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

        private static Report verify(
                Path journal, @Nullable X509Certificate certificate, JournalVerifier.SealRoots roots) {
            try {
                return new JournalVerifier(new ServiceMaps(), new RecordedDecisions(), roots, JournalLimits.DEFAULT)
                        .verify(journal, certificate);
            } catch (JournalException e) {
                throw new CliException(
                        "the journal cannot be read: " + e.getMessage(), "Check the rights of " + journal + ".", e);
            }
        }

        private @Nullable X509Certificate certificate() {
            return serviceCertificate == null ? null : new KnownService(serviceCertificate).certificate();
        }

        private static JournalVerifier.SealRoots roots(Path file, byte[] serviceId) {
            Map<Long, SealRoot> roots = new HashMap<>();
            try {
                for (String line : Files.readAllLines(file)) {
                    String[] parts = line.strip().split("\\s+", -1);
                    if (parts.length != 2 || !parts[0].matches("[0-9]{1,18}") || !parts[1].matches("[0-9a-fA-F]{64}")) {
                        throw CliException.usage(
                                "a line of " + file + " is no epoch and seal root",
                                "Each line has a number and 64 hexadecimal digits.");
                    }
                    long epoch = Long.parseLong(parts[0]);
                    roots.put(epoch, new SealRoot(serviceId, epoch, Hex.decode(parts[1])));
                }
            } catch (IOException e) {
                throw CliException.usage("the seal roots cannot be read from " + file, "Name a file that exists.");
            }
            return roots::get;
        }
    }
}
