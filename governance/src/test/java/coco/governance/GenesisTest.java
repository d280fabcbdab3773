package coco.governance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.crypto.Certificates;
import coco.crypto.P256;
import coco.governance.document.DocumentException;
import coco.governance.rules.Rule;
import coco.governance.rules.VotingRules;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class GenesisTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final List<PlatformEntry> SIMULATED = List.of(new PlatformEntry(PlatformEntry.SIMULATED));

    private final Member alice = new Member("alice", certificate("alice"));
    private final NodeEntry one = node("node-1", 8575);
    private final NodeEntry two = node("node-2", 8576);

    @Test
    void shouldReadBackWhatItWroteWhenParsed() {
        Genesis genesis = genesis("{\"config\":{\"chainId\":1337}}");

        assertThat(Genesis.parse(genesis.bytes()).bytes()).isEqualTo(genesis.bytes());
        assertThat(Genesis.parse(genesis.prettyJson().getBytes(StandardCharsets.UTF_8))
                        .digest())
                .isEqualTo(genesis.digest());
        assertThat(Genesis.parse(genesis.bytes()).nodes().byId("node-2"))
                .extracting(NodeEntry::raftPort)
                .isEqualTo(8576);
    }

    @Test
    void shouldHaveOneDigestWhenKeysComeInAnotherOrder() {
        assertThat(genesis("{ \"b\": 1, \"a\": [true, null, \"\\u00e9\"] }").digest())
                .isEqualTo(genesis("{\"a\":[true,null,\"é\"],\"b\":1}").digest());
    }

    @Test
    void shouldKeepNumbersOfAnySizeExactly() {
        String document =
                genesis("{\"n\":123456789012345678901234567890}").ledgers().get("ethereum");

        assertThat(document).isEqualTo("{\"n\":123456789012345678901234567890}");
    }

    @Test
    void shouldRefuseFractionsWhenCanonicalFormWouldDependOnThePrinter() {
        assertThatThrownBy(() -> genesis("{\"n\":1.5}")).hasMessageContaining("ledgers.ethereum.n: only whole numbers");
    }

    @Test
    void shouldRefuseUnknownKeysNamingWhereAndWhatIsKnown() {
        assertThatThrownBy(() -> parseChanged("\"raftPort\":8575", "\"raftPort\":8575,\"colour\":1"))
                .isInstanceOf(DocumentException.class)
                .hasMessageContaining("nodes[0].colour: unknown key; known here: administrativePort");
        assertThatThrownBy(() -> parseChanged("\"version\":2", "\"version\":2,\"x\":2"))
                .hasMessageContaining("x: unknown key");
    }

    @Test
    void shouldRefuseWhenAKeyIsMissingRepeatedOrOfTheWrongKind() {
        assertThatThrownBy(() -> parseChanged("\"preset\":\"development\",", ""))
                .hasMessage("preset: is missing");
        assertThatThrownBy(() -> parseChanged("\"version\":2", "\"version\":2,\"version\":2"))
                .hasMessageContaining("not valid JSON");
        assertThatThrownBy(() -> parseChanged("\"raftPort\":8575", "\"raftPort\":\"8575\""))
                .hasMessageContaining("nodes[0].raftPort: must be a whole number");
        assertThatThrownBy(() -> parseChanged("\"version\":2", "\"version\":1"))
                .hasMessageContaining("this software reads version 2, found 1");
    }

    @Test
    void shouldRefuseConstitutionsThatContradictThemselves() {
        assertThatThrownBy(() -> genesis(List.of(one, one), SIMULATED)).hasMessageContaining("nodes[1]: the same key");
        assertThatThrownBy(() -> genesis(List.of(one, renamed(two, "node-1", 9000)), SIMULATED))
                .hasMessageContaining("nodes[1]: the same id");
        assertThatThrownBy(() -> genesis(List.of(one, renamed(two, "node-2", one.administrativePort())), SIMULATED))
                .hasMessageContaining("nodes[1]: the same host and port");
        assertThatThrownBy(() ->
                        genesis(List.of(one), List.of(new PlatformEntry("simulated"), new PlatformEntry("sev-snp"))))
                .hasMessageContaining("never mixed");
        assertThatThrownBy(() -> genesis(List.of(), SIMULATED)).hasMessageContaining("nodes: at least one");
    }

    @Test
    void shouldKnowNodesByTheirVeryCertificateOnly() {
        NodeList nodes = new NodeList(List.of(one, two));

        assertThat(nodes.byCertificate(two.certificate())).isSameAs(two);
        assertThat(nodes.byCertificate(certificate("node-2"))).isNull();
        assertThat(nodes.byId("node-3")).isNull();
    }

    @Test
    void shouldGiveOnlyTypedErrorsWhenInputIsMutated() {
        long seed = 20_261_123L;
        Random random = new Random(seed);
        byte[] good = genesis("{\"alloc\":{\"0xab\":{\"balance\":\"0x1\"}}}").bytes();
        for (int i = 0; i < 2000; i++) {
            byte[] bad = good.clone();
            for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            if (random.nextInt(4) == 0) {
                bad = Arrays.copyOf(bad, random.nextInt(bad.length));
            }
            byte[] input = bad;
            try {
                Genesis.parse(input);
            } catch (DocumentException typed) {
                assertThat(typed).as("seed %d round %d", seed, i).hasMessageNotContaining("Exception");
            }
        }
    }

    @Test
    void shouldRefuseNestingBeyondTheLimit() {
        byte[] deep = ("[".repeat(100_000) + "]".repeat(100_000)).getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> Genesis.parse(deep)).isInstanceOf(DocumentException.class);
    }

    private void parseChanged(String from, String to) {
        String text = new String(genesis("{}").bytes(), StandardCharsets.UTF_8);
        assertThat(text).contains(from);
        int at = text.indexOf(from);
        String changed = text.substring(0, at) + to + text.substring(at + from.length());
        Genesis.parse(changed.getBytes(StandardCharsets.UTF_8));
    }

    private Genesis genesis(String ethereum) {
        return genesis(List.of(one, two), SIMULATED, Map.of("ethereum", ethereum));
    }

    private Genesis genesis(List<NodeEntry> nodes, List<PlatformEntry> platforms) {
        return genesis(nodes, platforms, Map.of("kv", "{}"));
    }

    private Genesis genesis(List<NodeEntry> nodes, List<PlatformEntry> platforms, Map<String, String> ledgers) {
        Constitution constitution = new Constitution(
                "Test net",
                Preset.DEVELOPMENT,
                List.of(alice),
                List.of(),
                new NodeList(nodes),
                List.of(),
                platforms,
                List.of(),
                List.of(),
                new VotingRules.ReadyMade(new Rule.Majority(), new TreeMap<>(), null),
                EpochPolicy.DEFAULT,
                0,
                0,
                BlockLimits.defaults(),
                AccessDefaults.of(Preset.DEVELOPMENT),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                ServiceStatus.OPEN,
                0,
                0);
        return new Genesis(constitution, new TreeMap<>(ledgers));
    }

    private static NodeEntry node(String id, int raftPort) {
        return new NodeEntry(
                id,
                null,
                "127.0.0.1",
                raftPort,
                raftPort + 100,
                raftPort + 200,
                certificate(id),
                P256.generate(RANDOM).getPublic(),
                null);
    }

    private static NodeEntry renamed(NodeEntry node, String id, int raftPort) {
        return new NodeEntry(
                id,
                null,
                node.host(),
                raftPort,
                node.administrativePort(),
                node.applicationPort(),
                node.certificate(),
                node.wrappingKey(),
                null);
    }

    private static X509Certificate certificate(String name) {
        KeyPair keys = P256.generate(RANDOM);
        return Certificates.selfSigned(name, keys, START, START.plusSeconds(86_400), RANDOM);
    }
}
