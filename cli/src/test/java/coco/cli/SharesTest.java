package coco.cli;

import static org.assertj.core.api.Assertions.assertThat;

import coco.cli.console.Console;
import coco.cli.network.NetworkFolder;
import coco.cli.network.PortPlan;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members and an auditor with the files of a network that was founded, and no node. */
final class SharesTest {
    private static final List<String> MEMBERS = List.of("alice", "bob", "carol");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path directory = Path.of("");

    private NetworkFolder network = new NetworkFolder(Path.of(""));

    private int run(String... args) {
        out.reset();
        err.reset();
        Console console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false);
        return Main.run(console, Map.of(), args);
    }

    private String results() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String messages() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private Path file(String name) {
        return directory.resolve(name);
    }

    /** A command with the journal and the certificate that are meant. */
    private int journal(List<String> command, String... more) {
        List<String> line = new ArrayList<>(command);
        line.add(network.node(1).toString());
        line.add("--service-cert");
        line.add(network.serviceCertificate().toString());
        line.addAll(List.of(more));
        return run(line.toArray(String[]::new));
    }

    private int asMember(String command, String member, String... more) {
        List<String> options = new ArrayList<>(List.of(
                "--member",
                member,
                "--recovery-key",
                file(member + ".recovery.key").toString()));
        options.addAll(List.of(more));
        return journal(List.of("member", command), options.toArray(String[]::new));
    }

    @BeforeEach
    void found() {
        network = new NetworkFolder(file("network"));
        List<String> init = new ArrayList<>(List.of("init", "--preset", "consortium", "--recovery-threshold", "2"));
        init.addAll(List.of("--dir", network.root().toString()));
        init.addAll(List.of("--port", Integer.toString(PortPlan.freeBase(MEMBERS.size()))));
        for (String member : MEMBERS) {
            String kind = member.equals("alice") ? "rsa" : "ec";
            assertThat(run("member", "init", member, "--out", directory.toString(), "--recovery", kind))
                    .isZero();
            init.addAll(List.of("--member", member + "=" + file(member + ".pem")));
            init.addAll(List.of("--recovery-key", member + "=" + file(member + ".recovery.pub")));
            init.addAll(List.of("--owner", member + "=file:" + file(member + ".key")));
        }
        assertThat(run(init.toArray(String[]::new))).as(messages()).isZero();
        assertThat(run("member", "init", "auditor", "--out", directory.toString(), "--recovery", "ec"))
                .isZero();
    }

    @Test
    void shouldShowEachMemberItsShareAndTellWhenTheKeyIsAnother() {
        for (String member : MEMBERS) {
            assertThat(asMember("shares", member)).as(messages()).isZero();
            assertThat(results()).contains("epoch 0", "2 of 3", "share " + (MEMBERS.indexOf(member) + 1) + " is right");
        }
        assertThat(journal(
                        List.of("member", "shares"),
                        "--member",
                        "alice",
                        "--recovery-key",
                        file("bob.recovery.key").toString()))
                .isEqualTo(1);
        assertThat(results()).contains("not encrypted to this key");
        assertThat(asMember("shares", "auditor")).isZero();
        assertThat(results()).contains("no share for auditor");
        assertThat(asMember("shares", "bob", "--json")).isZero();
        assertThat(results()).contains("\"found\" : \"right\"", "\"number\" : 2");
    }

    private Path request() {
        Path request = file("request.json");
        assertThat(journal(
                        List.of("audit", "request"),
                        "--epoch",
                        "0",
                        "--key",
                        file("auditor.recovery.pub").toString(),
                        "--asker",
                        "Auditors and Co",
                        "--reason",
                        "yearly audit",
                        "--out",
                        request.toString()))
                .as(messages())
                .isZero();
        assertThat(results()).contains("2 of: alice, bob, carol");
        return request;
    }

    private Path answer(String member, Path request) {
        Path answer = file(member + ".answer");
        assertThat(asMember("share", member, "--epoch", "0", "--to", request.toString(), "--out", answer.toString()))
                .as(messages())
                .isZero();
        assertThat(results()).contains("Auditors and Co: yearly audit");
        return answer;
    }

    private int open(Path to, Path... answers) {
        List<String> more = new ArrayList<>();
        for (Path answer : answers) {
            more.add(answer.toString());
        }
        more.addAll(
                List.of("--epoch", "0", "--key", file("auditor.recovery.key").toString(), "--out", to.toString()));
        return journal(List.of("audit", "open"), more.toArray(String[]::new));
    }

    @Test
    void shouldOpenTheEpochForAnAuditorWithMAnswersAndNotWithFewer() throws IOException {
        Path request = request();
        Path alice = answer("alice", request);
        Path bob = answer("bob", request);
        Path to = file("epoch-0.jsonl");
        assertThat(open(to, alice)).isEqualTo(1);
        assertThat(messages()).contains("1 more of the members' shares");
        assertThat(open(to, alice, alice)).as("the same one twice").isEqualTo(1);
        assertThat(Files.exists(to)).isFalse();
        assertThat(open(to, bob, alice)).as(messages()).isZero();
        assertThat(results()).contains("epochs        [0]", "blocks        1");
        assertThat(Files.readString(to)).contains("\"block\":0", "\"ledger\":\"ethereum\"");
        assertThat(Files.getPosixFilePermissions(to)).hasSize(2);
        assertThat(Files.readString(file("bob.recovery.key.answers.jsonl")))
                .contains("\"epoch\":0", "\"asker\":\"Auditors and Co\"");
    }

    @Test
    void shouldGiveNothingAwayForARequestThatIsNotMeant() throws IOException {
        Path request = request();
        Path answer = file("answer");
        assertThat(asMember("share", "bob", "--epoch", "5", "--to", request.toString(), "--out", answer.toString()))
                .isEqualTo(2);
        assertThat(messages()).contains("asks for epoch 0");
        for (String[] change : new String[][] {
            {"\"epoch\" : 0", "\"epoch\" : 7"}, {"\"service\" : \"", "\"service\" : \"00"}, {"request 1", "request 2"}
        }) {
            Path changed =
                    Files.writeString(file("changed"), Files.readString(request).replace(change[0], change[1]));
            String epoch = change[1].contains("7") ? "7" : "0";
            assertThat(asMember(
                            "share", "bob", "--epoch", epoch, "--to", changed.toString(), "--out", answer.toString()))
                    .as(change[1])
                    .isEqualTo(1);
        }
        assertThat(Files.exists(answer)).isFalse();
        assertThat(Files.exists(file("bob.recovery.key.answers.jsonl"))).isFalse();
    }

    @Test
    void shouldGiveNothingAwayForAJournalThatIsNotProven() throws IOException {
        Path request = request();
        Path chunk = network.node(1).resolve("journal/00000000000000000000.chunk");
        byte[] bytes = Files.readAllBytes(chunk);
        bytes[500] ^= 1;
        Files.write(chunk, bytes);
        assertThat(asMember(
                        "share",
                        "bob",
                        "--epoch",
                        "0",
                        "--to",
                        request.toString(),
                        "--out",
                        file("a").toString()))
                .isEqualTo(1);
        assertThat(messages()).contains("nothing is proven");
        assertThat(Files.exists(file("a"))).isFalse();
    }

    @Test
    void shouldOpenTheJournalForMembersWhoSitTogether() {
        String[] two = {
            "--recovery-key",
            "carol=" + file("carol.recovery.key"),
            "--recovery-key",
            "alice=" + file("alice.recovery.key")
        };
        List<String> open = List.of("journal", "open");
        assertThat(journal(open, "--all", two[0], two[1], "--out", file("few").toString()))
                .isEqualTo(1);
        assertThat(messages()).contains("1 more of the members' shares");
        assertThat(journal(
                        open,
                        "--all",
                        two[0],
                        two[1],
                        two[2],
                        two[3],
                        "--out",
                        file("all").toString()))
                .as(messages())
                .isZero();
        assertThat(results()).contains("epochs        [0]");
        assertThat(journal(
                        open,
                        "--epoch",
                        "0",
                        two[0],
                        two[1],
                        two[2],
                        two[3],
                        "--out",
                        file("all").toString()))
                .as("a file that is there already")
                .isEqualTo(1);
        Map<String, Integer> wrong = Map.of("3", 1, "-1", 1);
        wrong.forEach((epoch, code) -> assertThat(journal(
                        open,
                        "--epoch",
                        epoch,
                        two[0],
                        two[1],
                        "--out",
                        file("none").toString()))
                .isEqualTo(code));
        assertThat(messages()).contains("was not dealt in this journal");
    }
}
