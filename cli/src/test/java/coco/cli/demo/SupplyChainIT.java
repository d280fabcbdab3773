package coco.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import coco.cli.Main;
import coco.cli.console.Console;
import coco.cli.network.LocalNetwork;
import coco.cli.network.PortPlan;
import coco.crypto.Hex;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code coco demo supply-chain} by itself; what its pages do is tested in a browser. */
@Tag("processes")
final class SupplyChainIT {
    private static final int NODES = 2;

    @TempDir
    private Path directory = Path.of("");

    private record Ran(int code, String results, String messages) {}

    @AfterEach
    void stop() {
        SupplyChainFolder folder = new SupplyChainFolder(directory);
        if (Files.exists(folder.network().description())) {
            LocalNetwork.stop(LocalNetwork.open(folder.network()).running());
        }
    }

    private Ran demo(String... words) {
        ByteArrayOutputStream results = new ByteArrayOutputStream();
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        Console console = new Console(
                new PrintStream(results, true, StandardCharsets.UTF_8),
                new PrintStream(messages, true, StandardCharsets.UTF_8),
                false,
                false);
        List<String> all = new ArrayList<>(List.of("demo", "supply-chain", "--dir", directory.toString()));
        all.addAll(List.of(words));
        int code = Main.run(console, Map.of(), all.toArray(String[]::new));
        return new Ran(code, results.toString(StandardCharsets.UTF_8), messages.toString(StandardCharsets.UTF_8));
    }

    @Test
    void shouldShowTheSamePartiesAgainAndBeClosedToStrangers() throws Exception {
        String nodes = Integer.toString(NODES);
        Ran first = demo(
                "--nodes", nodes, "--port", Integer.toString(PortPlan.freeBase(NODES)), "--heap", "256", "--detach");
        assertThat(first.code()).as(first.messages()).isZero();
        List<URI> urls = first.results()
                .lines()
                .filter(line -> line.contains("http"))
                .map(line -> URI.create(line.substring(line.indexOf("http"))))
                .toList();
        assertThat(urls).hasSize(1 + Party.values().length);

        SupplyChainFolder folder = new SupplyChainFolder(directory);
        List<String> secrets = folder.read().parties().values().stream()
                .flatMap(keys -> keys.all().stream())
                .map(account -> Hex.encode(account.secret()))
                .toList();
        for (URI url : urls) {
            String sent = url.getRawPath() + "?" + url.getRawQuery();
            assertThat(secrets).as(url.getRawPath()).noneMatch(sent::contains);
            assertThat(secrets).anyMatch(url.getRawFragment()::contains);
        }
        for (int node = 1; node <= NODES; node++) {
            String log = Files.readString(folder.network().log(node));
            assertThat(secrets).noneMatch(log::contains);
        }
        assertThat(secrets).noneMatch(first.messages()::contains);

        LocalNetwork network = LocalNetwork.open(folder.network());
        assertThat(rpc(network.httpUrl(2), "eth_blockNumber")
                        .path("error")
                        .path("message")
                        .asString(""))
                .contains("sign in");

        Ran second = demo("--detach");
        assertThat(second.code()).as(second.messages()).isZero();
        assertThat(second.results()).isEqualTo(first.results());
        assertThat(demo("--nodes", "3").messages()).contains("has 2 nodes", "--reset");
    }

    private static JsonNode rpc(URI url, String method) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            String body = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":[]}";
            HttpRequest request = HttpRequest.newBuilder(url)
                    .POST(BodyPublishers.ofString(body))
                    .build();
            return Documents.json(http.send(request, BodyHandlers.ofByteArray()).body(), "");
        }
    }
}
