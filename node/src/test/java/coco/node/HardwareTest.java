package coco.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.attestation.Attester;
import coco.attestation.Evidence;
import coco.attestation.EvidenceVerifier;
import coco.attestation.Platform;
import coco.attestation.Verdict;
import coco.attestation.intel.TdxTestMaker;
import coco.attestation.platforms.Devices;
import coco.attestation.simulated.SimulatedPlatform;
import coco.attestation.snp.SnpTestMaker;
import coco.crypto.Certificates;
import coco.crypto.Hex;
import coco.crypto.P256;
import coco.governance.Action;
import coco.governance.Constitution;
import coco.governance.Genesis;
import coco.governance.NodeEntry;
import coco.governance.NodeTuple;
import coco.governance.cose.CoseSign1;
import coco.governance.document.Documents;
import coco.governance.rules.Rule;
import coco.governance.rules.VotingRules;
import coco.journal.ServiceId;
import coco.node.config.Configuration;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Nodes on hardware of two makers that exist in this test only: their kernels are folders, their reports are signed by
 * keys of this process, and all else is what runs on real machines.
 */
@Timeout(400)
@SuppressWarnings("NullAway.Init") // by found()
final class HardwareTest extends InProcessNetwork {
    private final SnpTestMaker snp = new SnpTestMaker();
    private final TdxTestMaker tdx = new TdxTestMaker();
    private final Map<Integer, NodeEntry> entries = new ConcurrentHashMap<>();
    private final List<String> names = List.of("node-1", "node-2", "node-3", "node-4");
    private Governors acme;

    @Test
    @Tag("N3")
    @Tag("T5")
    void shouldFormANetworkOfTwoKindsAndLetGoOfTheOneThatIsTrustedNoLonger() throws Exception {
        found();
        Node second = admit(1, Platform.TDX);
        Node third = admit(2, Platform.SEV_SNP);
        assertThat(shown(0)).contains("sev-snp");
        assertThat(shown(1)).contains("tdx");
        assertThat(nodes.getFirst().voters()).hasSize(3);
        for (int node = 0; node < 3; node++) {
            assertThat(put(node, "/kv/by-" + node, "1"))
                    .as("through node %d", node)
                    .isEqualTo(200);
        }
        int generation = constitution().generation();

        pass(new Action.RetirePlatform("tdx"));
        await(() -> administrative("/node/refusals").contains("\"platform\""));
        assertThat(administrative("/node/refusals"))
                .contains("\"seen\":\"tdx\"")
                .contains("\"allowed\":\"sev-snp\"");
        assertThat(constitution().generation()).isGreaterThan(generation);
        assertThat(put(0, "/kv/after", "2")).isEqualTo(200);
        await(() -> read(2, "/kv/after").body().equals("2"));
        assertThat(third.failure()).isNotDone();
        // Cut off before that block reached it, or ended by finding no secrets for itself in it.
        await(() -> !isReady(second));
        assertThat(read(1, "/kv/after").body())
                .as("what a node in quarantine knows")
                .isNotEqualTo("2");
    }

    @Test
    @Tag("N8")
    void shouldComeBackAsAnotherNodeWhenAProcessEnds() throws Exception {
        found();
        admit(1, Platform.SEV_SNP);
        Node third = admit(2, Platform.SEV_SNP);
        NodeEntry before = entry(2);
        assertThat(put(2, "/kv/before", "1")).isEqualTo(200);
        nodes.remove(third);
        third.stop();
        assertThat(files(names.get(2))).as("of keys nothing is on disk").noneMatch(name -> name.contains(".key"));
        entries.remove(2);

        CompletableFuture<Node> starting = start(2, Platform.SEV_SNP, machine(2, Platform.SEV_SNP, this::evidence));
        await(() -> entries.containsKey(2));
        NodeEntry after = entry(2);
        assertThat(after.id()).startsWith("node-3-").isNotEqualTo(before.id());
        assertThat(after.certificate().getPublicKey())
                .isNotEqualTo(before.certificate().getPublicKey());
        pass(new Action.ReplaceNode(before.id(), after));
        Node again = starting.get(120, TimeUnit.SECONDS);
        nodes.add(again);
        await(() -> isReady(again));
        await(() -> nodes.getFirst().voters().contains(after.id())
                && !nodes.getFirst().voters().contains(before.id()));
        assertThat(read(2, "/kv/before").body()).isEqualTo("1");
        assertThat(put(2, "/kv/again", "2")).isEqualTo(200);
    }

    @Test
    @Tag("T3")
    void shouldRefuseANewcomerWhoseMakerNobodyTrustsAndOneThatIsSimulated() throws Exception {
        found();
        SnpTestMaker stranger = new SnpTestMaker();
        refused(1, (_, kernel) -> stranger.guest(kernel), "evidence_signature");
        SimulatedPlatform simulated = new SimulatedPlatform(new byte[32], new byte[32], RANDOM);
        refused(2, (_, _) -> simulated.attester(), "platform");
        assertThat(administrative("/node/refusals")).contains("\"seen\":\"simulated\"");
    }

    @Test
    @Tag("T4")
    void shouldNotStartASimulatedNodeOfANetworkOnHardware() throws Exception {
        found();
        Configuration simulated = Configuration.parse(
                hardwareYaml(1, Platform.SIMULATED).replace("  owner:", "  sealingKeyFile: s\n  owner:"), true);
        assertThatThrownBy(() -> NodeStart.constitution(simulated, NodeStart.genesis(simulated), entry(0)))
                .isInstanceOf(NodeException.class)
                .hasMessage("attestation.platform: seen simulated, allowed by the constitution [sev-snp, tdx];"
                        + " simulated never stands beside hardware");
    }

    @Test
    void shouldSayWhichDeviceIsMissing() {
        assertThat(Files.exists(Path.of("/dev/attestation")))
                .as("this machine is no enclave")
                .isFalse();
        Configuration configuration = Configuration.parse(hardwareYaml(0, Platform.SGX), true);
        assertThatThrownBy(() -> Node.start(configuration, InstantSource.system(), RANDOM))
                .isInstanceOf(NodeException.class)
                .hasMessage("attestation.platform: sgx: this machine is no guest of sgx: there is no /dev/attestation");
    }

    // ---------------------------------------------------------------- the network

    @FunctionalInterface
    private interface Hardware {
        Attester open(Platform kind, Path kernel);
    }

    private Attester evidence(Platform kind, Path kernel) {
        return kind == Platform.TDX ? tdx.guest(kernel) : snp.guest(kernel);
    }

    private Machine machine(int node, Platform kind, Hardware hardware) {
        Devices devices = asked -> {
            assertThat(asked).isEqualTo(kind);
            return hardware.open(kind, kernel(node));
        };
        EvidenceVerifier byKind = verifier();
        return new Machine(
                InstantSource.system(), RANDOM, devices, (_, _) -> byKind, (unsigned, _) -> sign(node, unsigned));
    }

    private Path kernel(int node) {
        try {
            return Files.createTempDirectory(folder, "kernel-" + node);
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private EvidenceVerifier verifier() {
        EvidenceVerifier ofSnp = snp.verifier();
        EvidenceVerifier ofTdx = tdx.verifier();
        return evidence -> switch (evidence.platform()) {
            case SEV_SNP -> ofSnp.verify(evidence);
            case TDX -> ofTdx.verify(evidence);
            case SIMULATED -> SimulatedPlatform.verifier().verify(evidence);
            case SGX, AZURE_CVM -> unknown(evidence);
        };
    }

    private static Verdict unknown(Evidence evidence) {
        return new Verdict.Refused(Verdict.Check.PLATFORM, evidence.platform().label(), "sev-snp or tdx");
    }

    private NodeEntry sign(int node, NodeEntry unsigned) {
        byte[] payload = NodeTuple.payload(unsigned, member.certificate());
        NodeEntry signed = unsigned.withSignature(
                CoseSign1.sign(Governors.signer(member), NodeTuple.externalAad(), NodeTuple.CONTENT, payload)
                        .bytes());
        entries.put(node, signed);
        return signed;
    }

    /** The first node, on SNP, founds a network that trusts both makers. */
    private void found() throws Exception {
        freePorts(4 * names.size());
        Files.writeString(folder.resolve("draft.json"), draft());
        Node first = start(0, Platform.SEV_SNP, machine(0, Platform.SEV_SNP, this::evidence))
                .get(120, TimeUnit.SECONDS);
        nodes.add(first);
        await(() -> isReady(first));
        X509Certificate service = Certificates.fromPem(Files.readString(folder.resolve("service.pem")));
        byte[] serviceId = ServiceId.of(
                Genesis.parse(Files.readAllBytes(folder.resolve("genesis.json")))
                        .bytes(),
                service.getPublicKey());
        acme = new Governors(member, serviceId);
        pass(new Action.OpenService());
    }

    private String draft() {
        KeyPair recovery = P256.generate(RANDOM);
        String acmes = Documents.object()
                .put("id", "acme")
                .put("certificate", Certificates.toPem(member.certificate()))
                .put(
                        "recoveryKey",
                        Base64.getEncoder().encodeToString(recovery.getPublic().getEncoded()))
                .toString();
        String rules = new VotingRules.ReadyMade(new Rule.Majority(), new TreeMap<>(), null)
                .toJson()
                .toString();
        return """
                {"version": %d, "service": "Two kinds", "preset": "consortium", "members": [%s], "participants": [],
                 "nodes": [], "platforms": [{"platform": "sev-snp"}, {"platform": "tdx"}],
                 "code": [{"platform": "sev-snp", "measurement": "%s", "label": "1"},
                          {"platform": "tdx", "measurement": "%s", "label": "1"}],
                 "rules": %s, "epoch": {"maxBlocks": 10000, "maxAgeSeconds": 3600}, "recovery": {"threshold": 1},
                 "notice": {"blocks": 0},
                 "limits": {"batchMaxTransactions": 1000, "batchMinIntervalMillis": 0, "blockMaxBytes": 4194304,
                            "pipelineWindow": 16},
                 "access": {"contracts": "open", "senders": "any", "accounts": "own", "anonymousReads": true},
                 "oidcIssuers": [], "enrolment": [], "auditors": [], "contractAccess": [], "ledgers": {"kv": {}}}
                """.formatted(
                        Constitution.FORMAT_VERSION, acmes, SnpTestMaker.MEASUREMENT, TdxTestMaker.MEASUREMENT, rules);
    }

    private String hardwareYaml(int node, Platform kind) {
        String name = names.get(node);
        return """
                node:
                  id: %s
                  owner: acme
                  host: 127.0.0.1
                  foundingFile: %s
                  dataDirectory: %s
                  keysDirectory: %s
                  genesisFile: %s
                  serviceCertificateFile: %s
                attestation: {platform: %s}
                https: {address: 127.0.0.1, port: %d}
                administrative: {address: 127.0.0.1, port: %d}
                raft: {address: 127.0.0.1, port: %d}
                """.formatted(
                        name,
                        folder.resolve("draft.json"),
                        folder.resolve(name),
                        folder.resolve(name).resolve("keys"),
                        folder.resolve("genesis.json"),
                        folder.resolve("service.pem"),
                        kind.label(),
                        port(node, 1),
                        port(node, 2),
                        port(node, 3));
    }

    private int port(int node, int which) {
        return ports.isEmpty() ? 1 + which : ports.get(4 * node + which);
    }

    private CompletableFuture<Node> start(int node, Platform kind, Machine machine) {
        String join = node == 0
                ? ""
                : "join: {network: ['" + administrativeUri() + "'], constitution: '"
                        + Hex.encode(constitution().digest()) + "', retry: 200ms}\n";
        Configuration configuration = Configuration.parse(hardwareYaml(node, kind) + join, true);
        return CompletableFuture.supplyAsync(() -> Node.start(configuration, machine));
    }

    private Node admit(int node, Platform kind) throws Exception {
        CompletableFuture<Node> starting = start(node, kind, machine(node, kind, this::evidence));
        // It must have seen the constitution that its operator approved before that changes.
        await(() -> entries.containsKey(node) && administrative("/gov/joins").contains(id(node)));
        pass(new Action.AdmitNode(entry(node)));
        Node started = starting.get(120, TimeUnit.SECONDS);
        nodes.add(started);
        await(() -> isReady(started));
        await(() -> nodes.getFirst().voters().contains(id(node)));
        return started;
    }

    /** A newcomer that knocks is told that one check, and asks on and on. */
    private void refused(int node, Hardware hardware, String words) throws Exception {
        CompletableFuture<Node> starting = start(node, Platform.SEV_SNP, machine(node, Platform.SEV_SNP, hardware));
        await(() -> administrative("/node/refusals").contains("\"" + words + "\""));
        assertThat(starting).isNotDone();
    }

    private void pass(Action action) throws Exception {
        acme.pass(operator(), administrativeUri(), constitution(), height(), action);
    }

    private static boolean isReady(Node node) {
        try {
            return node.awaitReady(100);
        } catch (InterruptedException hurried) {
            throw new IllegalStateException(hurried);
        }
    }

    private NodeEntry entry(int node) {
        return Objects.requireNonNull(entries.get(node));
    }

    private String id(int node) {
        return entry(node).id();
    }

    private List<String> files(String name) throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve(name))) {
            return all.map(path -> path.getFileName().toString()).toList();
        }
    }

    // ---------------------------------------------------------------- asking

    private HttpClient operator() {
        return administrative(member, entry(0).certificate());
    }

    private URI administrativeUri() {
        return URI.create("https://127.0.0.1:" + ports.get(2));
    }

    private String administrative(String path) {
        try (HttpClient client = operator()) {
            return ask(client, HttpRequest.newBuilder(administrativeUri().resolve(path)))
                    .body();
        }
    }

    private Constitution constitution() {
        var tree = Documents.json(administrative("/gov/constitution").getBytes(StandardCharsets.UTF_8), "");
        return Constitution.parse(tree.get("document").toString().getBytes(StandardCharsets.UTF_8));
    }

    private long height() {
        return Long.parseLong(read(0, "/node/state").body().replaceAll("(?s).*?\"height\":([0-9]+).*", "$1"));
    }

    private String shown(int node) {
        return read(node, "/node/attestation").body();
    }

    @Override
    int put(int node, String path, String value) {
        return https(node, application(node, path).PUT(BodyPublishers.ofString(value)))
                .statusCode();
    }

    private HttpResponse<String> read(int node, String path) {
        return https(node, application(node, path));
    }

    private HttpRequest.Builder application(int node, String path) {
        return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + ports.get(4 * node + 1) + path));
    }

    private HttpResponse<String> https(int node, HttpRequest.Builder request) {
        try (HttpClient client = administrative(member, entry(node).certificate())) {
            return ask(client, request);
        }
    }

    private static HttpResponse<String> ask(HttpClient client, HttpRequest.Builder request) {
        try {
            return client.send(request.timeout(Duration.ofSeconds(20)).build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        }
    }
}
