package coco.systemtests.processes;

import static coco.systemtests.processes.EthereumClient.CURVE;
import static coco.systemtests.processes.EthereumClient.SECRET;
import static coco.systemtests.processes.EthereumClient.raw;
import static coco.systemtests.processes.EthereumClient.transaction;
import static org.assertj.core.api.Assertions.assertThat;

import coco.cli.network.NodeJvm;
import coco.cli.network.NodeProcess;
import coco.crypto.Hex;
import coco.evm.types.Address;
import coco.evm.types.Word;
import coco.systemtests.canary.Canary;
import coco.systemtests.canary.CanarySearch;
import coco.systemtests.canary.CanarySearch.Finding;
import coco.systemtests.canary.EncryptionOff;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Secrets are told to a network in every way there is; then everything that its nodes have written, and the pages they
 * publish, is searched. The control is the same with encryption off: there the search has to find what blocks hold.
 */
@Tag("processes")
class CanaryIT {
    private static final long SEED = Long.getLong("coco.canary.seed", System.nanoTime());
    private static final int FILLER_PUTS = 40;
    private static final int FILLER_BYTES = 60_000;

    /**
     * Everything that is ever logged is logged; journal files are closed, and the index written, as early as can be.
     */
    private static final Map<String, String> SETTINGS =
            Map.of("log.level", "debug", "journal.chunkBytes", "1MiB", "rpc.maxBodyBytes", "1MiB");

    /**
     * With 32 bytes of call data it reverts with them; else it takes three words: stores the first, and logs the third
     * with the second as topic.
     *
     * <pre>
     *     CALLDATASIZE PUSH1 32 EQ PUSH1 0x1c JUMPI
     *     PUSH1 0 CALLDATALOAD PUSH1 0 SSTORE PUSH1 64 CALLDATALOAD PUSH1 0 MSTORE
     *     PUSH1 32 CALLDATALOAD PUSH1 32 PUSH1 0 LOG1 STOP
     *     JUMPDEST CALLDATASIZE PUSH1 0 PUSH1 0 CALLDATACOPY CALLDATASIZE PUSH1 0 REVERT
     * </pre>
     */
    private static final byte[] CONTRACT = Hex.decode(
            "36602014601c57" + "600035600055" + "604035600052" + "60203560206000a1" + "00" + "5b366000600037366000fd");

    @TempDir
    private Path folder = Path.of("");

    private final Secrets secrets = Secrets.random(new Random(SEED));
    private final CanarySearch search = new CanarySearch(secrets.all());

    @Test
    void shouldFindNoSecretAnywhereWhenBlocksAreEncrypted() throws Exception {
        List<Finding> findings = new ArrayList<>();
        List<String> files = new ArrayList<>();
        Path root = folder.resolve("network");
        try (ProcessNetwork network = new ProcessNetwork(root, SETTINGS)) {
            plant(network);
            findings.addAll(search.in("pages", pages(network)));
            for (NodeProcess process : network.local().running()) {
                findings.addAll(openFiles(process, root));
            }
            crash(network.process(2));
        }
        findings.addAll(search.below(root, files));
        System.out.printf("canary: %d files, %d findings (seed %d)%n", files.size(), findings.size(), SEED);

        assertThat(findings).as("seed %d", SEED).isEmpty();
        for (int node = 1; node <= ProcessNetwork.NODES; node++) {
            String own = "node-" + node + "/";
            assertThat(files).anyMatch(file -> file.startsWith(own + "journal/"));
            assertThat(files).anyMatch(file -> file.startsWith(own + "raft/"));
            assertThat(files).contains(own + "node.log");
        }
        assertThat(Files.readString(root.resolve("node-2/node.log"))).contains("A fatal error has been detected");
    }

    @Test
    void shouldFindEverySecretThatBlocksHoldWhenEncryptionIsOff() throws Exception {
        NodeJvm same = ProcessNetwork.ordinaryJvm();
        List<Path> classPath =
                new ArrayList<>(List.of(EncryptionOff.compile(Files.createDirectory(folder.resolve("off")))));
        classPath.addAll(same.classPath());
        Path root = folder.resolve("network");
        try (ProcessNetwork network = new ProcessNetwork(root, SETTINGS, same.withClassPath(classPath))) {
            network.startAll();
            network.awaitLevel();
            plant(network);
        }
        List<Finding> findings = search.below(root, new ArrayList<>());

        for (Canary canary : secrets.committed()) {
            for (int node = 1; node <= ProcessNetwork.NODES; node++) {
                for (String part : List.of("journal", "raft")) {
                    String place = "node-" + node + "/" + part + "/";
                    assertThat(findings)
                            .as("%s in %s", canary, place)
                            .anyMatch(finding -> finding.canary().equals(canary.name())
                                    && finding.place().startsWith(place));
                }
            }
        }
    }

    // ---- planting ----

    private void plant(ProcessNetwork network) throws Exception {
        int leader = network.awaitLeader();
        int follower = 1 + leader % ProcessNetwork.NODES;
        EthereumClient ethereum = new EthereumClient(network);
        plantInBlocks(network, ethereum, leader, follower);
        for (int node : new int[] {leader, follower}) {
            plantInPassing(ethereum, node);
            plantInHttp(network, node);
        }
        fill(network, follower);
        network.awaitLevel();
    }

    private void plantInBlocks(ProcessNetwork network, EthereumClient ethereum, int leader, int follower)
            throws IOException, InterruptedException {
        JsonNode created = ethereum.execute(follower, null, creation(concat(CONTRACT, secrets.bytes(Secrets.CODE))));
        Address contract =
                Address.of(Hex.decode(created.get("contractAddress").asString().substring(2)), 0);
        JsonNode stored = ethereum.execute(
                leader,
                contract,
                concat(secrets.bytes(Secrets.STORAGE), secrets.bytes(Secrets.TOPIC), secrets.bytes(Secrets.DATA)));
        assertThat(stored.get("status").asString()).isEqualTo("0x1");
        assertThat(stored.get("logs").get(0).get("topics").get(0).asString()).isEqualTo(secrets.hex(Secrets.TOPIC));
        assertThat(stored.get("logs").get(0).get("data").asString()).isEqualTo(secrets.hex(Secrets.DATA));
        assertThat(ethereum.call(leader, "eth_getStorageAt", contract.hex(), "0x0", "latest")
                        .get("result")
                        .asString())
                .isEqualTo(secrets.hex(Secrets.STORAGE));
        JsonNode reverted = ethereum.execute(follower, contract, secrets.bytes(Secrets.REVERTED));
        assertThat(reverted.get("status").asString()).isEqualTo("0x0");

        put(network, follower, "/kv/" + secrets.text(Secrets.KV_KEY), secrets.bytes(Secrets.KV_VALUE));
        put(network, leader, "/kv/plain?id=" + secrets.text(Secrets.KV_REQUEST), new byte[] {1});
        HttpResponse<byte[]> many = network.send(HttpRequest.newBuilder(network.url(follower, "/kv"))
                .POST(HttpRequest.BodyPublishers.ofString(
                        "[{\"key\":\"many\",\"value\":\"" + secrets.text(Secrets.KV_MANY) + "\"}]"))
                .build());
        assertThat(new String(many.body(), StandardCharsets.UTF_8)).contains("committed");
    }

    /** What is refused or only simulated: nothing of it may be kept. */
    private void plantInPassing(EthereumClient ethereum, int node) throws IOException, InterruptedException {
        Address to = Address.of(0xdead_beefL);
        byte[] stranger = new byte[32];
        stranger[31] = 77;
        assertRefused(
                ethereum.call(
                        node,
                        "eth_sendRawTransaction",
                        raw(transaction(0, to, secrets.bytes(Secrets.NONCE_TOO_LOW))
                                .sign(CURVE, SECRET))),
                "nonce too low");
        assertRefused(
                ethereum.call(
                        node,
                        "eth_sendRawTransaction",
                        raw(transaction(ethereum.nonce(), to, secrets.bytes(Secrets.WRONG_CHAIN))
                                .chainId(4)
                                .sign(CURVE, SECRET))),
                "invalid chain id");
        assertRefused(
                ethereum.call(
                        node,
                        "eth_sendRawTransaction",
                        raw(transaction(0, to, secrets.bytes(Secrets.NO_FUNDS))
                                .value(Word.ONE)
                                .sign(CURVE, stranger))),
                "insufficient funds");
        assertRefused(
                ethereum.call(
                        node,
                        "eth_sendRawTransactionSync",
                        raw(transaction(ethereum.nonce() + 5 + node, to, secrets.bytes(Secrets.NONCE_GAP))
                                .sign(CURVE, SECRET))),
                "missing nonce");
        ethereum.call(node, "eth_call", Map.of("to", to.hex(), "data", secrets.hex(Secrets.SIMULATED)), "latest");
        ethereum.call(node, "eth_estimateGas", Map.of("to", to.hex(), "data", secrets.hex(Secrets.ESTIMATED)));
        ethereum.call(node, "eth_getLogs", Map.of("topics", List.of(secrets.hex(Secrets.FILTER))));
        assertRefused(ethereum.call(node, "eth_" + secrets.text(Secrets.METHOD)), "does not exist");
        assertRefused(ethereum.call(node, "eth_getBalance", "0x" + secrets.text(Secrets.MALFORMED_FIELD)), "invalid");
        assertThat(new String(
                        ethereum.post(node, "{\"jsonrpc\": " + secrets.text(Secrets.MALFORMED_BODY))
                                .body(),
                        StandardCharsets.UTF_8))
                .contains("-32700");
    }

    private static void assertRefused(JsonNode answer, String words) {
        assertThat(answer.path("error").path("message").asString("")).contains(words);
    }

    private void plantInHttp(ProcessNetwork network, int node) throws IOException {
        String host = "Host: localhost";
        exchange(network, node, "GET /" + secrets.text(Secrets.PATH) + "/%zz HTTP/1.1", host);
        exchange(network, node, "GET /" + secrets.text(Secrets.PATH) + " HTTP/1.1", host);
        exchange(network, node, "GET /node/state?height=" + secrets.text(Secrets.QUERY) + "%zz HTTP/1.1", host);
        exchange(
                network,
                node,
                "GET /node/state HTTP/1.1",
                host,
                "Authorization: Bearer " + secrets.text(Secrets.HEADER));
        exchange(network, node, "GET /node/state HTTP/1.1", "Host: " + secrets.text(Secrets.HOST));
        exchange(network, node, secrets.text(Secrets.HTTP_METHOD) + " /node/state HTTP/1.1", host);
        exchange(network, node, secrets.text(Secrets.REQUEST_LINE));
        exchange(
                network,
                node,
                "POST / HTTP/1.1",
                host,
                "Content-Length: 500",
                "",
                "{\"jsonrpc\":\"" + secrets.text(Secrets.CUT_OFF));
    }

    private static void exchange(ProcessNetwork network, int node, String... lines) throws IOException {
        int port = network.local().description().ports().http(node);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            String request = String.join("\r\n", lines) + "\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
        }
    }

    /** Enough for journal files to be closed, which is when the index is written. */
    private static void fill(ProcessNetwork network, int node) throws IOException, InterruptedException {
        Random noise = new Random(SEED + 1);
        for (int i = 0; i < FILLER_PUTS; i++) {
            byte[] value = new byte[FILLER_BYTES];
            noise.nextBytes(value);
            put(network, node, "/kv/filler-" + i, value);
        }
    }

    private static void put(ProcessNetwork network, int node, String target, byte[] value)
            throws IOException, InterruptedException {
        HttpResponse<byte[]> reply = network.send(HttpRequest.newBuilder(network.url(node, target))
                .PUT(HttpRequest.BodyPublishers.ofByteArray(value))
                .build());
        assertThat(new String(reply.body(), StandardCharsets.UTF_8)).contains("committed");
    }

    private static byte[] creation(byte[] runtime) {
        return concat(Hex.decode("60%02x80600b6000396000f3".formatted(runtime.length)), runtime);
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    // ---- looking ----

    /** What the nodes tell operators. */
    private static String pages(ProcessNetwork network) throws IOException, InterruptedException {
        StringBuilder pages = new StringBuilder();
        try (HttpClient operator = HttpClient.newBuilder()
                .sslContext(network.local().tls())
                .version(HttpClient.Version.HTTP_1_1)
                .build()) {
            for (int node = 1; node <= ProcessNetwork.NODES; node++) {
                for (String page : List.of("/metrics", "/node/state", "/node/health", "/node/state?height=1")) {
                    pages.append(page(operator, network.url(node, page), 200));
                }
                String administrative = "https://localhost:"
                        + network.local().description().ports().administrative(node);
                pages.append(page(operator, URI.create(administrative + "/node/health"), 200));
                pages.append(page(operator, URI.create(administrative + "/metrics"), 403));
            }
        }
        return pages.toString();
    }

    private static String page(HttpClient operator, URI url, int status) throws IOException, InterruptedException {
        HttpResponse<String> reply =
                operator.send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(reply.statusCode()).as(url.toString()).isEqualTo(status);
        return reply.body();
    }

    /** Files that a node holds open outside of the network's folder: temporary ones, wherever they lie. */
    private List<Finding> openFiles(NodeProcess process, Path root) throws IOException {
        Path descriptors = Path.of("/proc", Long.toString(process.pid()), "fd");
        List<Finding> findings = new ArrayList<>();
        if (Files.isReadable(descriptors)) {
            try (Stream<Path> links = Files.list(descriptors)) {
                for (Path link : links.toList()) {
                    if (Files.isRegularFile(link)
                            && !Files.readSymbolicLink(link).startsWith(root)) {
                        findings.addAll(
                                search.in("open file " + Files.readSymbolicLink(link), Files.readAllBytes(link)));
                    }
                }
            }
        }
        return findings;
    }

    /** Makes the JVM write what it writes when it dies of its own fault. */
    private static void crash(NodeProcess process) throws IOException, InterruptedException {
        // The shell's own kill: the program of that name is not installed everywhere.
        new ProcessBuilder("/bin/sh", "-c", "kill -SEGV " + process.pid())
                .start()
                .waitFor();
        ProcessNetwork.await(() -> !process.isAlive(), "the process to be gone");
    }
}
