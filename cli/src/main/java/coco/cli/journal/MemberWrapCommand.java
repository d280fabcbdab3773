package coco.cli.journal;

import coco.cli.console.CliException;
import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.cli.member.MemberKeys;
import coco.cli.member.PublicKeyFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code coco member wrap}. */
@Command(
        name = "wrap",
        mixinStandardHelpOptions = true,
        description = "Wraps a recovery key by an RSA key that does not leave its token.",
        footer = {
            "",
            "Afterwards the wrapped file opens with --token only. Try it (coco member shares), then destroy the key",
            "that lies in clear."
        })
public final class MemberWrapCommand implements Callable<Integer> {
    private final Console console;

    @Option(names = "--recovery-key", required = true, paramLabel = "FILE", description = "The recovery key.")
    private Path key = Path.of("");

    @Option(
            names = "--wrapping-key",
            required = true,
            paramLabel = "FILE",
            description = "Public part of the token's RSA key, in PEM.")
    private Path wrapping = Path.of("");

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "Where the wrapped key goes.")
    private Path out = Path.of("");

    MemberWrapCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        String wrapped = MemberKeys.wrapped(key, PublicKeyFile.read(wrapping));
        try {
            Files.createFile(out, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(out, wrapped.getBytes(StandardCharsets.US_ASCII), StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new CliException(out + " cannot be written: " + e.getMessage(), "Choose another with --out.", e);
        }
        console.result("wrapped      " + out);
        return ExitCode.OK.code();
    }
}
