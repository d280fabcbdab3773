package coco.cli.governance;

import static org.assertj.core.api.Assertions.assertThat;

import coco.cli.Main;
import coco.cli.console.Console;
import coco.cli.network.LocalNetwork;
import coco.cli.network.NetworkFolder;
import coco.cli.network.PortPlan;
import coco.governance.document.Documents;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The README's walk through governance: three members, three nodes, and nothing but the command. */
@Tag("processes")
final class GovernanceIT {
    private static final List<String> MEMBERS = List.of("alice", "bob", "carol");

    @TempDir
    private Path directory = Path.of("");

    private NetworkFolder network = new NetworkFolder(Path.of(""));

    /** What a command said and how it ended. */
    private record Ran(int code, String results, String messages) {
        JsonNode json() {
            return Documents.json(results.getBytes(StandardCharsets.UTF_8), "");
        }
    }

    @AfterEach
    void stop() {
        if (Files.exists(network.description())) {
            LocalNetwork.stop(LocalNetwork.open(network).running());
        }
    }

    @Test
    @Tag("N1")
    @Tag("N2")
    @Tag("N24")
    @Tag("N28")
    void shouldGovernByTheCommandAlone() throws Exception {
        found();
        assertThat(run("up", "--dir", network.root().toString(), "--heap", "256", "--detach")
                        .code())
                .isZero();

        CompletableFuture<Ran> watching =
                CompletableFuture.supplyAsync(() -> as("carol", "watch", "--count", "4", "--json"));
        open();
        rejected();
        withdrawn();
        refused();

        List<String> states = new ArrayList<>();
        as("carol", "show", "--json")
                .json()
                .required("proposals")
                .forEach(proposal -> states.add(proposal.required("summary").asString() + " "
                        + proposal.required("state").asString()));
        assertThat(states).containsExactly("let us begin accepted", "larger blocks rejected", " withdrawn");
        assertThat(as("bob", "history").results().lines())
                .anyMatch(line -> line.contains("alice") && line.contains("proposed"))
                .anyMatch(line -> line.contains("bob") && line.contains("accepted"))
                .anyMatch(line -> line.contains("carol") && line.contains("withdrawn"));
        assertThat(watching.get(60, TimeUnit.SECONDS).code()).isZero();
        assertThat(watching.get().results().lines()).hasSize(4).allMatch(line -> line.contains("\"height\""));
        assertThat(run("down", "--dir", network.root().toString()).code()).isZero();
        Ran verified = run(
                "journal",
                "verify",
                network.node(2).toString(),
                "--service-cert",
                network.serviceCertificate().toString());
        assertThat(verified.code()).as(verified.results()).isZero();
    }

    private void found() {
        network = new NetworkFolder(directory.resolve("network"));
        List<String> init = new ArrayList<>(List.of(
                "init",
                "--preset",
                "consortium",
                "--dir",
                network.root().toString(),
                "--port",
                Integer.toString(PortPlan.freeBase(MEMBERS.size()))));
        for (String member : MEMBERS) {
            Ran made = run("member", "init", member, "--out", directory.toString(), "--recovery", "ec");
            assertThat(made.code()).as(made.messages()).isZero();
            assertThat(made.results()).containsPattern("fingerprint +[0-9a-f]{64}");
            init.addAll(List.of("--member", member + "=" + directory.resolve(member + ".pem")));
            init.addAll(List.of("--recovery-key", member + "=" + directory.resolve(member + ".recovery.pub")));
            init.addAll(List.of("--owner", member + "=file:" + directory.resolve(member + ".key")));
        }
        Ran founded = run(init.toArray(String[]::new));
        assertThat(founded.code()).as(founded.messages()).isZero();
    }

    private void open() {
        Ran before = as("alice", "propose", "open-service", "--dry-run");
        assertThat(before.code()).isZero();
        assertThat(before.results())
                .contains("- status: opening", "+ status: open", "no ballot yet from alice, bob, carol");
        String id = propose("alice", "open-service", "--summary", "let us begin");
        assertThat(as("alice", "vote", id, "--accept").results()).contains("it is open", "bob, carol");
        assertThat(as("bob", "vote", id.substring(0, 8), "--accept").results()).contains("it is accepted");
        assertThat(as("carol", "show", id).results())
                .contains("summary    let us begin", "alice accepts", "bob accepts", "it is accepted");
        assertThat(as("carol", "constitution").results()).contains("\"status\" : \"open\"");
    }

    private void rejected() {
        String id = propose(
                "bob",
                "set-limits",
                "--batch-max-transactions",
                "9",
                "--batch-min-interval-millis",
                "0",
                "--block-max-bytes",
                "1000000",
                "--pipeline-window",
                "2",
                "--summary",
                "larger blocks");
        assertThat(as("alice", "vote", id, "--accept").code()).isZero();
        assertThat(as("alice", "vote", id, "--reject").results()).contains("it is open");
        assertThat(as("carol", "vote", id, "--reject").results()).contains("it is rejected");
        assertThat(as("carol", "constitution").results()).doesNotContain("\"batchMaxTransactions\" : 9,");
    }

    private void withdrawn() {
        String id = propose("carol", "new-epoch");
        Ran another = as("alice", "withdraw", id);
        assertThat(another.code()).isEqualTo(1);
        assertThat(another.messages()).contains("not-proposer");
        assertThat(as("carol", "withdraw", id).results()).contains("it is withdrawn");
        Ran late = as("bob", "vote", id, "--accept");
        assertThat(late.code()).isEqualTo(1);
        assertThat(late.messages()).contains("not-open", "coco gov show");
    }

    private void refused() throws Exception {
        assertThat(run("member", "init", "mallory", "--out", directory.toString())
                        .code())
                .isZero();
        Ran stranger = as("mallory", "show");
        assertThat(stranger.code()).isEqualTo(1);
        assertThat(stranger.messages()).contains("403", "certificate");

        Path other = directory.resolve("other.pem");
        Files.copy(directory.resolve("mallory.pem"), other);
        Ran impostor = run(
                "gov",
                "show",
                "--network",
                LocalNetwork.open(network).administrativeUrl(1).toString(),
                "--service-cert",
                other.toString(),
                "--signer",
                "file:" + directory.resolve("alice.key"));
        assertThat(impostor.code()).isEqualTo(1);
        assertThat(impostor.messages()).contains("no node of the service answers");

        Ran impossible = as("alice", "propose", "remove-node", "--id", "nowhere", "--dry-run");
        assertThat(impossible.code()).isEqualTo(1);
        assertThat(impossible.results()).contains("it would change nothing");
    }

    private String propose(String member, String... action) {
        List<String> command = new ArrayList<>(List.of("propose"));
        command.addAll(Arrays.asList(action));
        command.add("--json");
        Ran proposed = as(member, command.toArray(String[]::new));
        assertThat(proposed.code()).as(proposed.messages()).isZero();
        return proposed.json().required("id").asString();
    }

    private Ran as(String member, String... command) {
        List<String> whole = new ArrayList<>(List.of("gov"));
        whole.addAll(Arrays.asList(command));
        whole.addAll(
                List.of("--dir", network.root().toString(), "--signer", "file:" + directory.resolve(member + ".key")));
        return run(whole.toArray(String[]::new));
    }

    private static Ran run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false);
        int code = Main.run(console, Map.of(), arguments);
        return new Ran(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
