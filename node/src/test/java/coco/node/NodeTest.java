package coco.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.crypto.Certificates;
import coco.governance.BlockLimits;
import coco.governance.Genesis;
import coco.governance.Member;
import coco.governance.Preset;
import coco.node.config.Configuration;
import coco.node.tls.ServerTrust;
import coco.node.tls.TestIdentity;
import coco.node.tls.TlsContexts;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole nodes in one process: founded, started, written to through followers, stopped and started again. */
@Timeout(300)
final class NodeTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final long READY_MILLIS = 90_000;

    @TempDir
    Path folder;

    private final List<Integer> ports = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private final TestIdentity member = TestIdentity.of("acme");

    @AfterEach
    void stop() {
        stopAll();
        http.close();
    }

    @Test
    void shouldCommitWhatFollowersTakeAndKeepItOverARestart() throws Exception {
        found(3);
        startAll(3);
        String leader = get(0, "/node/state").body().replaceAll("(?s).*\"leader\":\"([^\"]*)\".*", "$1");
        for (int node = 0; node < 3; node++) {
            HttpResponse<String> put = send(request(node, "/kv/key-" + node).PUT(BodyPublishers.ofString("v" + node)));
            assertThat(put.statusCode())
                    .as("through node-%d, leader %s", node + 1, leader)
                    .isEqualTo(200);
            assertThat(put.headers().firstValue("coco-transaction-status")).hasValue("committed");
        }
        for (int node = 0; node < 3; node++) {
            for (int key = 0; key < 3; key++) {
                HttpResponse<String> got =
                        send(request(node, "/kv/key-" + key).header("coco-consistency", "linearizable"));
                assertThat(got.body()).isEqualTo("v" + key);
            }
        }
        String hash = hashAt(0, 3);
        assertThat(hash).hasSize(64).isEqualTo(hashAt(1, 3)).isEqualTo(hashAt(2, 3));
        assertThat(get(0, "/node/state?height=99999").body()).contains("\"hash\":null}");
        assertThat(get(0, "/node/state?height=x").statusCode()).isEqualTo(400);

        stopAll();
        startAll(3);

        assertThat(hashAt(2, 3)).isEqualTo(hash);
        assertThat(send(request(1, "/kv/key-0").header("coco-consistency", "linearizable"))
                        .body())
                .isEqualTo("v0");
        assertThat(send(request(1, "/kv/key-0").PUT(BodyPublishers.ofString("new")))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void shouldServeMetricsAndTheNodeChannelToTheRightOnesOnly() throws Exception {
        Genesis genesis = found(1);
        startAll(1);
        X509Certificate node = genesis.nodes().nodes().getFirst().certificate();
        try (HttpClient stranger = administrative(TestIdentity.of("acme"), node);
                HttpClient operator = administrative(member, node)) {
            assertThat(administrative(stranger, "/node/health")).startsWith("200 {\"ready\":true");
            for (String path : List.of("/metrics", "/node/state")) {
                assertThat(administrative(stranger, path)).startsWith("403");
            }
            assertThat(administrative(operator, "/node/state")).startsWith("200");
            assertThat(administrative(operator, "/metrics"))
                    .startsWith("200")
                    .contains("coco_height", "coco_raft_term", "coco_platform_simulated 1.0", "jvm_memory_used_bytes")
                    .contains("coco_pool_transactions{ledger=\"kv\"}", "coco_store_bytes{kind=\"live\"}")
                    .contains("coco_block_commit_seconds_bucket{le=\"0.005\"}", "coco_journal_queue 0.0")
                    .contains("coco_index_runs", "coco_channel_forwarded_offers", "coco_reading_queue 0.0");
            for (HttpClient client : List.of(stranger, operator)) {
                HttpResponse<String> channel = client.send(
                        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + ports.get(2) + "/channel/offers"))
                                .POST(BodyPublishers.ofByteArray(new byte[] {1, 0, 0, 0, 0, 0}))
                                .build(),
                        BodyHandlers.ofString());
                assertThat(channel.statusCode()).isEqualTo(403);
            }
        }
        assertThat(get(0, "/metrics").body()).as("plain HTTP, on loopback").contains("coco_height");
        assertThat(get(0, "/channel/offers").statusCode()).isEqualTo(404);
        assertThat(get(0, "/node/health").body()).contains("\"ready\":true", "\"certificateEndsSoon\":");
    }

    private static HttpClient administrative(TestIdentity client, X509Certificate node) {
        return HttpClient.newBuilder()
                .sslContext(TlsContexts.of(client.identity(), new ServerTrust(node::equals, InstantSource.system())))
                .build();
    }

    private String administrative(HttpClient client, String path) throws IOException, InterruptedException {
        URI uri = URI.create("https://127.0.0.1:" + ports.get(2) + path);
        HttpResponse<String> reply = client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        return reply.statusCode() + " " + reply.body();
    }

    @Test
    void shouldSayThatItIsUnavailableWhileTheMajorityIsGone() throws Exception {
        found(3);
        startAll(3);
        Node last = nodes.removeFirst();
        stopAll();

        await(() -> get(0, "/node/health").statusCode() == 503);
        assertThat(get(0, "/node/health").body()).contains("\"condition\":\"unavailable\"", "\"ready\":false");
        HttpResponse<String> read = send(request(0, "/kv/key").header("coco-consistency", "linearizable"));
        assertThat(read.statusCode()).isEqualTo(503);
        assertThat(read.headers().firstValue("retry-after")).hasValue("1");

        nodes.add(last);
        nodes.add(Node.start(configuration(1, ""), InstantSource.system(), RANDOM));
        await(() -> get(0, "/node/health").statusCode() == 200);
        assertThat(send(request(0, "/kv/key").header("coco-consistency", "linearizable"))
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void shouldRefuseToStartOnWhatIsNotItsOwn() throws Exception {
        found(2);
        Configuration one = configuration(0, "");
        Node running = Node.start(one, InstantSource.system(), RANDOM);
        nodes.add(running);

        assertThatThrownBy(() -> Node.start(one, InstantSource.system(), RANDOM))
                .hasMessageContaining("another process runs this node");
        Path foreign = folder.resolve("node-2/keys");
        Configuration mixed = Configuration.parse(
                yaml(1, "")
                        .replace(
                                foreign.toString(),
                                folder.resolve("node-1/keys").toString()),
                true);
        assertThatThrownBy(() -> Node.start(mixed, InstantSource.system(), RANDOM))
                .hasMessageContaining("does not open on this platform");
        assertThatThrownBy(() -> Node.start(
                        configuration(1, ""),
                        () -> InstantSource.system().instant().plus(Duration.ofDays(4000)),
                        RANDOM))
                .hasMessageContaining("this node's certificate is valid from");
        assertThatThrownBy(() -> NodeStart.constitution(configuration(1, "pipeline: {window: 60}\n")))
                .hasMessageContaining("pipeline.window: 60 is above the constitution's 16");
        Files.writeString(folder.resolve("node-2/format"), "coco node data, version 2\n");
        assertThatThrownBy(() -> Node.start(configuration(1, ""), InstantSource.system(), RANDOM))
                .hasMessageContaining("use the release that wrote it");
    }

    @Test
    void shouldRefuseAnotherConstitutionThanTheOneInTheJournal() throws Exception {
        found(1);
        Path genesis = folder.resolve("genesis.json");
        Files.writeString(
                genesis,
                Files.readString(genesis)
                        .replace("\"batchMaxTransactions\" : 10000", "\"batchMaxTransactions\" : 9999"));

        assertThatThrownBy(() -> Node.start(configuration(0, ""), InstantSource.system(), RANDOM))
                .isInstanceOf(NodeException.class);
    }

    private Genesis found(int count) throws IOException {
        freePorts(4 * count);
        List<Founding.Seat> seats = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String id = "node-" + (i + 1);
            seats.add(new Founding.Seat(
                    id,
                    "127.0.0.1",
                    ports.get(4 * i + 3),
                    ports.get(4 * i + 2),
                    ports.get(4 * i + 1),
                    List.of("localhost", "127.0.0.1"),
                    folder.resolve(id),
                    folder.resolve(id).resolve("keys"),
                    folder.resolve("sealing").resolve(id)));
        }
        return Founding.found(
                new Founding.Plan(
                        "Test network",
                        Preset.DEVELOPMENT,
                        List.of(new Member("acme", member.certificate())),
                        List.of(),
                        seats,
                        BlockLimits.defaults(),
                        new TreeMap<>(Map.of("kv", "{}")),
                        Duration.ofDays(365)),
                folder.resolve("genesis.json"),
                folder.resolve("service.pem"),
                InstantSource.system(),
                RANDOM);
    }

    private void startAll(int count) throws Exception {
        List<CompletableFuture<Node>> starting = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Configuration configuration = configuration(i, "");
            starting.add(
                    CompletableFuture.supplyAsync(() -> Node.start(configuration, InstantSource.system(), RANDOM)));
        }
        for (CompletableFuture<Node> node : starting) {
            nodes.add(node.get());
        }
        for (Node node : nodes) {
            assertThat(node.awaitReady(READY_MILLIS)).isTrue();
        }
        assertThat(Certificates.fromPem(Files.readString(folder.resolve("service.pem"))))
                .isNotNull();
    }

    private void stopAll() {
        List<Thread> stopping = nodes.stream()
                .map(node -> Thread.ofPlatform().start(node::stop))
                .toList();
        nodes.clear();
        for (Thread thread : stopping) {
            try {
                thread.join();
            } catch (InterruptedException hurried) {
                throw new IllegalStateException(hurried);
            }
        }
    }

    private Configuration configuration(int node, String more) {
        return Configuration.parse(yaml(node, more), true);
    }

    private String yaml(int node, String more) {
        String id = "node-" + (node + 1);
        return """
            node:
              id: %s
              dataDirectory: %s
              keysDirectory: %s
              sealingKeyFile: %s
              genesisFile: %s
              serviceCertificateFile: %s
            http: {enabled: true, port: %d}
            https: {address: 127.0.0.1, port: %d}
            administrative: {address: 127.0.0.1, port: %d}
            raft: {address: 127.0.0.1, port: %d}
            %s
            """.formatted(
                        id,
                        folder.resolve(id),
                        folder.resolve(id).resolve("keys"),
                        folder.resolve("sealing").resolve(id),
                        folder.resolve("genesis.json"),
                        folder.resolve("service.pem"),
                        ports.get(4 * node),
                        ports.get(4 * node + 1),
                        ports.get(4 * node + 2),
                        ports.get(4 * node + 3),
                        more);
    }

    private void freePorts(int count) throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ServerSocket socket = new ServerSocket(0);
            held.add(socket);
            ports.add(socket.getLocalPort());
        }
        for (ServerSocket socket : held) {
            socket.close();
        }
    }

    /** Header hash at a height as this node has it, once it has applied it. */
    private String hashAt(int node, long height) {
        String[] found = new String[1];
        await(() -> {
            String body = get(node, "/node/state?height=" + height).body();
            found[0] = body.replaceAll("(?s).*\"at\":\\{\"height\":" + height + ",\"hash\":\"?([0-9a-f]*).*", "$1");
            return found[0].length() == 64;
        });
        return found[0];
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited too long").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private HttpRequest.Builder request(int node, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ports.get(4 * node) + path));
    }

    private HttpResponse<String> get(int node, String path) {
        try {
            return send(request(node, path));
        } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), BodyHandlers.ofString());
    }
}
