package coco.cli.member;

import coco.cli.console.CliException;
import coco.client.ClientLimits;
import coco.client.signing.OpenSigner;
import coco.client.signing.Secrets;
import coco.client.signing.SignerIdentity;
import coco.client.signing.Signers;
import coco.governance.cose.SignerException;
import java.io.Console;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Opens members' keys as the command line names them. */
public final class MemberSigners {
    private static final String FILE = "file:";

    private MemberSigners() {}

    /**
     * Opens a key.
     *
     * @param uri see {@link Signers#open}
     * @param certificates file with the key's certificate and what leads from it to the member's entry; null: beside a
     *     key file, with .pem in place of .key
     * @param entry whether the certificate itself is the member's entry, and not an authority above it
     * @param passphrase of the key; null: from the environment, or asked for
     * @throws CliException it cannot be used
     */
    public static OpenSigner open(
            String uri, @Nullable Path certificates, boolean entry, char @Nullable [] passphrase) {
        Path file = certificates;
        if (file == null && uri.startsWith(FILE)) {
            file = Path.of(uri.substring(FILE.length()).replaceAll("\\.key$", "") + ".pem");
        }
        if (file == null) {
            throw CliException.usage(
                    "the certificate of the key " + uri + " is not known", "Name its file with --certificate-file.");
        }
        try {
            return Signers.open(uri, SignerIdentity.read(file, entry), secrets(passphrase), ClientLimits.DEFAULT);
        } catch (SignerException failed) {
            throw new CliException(
                    "the key " + uri + " cannot be used: " + failed.getMessage(),
                    "See that it is yours, and that " + file + " holds its certificate.",
                    failed);
        }
    }

    static Secrets secrets(char @Nullable [] passphrase) {
        return new Secrets() {
            @Override
            public @Nullable String environment(String name) {
                return System.getenv(name);
            }

            @Override
            public char @Nullable [] ask(String prompt) {
                if (passphrase != null) {
                    return passphrase.clone();
                }
                return Optional.ofNullable(System.console())
                        .filter(Console::isTerminal)
                        .map(console -> console.readPassword("%s: ", prompt))
                        .orElse(null);
            }
        };
    }
}
