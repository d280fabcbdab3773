package coco.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.attestation.Sealing;
import coco.attestation.simulated.SimulatedPlatform;
import coco.consensus.PeerId;
import coco.crypto.Certificates;
import coco.crypto.Hex;
import coco.governance.Action;
import coco.governance.Constitution;
import coco.governance.Genesis;
import coco.governance.NodeEntry;
import coco.governance.document.Documents;
import coco.journal.ServiceId;
import coco.node.admission.Finding;
import coco.node.config.Configuration;
import coco.node.join.JoinAnswer;
import coco.node.join.Knocking;
import coco.node.peers.VoterFile;
import coco.node.peers.VoterGuard;
import coco.node.tls.TestIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nodes that join a running network, and leave it. */
@Timeout(400)
@SuppressWarnings("NullAway.Init") // by begin()
final class JoinTest extends InProcessNetwork {
    private Genesis genesis;
    private Governors acme;

    @Test
    @Tag("N4")
    @Tag("N18")
    @Tag("N20")
    void shouldTakeInANodeThatMembersAdmitAndCutOffTheOneTheyRemove() throws Exception {
        begin(3);
        assertThat(put(0, "/kv/before", "1")).isEqualTo(200);
        NodeEntry fourth = prepare(member, "acme", "node-4");
        JoinAnswer told = Newcomer.diagnose(newcomer(digest()), InstantSource.system(), RANDOM);
        assertThat(told.status()).as("%s", told.refusals()).isEqualTo(JoinAnswer.Status.PENDING);
        assertThat(administrative("/gov/joins")).as("a dry run is not recorded").doesNotContain("node-4");

        CompletableFuture<Node> starting = startFourth(digest());
        await(() -> administrative("/gov/joins").contains("node-4"));
        admit(fourth);
        Node node = starting.get(120, TimeUnit.SECONDS);
        nodes.add(node);
        await(() -> isReady(node));

        await(() -> get(3, "/kv/before").body().equals("1"));
        assertThat(put(3, "/kv/through-the-fourth", "2")).isEqualTo(200);
        await(() -> voters().contains("node-4"));

        remove("node-4");
    }

    private void remove(String id) throws Exception {
        Node node = nodes.removeLast();
        try (Socket held = new Socket(InetAddress.getLoopbackAddress(), ports.get(4 * 3))) {
            held.setSoTimeout(60_000);
            acme.pass(operator(), administrativeUri(), constitution(), height(), new Action.RemoveNode(id));
            assertThat(node.failure().get(60, TimeUnit.SECONDS)).hasMessageContaining("was removed from the network");
            assertThat(held.getInputStream().read())
                    .as("the connection is closed")
                    .isEqualTo(-1);
        } catch (IOException reset) {
            assertThat(reset).hasMessageContaining("reset");
        } finally {
            node.stop();
        }
        await(() -> !voters().contains(id));
        assertThat(put(0, "/kv/after", "3")).isEqualTo(200);
        JoinAnswer again = Newcomer.diagnose(newcomer(digest()), InstantSource.system(), RANDOM);
        assertThat(again.refusals()).extracting(Finding::check).contains("removed", "id");
    }

    @Test
    void shouldSayBeforehandWhatSpeaksAgainstANewcomer() throws Exception {
        begin(1);
        prepare(member, "acme", "node-4");
        JoinAnswer answer = Newcomer.diagnose(newcomer(digest()), InstantSource.system(), RANDOM);

        assertThat(answer.refusals()).isEmpty();
        assertThat(answer.findings())
                .extracting(Finding::check)
                .contains("version", "own_key", "removed", "owner", "id", "address", "clock", "lease", "evidence")
                .contains("service", "evidence_signature", "evidence_report_data", "platform", "measurement")
                .contains("freshness", "wrapping_key");
    }

    @Test
    void shouldTellStrangersNothingButThatTheyAreNone() throws Exception {
        begin(1);
        prepare(TestIdentity.of("stranger"), "stranger", "node-4");
        JoinAnswer answer = Newcomer.diagnose(newcomer(digest()), InstantSource.system(), RANDOM);

        assertThat(answer.status()).isEqualTo(JoinAnswer.Status.REFUSED);
        assertThat(answer.refusals()).extracting(Finding::check).containsExactly("owner");
        assertThat(answer.findings()).extracting(Finding::allowed).noneMatch(words -> words.contains("node-1"));
        assertThat(answer.findings()).extracting(Finding::check).doesNotContain("address", "platform", "measurement");
    }

    @Test
    void shouldTellNothingToWhoeverShowsAnEntryWithoutItsKey() throws Exception {
        begin(1);
        NodeEntry signed = prepare(member, "acme", "node-4");
        X509Certificate first = genesis.nodes().nodes().getFirst().certificate();
        try (HttpClient thief = administrative(TestIdentity.of("thief"), first)) {
            JoinAnswer answer = new Knocking(thief, List.of(administrativeUri()), signed, "1")
                    .knock(false)
                    .answer();
            assertThat(answer.refusals()).extracting(Finding::check).containsExactly("own_key");
            assertThat(answer.findings())
                    .extracting(Finding::check)
                    .doesNotContain("address", "evidence", "platform", "measurement", "freshness");
        }
        assertThat(administrative("/gov/joins")).doesNotContain("node-4");
    }

    @Test
    @Tag("N14")
    @Tag("N15")
    void shouldRefuseAConstitutionThatNobodyApprovedBeforeAnythingIsFetched() throws Exception {
        begin(1);
        prepare(member, "acme", "node-4");

        assertThatThrownBy(() -> startFourth("00".repeat(32)).get(60, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("constitution: seen " + digest());
        assertThat(folder.resolve("node-4/journal")).isEmptyDirectory();
    }

    @Test
    void shouldHaltWhenRaftsVotersAreNotThoseThatItKnows() throws Exception {
        begin(2);
        stopAll();
        Sealing sealing = SimulatedPlatform.open(
                        folder.resolve("sealing/node-1"), folder.resolve("node-1"), new byte[32], RANDOM)
                .sealing();
        Set<PeerId> known = Set.of(new PeerId("node-1"), new PeerId("node-2"), new PeerId("x"), new PeerId("y"));
        new VoterFile(NodeKeys.voters(folder.resolve("node-1/keys")), sealing, "node-1")
                .save(new VoterGuard.Voters(0, known));

        Node node = Node.start(configuration(0, ""), InstantSource.system(), RANDOM);
        nodes.add(node);
        assertThat(node.failure().get(30, TimeUnit.SECONDS))
                .hasMessageContaining("the Raft configuration names the voters [node-1, node-2]");
    }

    // ---------------------------------------------------------------- helpers

    private void begin(int count) throws Exception {
        genesis = found(count);
        freePorts(4 * (4 - count));
        byte[] serviceId = ServiceId.of(
                genesis.bytes(),
                Certificates.fromPem(Files.readString(folder.resolve("service.pem")))
                        .getPublicKey());
        acme = new Governors(member, serviceId);
        startAll(count);
    }

    private NodeEntry prepare(TestIdentity owner, String name, String id) {
        Founding.Seat seat = new Founding.Seat(
                id,
                "127.0.0.1",
                ports.get(15),
                ports.get(14),
                ports.get(13),
                List.of("localhost", "127.0.0.1"),
                folder.resolve(id),
                folder.resolve(id).resolve("keys"),
                folder.resolve("sealing").resolve(id));
        return Newcomer.prepare(
                seat, name, Governors.signer(owner), Duration.ofDays(30), InstantSource.system(), RANDOM);
    }

    private Configuration newcomer(String approved) {
        return configuration(
                3,
                "join: {network: ['https://127.0.0.1:" + ports.get(2) + "'], constitution: '" + approved
                        + "', retry: 200ms}\n");
    }

    private CompletableFuture<Node> startFourth(String approved) {
        Configuration configuration = newcomer(approved);
        return CompletableFuture.supplyAsync(() -> Node.start(configuration, InstantSource.system(), RANDOM));
    }

    private void admit(NodeEntry entry) throws Exception {
        acme.pass(operator(), administrativeUri(), constitution(), height(), new Action.AdmitNode(entry));
    }

    private static boolean isReady(Node node) {
        try {
            return node.awaitReady(100);
        } catch (InterruptedException hurried) {
            throw new IllegalStateException(hurried);
        }
    }

    private HttpClient operator() {
        return administrative(member, genesis.nodes().nodes().getFirst().certificate());
    }

    private URI administrativeUri() {
        return URI.create("https://127.0.0.1:" + ports.get(2));
    }

    private String administrative(String path) {
        try (HttpClient client = operator()) {
            return client.send(
                            HttpRequest.newBuilder(administrativeUri().resolve(path))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** Ids of the voting peers as the first node has them. */
    private String voters() {
        return nodes.getFirst().voters().toString();
    }

    private Constitution constitution() {
        String body = administrative("/gov/constitution");
        var tree = Documents.json(body.getBytes(StandardCharsets.UTF_8), "");
        return Constitution.parse(tree.get("document").toString().getBytes(StandardCharsets.UTF_8));
    }

    private String digest() {
        return Hex.encode(constitution().digest());
    }

    private long height() {
        return Long.parseLong(get(0, "/node/state").body().replaceAll("(?s).*?\"height\":([0-9]+).*", "$1"));
    }
}
