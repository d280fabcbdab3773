package coco.cli.governance;

import static org.assertj.core.api.Assertions.assertThat;

import coco.cli.Main;
import coco.cli.console.Console;
import coco.cli.governance.ActionArguments.Argument;
import coco.cli.member.MemberFiles;
import coco.cli.member.MemberSigners;
import coco.governance.Action;
import coco.governance.ActionKind;
import coco.governance.document.DocumentException;
import coco.governance.document.Documents;
import coco.governance.document.Fields;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.node.ObjectNode;

/** Commands made from the catalogue of actions, and the files that members give them. */
final class ActionCommandsTest {
    private static final Duration LIFE = Duration.ofDays(10);

    @TempDir
    private Path directory = Path.of("");

    /** What an option is given so that its form, whatever the action says, can be seen to hold. */
    private String sample(Argument argument) throws Exception {
        MemberFiles files = new MemberFiles(directory, "alice", new SecureRandom());
        if (Files.notExists(files.key())) {
            files.makeSigningKey(Instant.now(), LIFE, null);
            files.makeRecoveryKey(false, null);
        }
        return switch (argument.form()) {
            case TEXT -> argument.name().equals("measurement") ? "ab".repeat(32) : "simulated";
            case NUMBER -> argument.name().equals("blockMaxBytes") ? "1000000" : "3";
            case LIST -> argument.name().equals("roles") ? "operator" : "";
            case FILE -> files.certificate().toString();
            case KEY -> files.recoveryPublicKey().toString();
            case DOCUMENT -> "{}";
        };
    }

    @ParameterizedTest
    @EnumSource(ActionKind.class)
    void shouldHaveAnOptionForEachArgumentInTheFormThatTheActionTakes(ActionKind kind) throws Exception {
        ObjectNode json = Documents.object().put("name", kind.word());
        ObjectNode arguments = json.putObject("arguments");
        for (Argument argument : ActionArguments.of(kind)) {
            assertThat(argument.option()).matches("--[a-z][a-z-]*");
            String text = sample(argument);
            if (!text.isEmpty()) {
                ActionArguments.put(arguments, argument, text);
            }
        }
        String problem = problem(json);
        // Values may not fit each other, or be none of a list's; names and kinds of values have to be right.
        assertThat(problem)
                .doesNotContain("unknown key", "must be a string", "must be a whole number", "must be a list");
        assertThat(problem).doesNotContain("must be one X.509 certificate", "must be a public key");
        assertThat(usage(ActionArguments.command(kind)))
                .contains(ActionArguments.command(kind), "--dry-run", "--signer");
    }

    private static String problem(ObjectNode json) {
        try {
            return Action.read(new Fields(json, "")).name();
        } catch (DocumentException malformed) {
            return String.valueOf(malformed.getMessage());
        }
    }

    private static String usage(String command) {
        return run("gov", "propose", command, "--help");
    }

    private static String run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            PrintStream quiet = new PrintStream(out, true, StandardCharsets.UTF_8);
            assertThat(Main.run(new Console(quiet, quiet, false, false), Map.of(), arguments))
                    .isZero();
        } finally {
            System.setOut(before);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldKeepPrivateKeysToTheirOwnerAndNeverOverwriteThem() throws Exception {
        MemberFiles files = new MemberFiles(directory, "bob", new SecureRandom());
        files.makeSigningKey(Instant.now(), LIFE, "secret words".toCharArray());
        files.makeRecoveryKey(true, "secret words".toCharArray());
        for (Path secret : new Path[] {files.key(), files.recoveryKey()}) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
                    .isEqualTo("rw-------");
            assertThat(Files.readString(secret)).startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----");
        }
        String before = Files.readString(files.key());
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        int code = Main.run(
                new Console(stream, stream, false, false),
                Map.of(),
                "member",
                "init",
                "bob",
                "--out",
                directory.toString());
        assertThat(code).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("exists already");
        assertThat(Files.readString(files.key())).isEqualTo(before);
    }

    @Test
    void shouldOpenWhatItEncryptedWithItsPassphrase() {
        MemberFiles files = new MemberFiles(directory, "carol", new SecureRandom());
        files.makeSigningKey(Instant.now(), LIFE, "secret words".toCharArray());
        try (var signer = MemberSigners.open("file:" + files.key(), null, true, "secret words".toCharArray())) {
            assertThat(signer.sign(new byte[3])).hasSize(64);
        }
    }
}
