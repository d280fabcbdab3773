package coco.systemtests.processes;

import static org.assertj.core.api.Assertions.assertThat;

import coco.cli.Main;
import coco.cli.console.Console;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The {@code coco} command, for one network's folder, as a person at a terminal has it. */
record CocoCommands(Path directory) {
    /** How a command ended, and what it printed. */
    record Ended(int code, String printed) {}

    /** What a command printed; it must have ended well. */
    String run(String... words) {
        Ended ended = tried(words);
        assertThat(ended.code())
                .as("%s printed %s", List.of(words), ended.printed())
                .isZero();
        return ended.printed();
    }

    /** How a command ended, well or not. */
    Ended tried(String... words) {
        String[] arguments = Stream.concat(Stream.of(words), Stream.of("--dir", directory.toString()))
                .toArray(String[]::new);
        return anywhere(arguments);
    }

    /**
     * Makes a development account a user of an organisation, and signs it in.
     *
     * @param signer of the organisation
     * @param file where the session's token is kept
     * @return the token
     */
    String signIn(String signer, Path file) {
        run("access", "enrol", "--account", "0", "--signer", signer);
        run("access", "login", "--account", "0", "--token-file", file.toString());
        try {
            return Files.readString(file).strip();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** A command that is of no network. */
    static Ended anywhere(String... arguments) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        int code = Main.run(new Console(out, out, false, false), Map.of(), arguments);
        return new Ended(code, bytes.toString(StandardCharsets.UTF_8));
    }
}
