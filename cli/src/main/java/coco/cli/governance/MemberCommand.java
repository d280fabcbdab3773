package coco.cli.governance;

import coco.cli.console.CliException;
import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.cli.journal.MemberShareCommand;
import coco.cli.journal.MemberSharesCommand;
import coco.cli.journal.MemberWrapCommand;
import coco.cli.member.MemberFiles;
import coco.crypto.Certificates;
import coco.crypto.CryptoException;
import coco.governance.document.Documents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ObjectNode;

/** {@code coco member}: keys and certificates of a member. */
@Command(
        name = "member",
        mixinStandardHelpOptions = true,
        description = "Makes and shows the keys of a member, and the shares that it was dealt.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            MemberCommand.Init.class,
            MemberCommand.Show.class,
            MemberCommand.Renew.class,
            MemberSharesCommand.class,
            MemberShareCommand.class,
            MemberWrapCommand.class,
            MemberHeadCommand.class
        })
public final class MemberCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }

    /** What is asked of whoever makes keys. */
    static final class KeyOptions {
        @Parameters(paramLabel = "ID", description = "The member's id in the constitution, such as alice.")
        private String id = "";

        @Option(names = "--out", paramLabel = "DIR", description = "Where the files go (default: the current folder).")
        private Path folder = Path.of("");

        @Option(
                names = "--days",
                paramLabel = "N",
                description = "Life of the certificate (default: ${DEFAULT-VALUE}).")
        private int days = 730;

        @Option(
                names = "--csr",
                description = "Makes a request for a certificate (PKCS #10), for an authority of your organisation,"
                        + " instead of a certificate.")
        private boolean request;

        @Mixin
        private PassphraseOption passphrase = new PassphraseOption();

        private MemberFiles files() {
            if (!id.matches("[a-z][a-z0-9-]{0,31}")) {
                throw CliException.usage(
                        "'" + id + "' is no id of a member",
                        "An id is a lower-case letter, then up to 31 lower-case letters, digits or '-'.");
            }
            return new MemberFiles(folder, id, new SecureRandom());
        }

        /** Makes the signing key; gives the certificate, or null where one was asked for. */
        private @Nullable X509Certificate make(MemberFiles files, char @Nullable [] secret) {
            if (request) {
                files.makeRequest(secret);
                return null;
            }
            return files.makeSigningKey(InstantSource.system().instant(), Duration.ofDays(days), secret);
        }

        private void tell(Console console, MemberFiles files, @Nullable X509Certificate certificate) {
            console.result("key          " + files.key());
            if (certificate == null) {
                console.result("request      " + files.request());
            } else {
                console.result("certificate  " + files.certificate());
                console.result("fingerprint  " + fingerprint(certificate));
            }
        }
    }

    /** {@code coco member init}. */
    @Command(
            name = "init",
            mixinStandardHelpOptions = true,
            description = "Makes a signing key with its certificate, and a recovery key.",
            footer = {
                "",
                "Private keys never leave this machine: a constitution holds the certificate and the public recovery",
                "key. Keep the recovery key apart from the signing key; it is needed when a majority of nodes is lost."
            })
    static final class Init implements Callable<Integer> {
        private final Console console;

        @Mixin
        private KeyOptions options = new KeyOptions();

        @Option(
                names = "--recovery",
                paramLabel = "KIND",
                description = "Kind of the recovery key: rsa (3072 bits), ec (P-256) or none (default:"
                        + " ${DEFAULT-VALUE}).")
        private Recovery recovery = Recovery.RSA;

        Init(Console console) {
            this.console = console;
        }

        /** Kinds of recovery keys. */
        enum Recovery {
            RSA,
            EC,
            NONE
        }

        @Override
        public Integer call() {
            MemberFiles files = options.files();
            char[] secret = options.passphrase.read();
            X509Certificate certificate = options.make(files, secret);
            options.tell(console, files, certificate);
            if (recovery != Recovery.NONE) {
                files.makeRecoveryKey(recovery == Recovery.RSA, secret);
                console.result("recovery     " + files.recoveryKey() + ", public part " + files.recoveryPublicKey());
            }
            if (secret == null) {
                console.note("The keys lie in clear, readable by you alone. Encrypt them with --passphrase-file.");
            }
            String recoveryOption = recovery == Recovery.NONE
                    ? ""
                    : " --recovery-key " + files.recoveryPublicKey().getFileName();
            console.note("Give certificate and public recovery key to the other members, and tell them the fingerprint"
                    + " another way. One of them proposes:");
            console.note("  coco gov propose add-member --id " + options.id + " --certificate "
                    + files.certificate().getFileName() + recoveryOption);
            return ExitCode.OK.code();
        }
    }

    /** {@code coco member renew}. */
    @Command(
            name = "renew",
            mixinStandardHelpOptions = true,
            description =
                    "Makes a new signing key with its certificate. The old one signs the proposal that replaces it.")
    static final class Renew implements Callable<Integer> {
        private final Console console;

        @Mixin
        private KeyOptions options = new KeyOptions();

        Renew(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            MemberFiles files = options.files();
            options.tell(console, files, options.make(files, options.passphrase.read()));
            console.note("Propose it with the old key, which counts until the vote is over:");
            console.note(
                    "  coco gov propose renew-member --id " + options.id + " --certificate " + files.certificate());
            return ExitCode.OK.code();
        }
    }

    /** {@code coco member show}. */
    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Shows a certificate as other members compare it.")
    static final class Show implements Callable<Integer> {
        private final Console console;

        @Parameters(paramLabel = "CERT", description = "A certificate in PEM.")
        private Path file = Path.of("");

        @Option(names = "--json", description = "For programs.")
        private boolean json;

        Show(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            X509Certificate certificate = read(file);
            ObjectNode shown = Documents.object()
                    .put("subject", certificate.getSubjectX500Principal().getName())
                    .put("issuer", certificate.getIssuerX500Principal().getName())
                    .put("notBefore", certificate.getNotBefore().toInstant().toString())
                    .put("notAfter", certificate.getNotAfter().toInstant().toString())
                    .put("fingerprint", fingerprint(certificate));
            if (json) {
                console.result(ServiceConnection.pretty(shown));
            } else {
                shown.propertyStream()
                        .forEach(line -> console.result(String.format(
                                Locale.ROOT,
                                "%-12s %s",
                                line.getKey(),
                                line.getValue().asString())));
            }
            return ExitCode.OK.code();
        }

        private static X509Certificate read(Path file) {
            try {
                return Certificates.fromPem(Files.readString(file));
            } catch (IOException | CryptoException e) {
                throw new CliException(
                        "no certificate can be read from " + file + ": " + e.getMessage(),
                        "Give a file with one X.509 certificate in PEM form.",
                        e);
            }
        }
    }

    private static String fingerprint(X509Certificate certificate) {
        return HexFormat.of().formatHex(Certificates.fingerprint(certificate));
    }
}
