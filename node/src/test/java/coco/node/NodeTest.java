package coco.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.governance.Genesis;
import coco.node.config.Configuration;
import coco.node.tls.TestIdentity;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whole nodes in one process: founded, started, written to through followers, stopped and started again. */
@Timeout(300)
final class NodeTest extends InProcessNetwork {
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
            for (String path : List.of("/metrics", "/node/state", "/gov/members", "/node/network", "/ui/")) {
                assertThat(administrative(stranger, path)).startsWith("403");
            }
            assertThat(administrative(operator, "/node/state")).startsWith("200");
            assertThat(administrative(operator, "/node/network"))
                    .startsWith("200")
                    .contains("\"id\":\"node-1\"", "\"role\":\"leader\"", "\"lag\":0", "\"verdict\":\"verified\"");
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
        assertThat(get(0, "/gov/members").body()).as("governance on plain HTTP").contains("\"members\":[");
        assertThat(get(0, "/ui/").headers().firstValue("Content-Security-Policy"))
                .as("whether or not pages are on this test's class path")
                .hasValueSatisfying(policy -> assertThat(policy).startsWith("default-src 'none'"));
        assertThat(get(0, "/channel/offers").statusCode()).isEqualTo(404);
        assertThat(get(0, "/node/health").body()).contains("\"ready\":true", "\"certificateEndsSoon\":");
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
    void shouldNotBeLedByANodeWhenItsClockIsFarFromTheOthers() throws Exception {
        found(3);
        InstantSource system = InstantSource.system();
        InstantSource fast = () -> system.instant().plus(Duration.ofSeconds(10));
        startAll(List.of(fast, system, system));
        // Should it be elected first, it makes no blocks and steps down, perhaps more than once.
        await(() -> put(0, "/kv/key", "value") == 200);

        assertThat(get(1, "/node/state").body()).doesNotContain("\"leader\":\"node-1\"");
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
}
