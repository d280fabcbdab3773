package coco.node;

import static org.assertj.core.api.Assertions.assertThat;

import coco.consensus.ConsensusLimits;
import coco.consensus.testing.FreePorts;
import coco.crypto.Certificates;
import coco.governance.AccessDefaults;
import coco.governance.BlockLimits;
import coco.governance.Genesis;
import coco.governance.Member;
import coco.governance.Preset;
import coco.node.config.Configuration;
import coco.node.tls.ServerTrust;
import coco.node.tls.TestIdentity;
import coco.node.tls.TlsContexts;
import java.io.IOException;
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
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** Nodes in one process: founded, started, asked and stopped. */
abstract class InProcessNetwork {
    static final SecureRandom RANDOM = new SecureRandom();
    static final long READY_MILLIS = 90_000;

    @TempDir
    Path folder;

    final List<Integer> ports = new ArrayList<>();
    final List<Node> nodes = new ArrayList<>();
    final HttpClient http = HttpClient.newHttpClient();
    final TestIdentity member = TestIdentity.of("acme");

    @AfterEach
    void stop() {
        stopAll();
        http.close();
    }

    static HttpClient administrative(TestIdentity client, X509Certificate node) {
        return HttpClient.newBuilder()
                .sslContext(TlsContexts.of(
                        client.identity(),
                        new ServerTrust(
                                shown -> shown.getPublicKey().equals(node.getPublicKey()), InstantSource.system())))
                .build();
    }

    Genesis found(int count) throws IOException {
        return found(count, AccessDefaults.of(Preset.DEVELOPMENT), Map.of("kv", "{}"));
    }

    Genesis found(int count, AccessDefaults access, Map<String, String> ledgers) throws IOException {
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
                        new TreeMap<>(ledgers),
                        Duration.ofDays(365),
                        0,
                        Founding.Owners.NOBODY,
                        access),
                folder.resolve("genesis.json"),
                folder.resolve("service.pem"),
                InstantSource.system(),
                RANDOM);
    }

    int put(int node, String path, String value) {
        try {
            return send(request(node, path).PUT(BodyPublishers.ofString(value))).statusCode();
        } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        }
    }

    void startAll(int count) throws Exception {
        startAll(Collections.nCopies(count, InstantSource.system()));
    }

    void startAll(List<InstantSource> clocks) throws Exception {
        List<CompletableFuture<Node>> starting = new ArrayList<>();
        for (int i = 0; i < clocks.size(); i++) {
            Configuration configuration = configuration(i, "");
            InstantSource clock = clocks.get(i);
            starting.add(CompletableFuture.supplyAsync(() -> Node.start(configuration, clock, RANDOM)));
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

    /** Starts one node again; it runs, and may not be ready. */
    Node startOne(int node, InstantSource clock, ConsensusLimits limits) {
        Node started = Node.start(configuration(node, ""), Machine.here(clock, RANDOM), limits);
        nodes.add(started);
        return started;
    }

    void stopAll() {
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

    Configuration configuration(int node, String more) {
        return Configuration.parse(yaml(node, more), true);
    }

    String yaml(int node, String more) {
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

    void freePorts(int count) throws IOException {
        ports.addAll(FreePorts.find(count));
    }

    /** Header hash at a height as this node has it, once it has applied it. */
    String hashAt(int node, long height) {
        String[] found = new String[1];
        await(() -> {
            String body = get(node, "/node/state?height=" + height).body();
            found[0] = body.replaceAll("(?s).*\"at\":\\{\"height\":" + height + ",\"hash\":\"?([0-9a-f]*).*", "$1");
            return found[0].length() == 64;
        });
        return found[0];
    }

    static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited too long").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    HttpRequest.Builder request(int node, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ports.get(4 * node) + path));
    }

    HttpResponse<String> get(int node, String path) {
        try {
            return send(request(node, path));
        } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        }
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), BodyHandlers.ofString());
    }
}
