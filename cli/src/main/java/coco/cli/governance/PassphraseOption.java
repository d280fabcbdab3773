package coco.cli.governance;

import coco.cli.console.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The passphrase of private keys: from a file, so that it stands on no command line. */
final class PassphraseOption {
    @Option(
            names = "--passphrase-file",
            paramLabel = "FILE",
            description = "File whose first line is the passphrase of the private keys.")
    private @Nullable Path file;

    /**
     * The passphrase; null if none was named.
     *
     * @throws CliException the file cannot be read, or its first line is empty
     */
    char @Nullable [] read() {
        if (file == null) {
            return null;
        }
        try {
            String first = Files.readString(file).lines().findFirst().orElse("");
            if (first.isEmpty()) {
                throw CliException.usage("the first line of " + file + " is empty", "It is the passphrase.");
            }
            return first.toCharArray();
        } catch (IOException e) {
            throw new CliException(file + " cannot be read: " + e.getMessage(), "Name a file.", e);
        }
    }
}
