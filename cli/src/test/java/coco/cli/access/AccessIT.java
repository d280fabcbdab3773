package coco.cli.access;

import static org.assertj.core.api.Assertions.assertThat;

import coco.cli.Main;
import coco.cli.console.Console;
import coco.cli.network.KnownAccounts;
import coco.cli.network.LocalNetwork;
import coco.cli.network.NetworkFolder;
import coco.cli.network.PortPlan;
import coco.governance.document.Documents;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The README's walk through signing in, with nothing but the command and JSON-RPC. */
@Tag("processes")
final class AccessIT {
    /** Longer than an explanation takes, on a busy machine too: then one step is what it waits for. */
    private static final Duration GRID = Duration.ofSeconds(1);

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String OWN = KnownAccounts.ALL.getFirst().address();

    @TempDir
    private Path directory = Path.of("");

    private NetworkFolder network = new NetworkFolder(Path.of(""));

    private record Ran(int code, String results, String messages) {}

    @AfterEach
    void stop() {
        if (Files.exists(network.description())) {
            LocalNetwork.stop(LocalNetwork.open(network).running());
        }
    }

    private Ran run(String... words) {
        ByteArrayOutputStream results = new ByteArrayOutputStream();
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        Console console = new Console(
                new PrintStream(results, true, StandardCharsets.UTF_8),
                new PrintStream(messages, true, StandardCharsets.UTF_8),
                false,
                false);
        int code = Main.run(console, Map.of(), words);
        return new Ran(code, results.toString(StandardCharsets.UTF_8), messages.toString(StandardCharsets.UTF_8));
    }

    private Ran access(String... words) {
        List<String> all = new ArrayList<>(List.of("access"));
        all.addAll(Arrays.asList(words));
        all.addAll(List.of("--dir", network.root().toString()));
        return run(all.toArray(String[]::new));
    }

    private Ran session(String... words) {
        List<String> all = new ArrayList<>(Arrays.asList(words));
        all.addAll(List.of("--token-file", directory.resolve("token").toString()));
        return access(all.toArray(String[]::new));
    }

    private static JsonNode rpc(URI url, String token, String method, String params) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            String body = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":" + params + "}";
            HttpRequest.Builder request = HttpRequest.newBuilder(url).POST(BodyPublishers.ofString(body));
            if (!token.isEmpty()) {
                request.header("Authorization", "Bearer " + token);
            }
            byte[] reply =
                    http.send(request.build(), BodyHandlers.ofByteArray()).body();
            return Documents.json(reply, "");
        }
    }

    @Test
    void shouldSignInAndOutByTheCommandAlone() throws Exception {
        network = new NetworkFolder(directory.resolve("network"));
        String port = Integer.toString(PortPlan.freeBase(1));
        Ran up = run(
                "up", "--nodes", "1", "--dir", network.root().toString(), "--port", port, "--heap", "256", "--detach");
        assertThat(up.code()).as(up.messages()).isZero();
        URI plain = LocalNetwork.open(network).rpcUrl(1);

        Ran early = session("sessions");
        assertThat(early.code()).isEqualTo(1);
        assertThat(early.messages()).contains("there is no session", "coco access login");
        Ran enrolled = access("enrol", "--account", "0", "--tx-per-second", "5");
        assertThat(enrolled.code()).as(enrolled.messages()).isZero();
        assertThat(access("users").results()).contains(OWN.toLowerCase(Locale.ROOT) + "  5 tx/s");
        assertThat(access("enrol", OWN.replace("0xf", "0xe")).messages()).contains("signature", "has not signed");

        Ran login = session("login", "--account", "0");
        assertThat(login.code()).as(login.messages()).isZero();
        assertThat(login.results()).contains("signed in as " + OWN);
        Path file = directory.resolve("token");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        String token = Files.readString(file).strip();
        assertThat(rpc(plain, token, "eth_blockNumber", "[]").has("result")).isTrue();
        assertThat(rpc(plain, token, "eth_call", "[{\"from\":\"0x" + "11".repeat(20) + "\"}]")
                        .toString())
                .contains("from must be the account that is signed in");

        String nothing = "0x" + "22".repeat(20);
        Ran explained = session("explain", "--contract", nothing);
        assertThat(explained.code()).as(explained.messages()).isEqualTo(1);
        assertThat(explained.results()).contains(OWN + " does not see " + nothing, "decides      nothing");
        Ran others = session("explain", "--contract", nothing, "--user", "0x" + "11".repeat(20));
        assertThat(others.messages()).contains("of-itself");
        assertThat(session("explain", "--contract", nothing, "--nobody").results())
                .contains("nobody in particular does not see");
        assertThat(access("uses").code()).isZero();

        Ran wallet = session("wallet");
        assertThat(wallet.code()).as(wallet.messages()).isZero();
        String path = URI.create(wallet.results().strip()).getPath();
        assertThat(rpc(plain.resolve(path), "", "eth_getBalance", "[\"" + OWN + "\",\"latest\"]")
                        .has("result"))
                .isTrue();
        assertThat(rpc(plain.resolve(path), "", "eth_getLogs", "[{}]").toString())
                .contains("wallet URL");
        assertThat(session("sessions").results())
                .contains("(this one)", "wallet")
                .doesNotContain(token);

        assertThat(session("revoke", "--all").code()).isZero();
        assertThat(rpc(plain, token, "eth_blockNumber", "[]").toString()).contains("unknown-token");
        assertThat(rpc(plain.resolve(path), "", "eth_chainId", "[]").toString()).contains("unknown-token");
        assertThat(Files.exists(file)).isFalse();
        assertThat(Files.readString(network.log(1))).doesNotContain(token, path);
        assertThat(access("withdraw", OWN).code()).isZero();
    }

    @Test
    void shouldExplainOnARunningNodeInStepsOfItsAnswerGrid() throws Exception {
        network = new NetworkFolder(directory.resolve("network"));
        String port = Integer.toString(PortPlan.freeBase(1));
        String root = network.root().toString();
        Ran made = run("init", "--nodes", "1", "--dir", root, "--port", port, "--access", "anonymousReads=false");
        assertThat(made.code()).as(made.messages()).isZero();
        Path file = network.configuration(1);
        Files.writeString(file, Files.readString(file) + "access:\n  answerGrid: '" + GRID.toMillis() + "ms'\n");
        Ran up = run("up", "--dir", root, "--heap", "256", "--detach");
        assertThat(up.code()).as(up.messages()).isZero();
        Ran login = session("login", "--account", "0");
        assertThat(login.code()).as(login.messages()).isZero();
        String token = Files.readString(directory.resolve("token")).strip();
        URI plain = LocalNetwork.open(network).rpcUrl(1);

        // Nothing is confidential and this account is known; its explanation is on the grid all the same.
        String nothing = "0x" + "22".repeat(20);
        Ran explained = session("explain", "--contract", nothing);
        assertThat(explained.results()).contains(OWN + " does not see " + nothing, "decides      nothing");
        try (HttpClient http = HttpClient.newHttpClient()) {
            for (String path : List.of("/access/explain?contract=" + nothing, "/journal/status/" + "00".repeat(32))) {
                HttpRequest.Builder request = HttpRequest.newBuilder(plain.resolve(path));
                if (path.startsWith("/access")) {
                    request.header("Authorization", "Bearer " + token);
                }
                long begun = System.nanoTime();
                assertThat(http.send(request.build(), BodyHandlers.discarding()).statusCode())
                        .isEqualTo(200);
                assertThat(Duration.ofNanos(System.nanoTime() - begun)).as(path).isBetween(GRID, PATIENCE);
            }
        }
    }
}
