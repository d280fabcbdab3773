package coco.systemtests.processes;

import static org.assertj.core.api.Assertions.assertThat;

import coco.cli.Main;
import coco.cli.console.Console;
import coco.cli.network.PortPlan;
import coco.ledgers.ethereum.conformance.RecordedCases;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A public chain is imported by the command, three nodes begin with it, and each of them answers the recorded cases of
 * ethereum/execution-apis over HTTP. Then blocks of its own follow, and all of it is exported and imported once more.
 */
@Tag("processes")
class RpcCompatIT {
    private static final int LAST_IMPORTED = 54;

    @TempDir
    private Path folder = Path.of("");

    @Test
    void shouldAnswerTheRecordedCasesOnEveryNodeWhenThePublicChainIsImported() throws Exception {
        Path data = Path.of(System.getProperty("coco.testdata", ""), "rpc-compat", "tests");
        Assumptions.assumeTrue(Files.isDirectory(data), () -> "test data is missing: " + data);
        Path first = folder.resolve("first");
        importChain(data.resolve("genesis.json"), data.resolve("chain.rlp"), first);

        Path exported = folder.resolve("exported.rlp.gz");
        String head;
        try (ProcessNetwork network = ProcessNetwork.reopen(first)) {
            network.startAll();
            network.awaitLevel();
            RecordedCases cases = RecordedCases.in(data, "");
            for (int node = 1; node <= ProcessNetwork.NODES; node++) {
                check(cases.reading(), network, node);
            }
            check(cases.sending(), network, 2);
            network.awaitLevel();
            for (String number : List.of("0x1", "latest")) {
                checkReceipts(network, number, first);
            }
            String newest = network.result(1, "eth_blockNumber").asString();
            assertThat(Long.decode(newest)).isGreaterThan(LAST_IMPORTED);
            String said = run("ethereum", "export", "--dir", first.toString(), "--out", exported.toString());
            head = said.strip().substring(said.strip().lastIndexOf(' ') + 1);
        }
        String said = importChain(first.resolve("genesis.json"), exported, folder.resolve("second"));
        assertThat(head).startsWith("0x").hasSize(66);
        assertThat(said).contains(head);
        assertThat(run(
                        "journal",
                        "verify",
                        folder.resolve("second").resolve("node-3").toString(),
                        "--service-cert",
                        folder.resolve("second").resolve("service.pem").toString()))
                .startsWith("valid");
    }

    private static JsonNode block(ProcessNetwork network, String number) throws IOException {
        String request = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_getBlockByNumber\",\"params\":[\"" + number
                + "\",false]}";
        return JsonMapper.shared().readTree(ask(network, 1, request)).path("result");
    }

    /** The first transaction at or after a block: its receipt proves what the chain answers, to the last log. */
    private void checkReceipts(ProcessNetwork network, String number, Path directory) throws Exception {
        JsonNode block = block(network, number);
        long height = Long.decode(block.path("number").asString());
        while (block.path("transactions").isEmpty()) {
            height += number.equals("latest") ? -1 : 1;
            block = block(network, "0x" + Long.toHexString(height));
        }
        String hash = block.path("transactions").get(0).asString();
        String raw = network.result(
                        1, "debug_getRawReceipts", block.path("number").asString())
                .get(0)
                .asString();
        assertThat(run("receipt", "status", hash, "--dir", directory.toString()))
                .startsWith("committed in block ");
        String service = directory.resolve("service.pem").toString();
        for (String form : List.of("json", "cose")) {
            String file = folder.resolve(hash + "." + form).toString();
            List<String> get = new ArrayList<>(List.of("receipt", "get", hash, "--dir", directory.toString()));
            get.addAll(List.of("--out", file));
            if (form.equals("cose")) {
                get.add("--cose");
            }
            run(get.toArray(String[]::new));
            assertThat(run(
                            "receipt",
                            "verify",
                            file,
                            "--service-cert",
                            service,
                            "--transaction",
                            hash,
                            "--ethereum-receipt",
                            raw))
                    .contains("verdict: verified")
                    .doesNotContain("FAILED");
        }
    }

    private static void check(RecordedCases cases, ProcessNetwork network, int node) {
        RecordedCases.Report report = cases.run(request -> ask(network, node, request), RecordedCases.Schemas.NONE);
        assertThat(report.all()).isPositive();
        assertThat(report.differences())
                .as("node %d%n%s", node, report.toText())
                .isEmpty();
    }

    private static String ask(ProcessNetwork network, int node, String request) throws IOException {
        try {
            HttpResponse<byte[]> response = network.send(HttpRequest.newBuilder(network.url(node, "/"))
                    .timeout(Duration.ofSeconds(30))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(request))
                    .build());
            return new String(response.body(), StandardCharsets.UTF_8);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static String importChain(Path genesis, Path blocks, Path directory) {
        return run(
                "ethereum",
                "import",
                "--genesis",
                genesis.toString(),
                "--blocks",
                blocks.toString(),
                "--dir",
                directory.toString(),
                "--port",
                String.valueOf(PortPlan.freeBase(ProcessNetwork.NODES)));
    }

    /** What the command printed as its result. */
    private static String run(String... arguments) {
        ByteArrayOutputStream results = new ByteArrayOutputStream();
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        Console console = new Console(
                new PrintStream(results, true, StandardCharsets.UTF_8),
                new PrintStream(messages, true, StandardCharsets.UTF_8),
                false,
                false);
        int code = Main.run(console, Map.of(), arguments);
        assertThat(code)
                .as(List.of(arguments) + "\n" + messages.toString(StandardCharsets.UTF_8))
                .isZero();
        return results.toString(StandardCharsets.UTF_8);
    }
}
