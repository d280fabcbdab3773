package coco.cli.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import coco.cli.console.CliException;
import coco.cli.member.MemberSigners;
import coco.client.ServiceTrust;
import coco.core.ServiceMaps;
import coco.crypto.Certificates;
import coco.governance.AccessDefaults;
import coco.governance.Genesis;
import coco.governance.Member;
import coco.governance.Preset;
import coco.journal.JournalLimits;
import coco.journal.JournalVerifier;
import coco.journal.Report;
import coco.ledgers.api.testing.SingleNode;
import coco.ledgers.ethereum.ChainHistory;
import coco.ledgers.ethereum.EthereumLedgerFactory;
import coco.node.config.Configuration;
import coco.node.config.Keys;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

final class NetworkFounderTest {
    @TempDir
    private Path directory = Path.of("");

    @Test
    void shouldMakeAConstitutionWithEveryNodeAndItsPorts() throws IOException {
        NetworkFolder folder = new NetworkFolder(directory.resolve("new"));

        LocalNetwork network = LocalNetwork.create(folder, plan(3, Map.of()));

        Genesis genesis = Genesis.parse(Files.readAllBytes(folder.genesis()));
        assertThat(genesis.nodes().nodes()).hasSize(3);
        assertThat(genesis.nodes().nodes().get(1).raftPort()).isEqualTo(19_031);
        assertThat(genesis.ledgers()).containsOnlyKeys("ethereum", "kv");
        assertThat(genesis.ledgers().get("ethereum"))
                .contains("\"chainId\":1337")
                .contains("f39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
        assertThat(network.httpsUrl(3)).hasToString("https://localhost:19012");
        assertThat(network.running()).isEmpty();
        assertThat(folder.unfinished()).doesNotExist();
    }

    @Test
    void shouldIssueEveryNodesCertificateUnderTheService() throws IOException {
        NetworkFolder folder = new NetworkFolder(directory);
        LocalNetwork.create(folder, plan(2, Map.of()));

        X509Certificate service = Certificates.fromPem(Files.readString(folder.serviceCertificate()));
        for (int node = 1; node <= 2; node++) {
            X509Certificate certificate =
                    Certificates.fromPem(Files.readString(folder.keys(node).resolve("node.pem")));
            assertThat(Certificates.issuedBy(certificate, service)).isTrue();
        }
        assertThat(ServiceTrust.contextFor(service).getProtocol()).isEqualTo("TLS");
    }

    @Test
    void shouldKeepSealingKeysPrivateAndOutsideTheNodesFolders() throws IOException {
        NetworkFolder folder = new NetworkFolder(directory);
        LocalNetwork.create(folder, plan(1, Map.of()));

        Path key = folder.sealingKey(1);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
        assertThat(key.startsWith(folder.node(1))).isFalse();
    }

    @Test
    void shouldWriteConfigurationsThatANodeAccepts() throws IOException {
        NetworkFolder folder = new NetworkFolder(directory);
        LocalNetwork.create(folder, plan(1, Map.of("batch.maxTransactions", "100", "batch.minInterval", "5ms")));

        String text = Files.readString(folder.configuration(1));

        assertThat(Configuration.parse(text, true).print())
                .contains("maxTransactions: '100'")
                .contains("dataDirectory: '" + folder.node(1) + "'");
    }

    @Test
    void shouldAdmitWalletsInBrowsersOnlyUnderTheDevelopmentPreset() throws IOException {
        NetworkFolder folder = new NetworkFolder(directory);
        LocalNetwork.create(folder, plan(1, Map.of()));
        Path developer = folder.members().resolve(NetworkFolder.DEVELOPER + ".key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(developer)))
                .isEqualTo("rw-------");
        Member member = new Member("anna", Certificates.fromPem(Files.readString(folder.serviceCertificate())));
        NetworkPlan consortium = new NetworkPlan(
                Preset.CONSORTIUM,
                List.of(member),
                0,
                List.of(new NetworkPlan.Owner("anna", MemberSigners.open("file:" + developer, null, true, null))),
                1,
                19_000,
                1_337,
                null,
                Map.of());

        assertThat(origins(Files.readString(folder.configuration(1))))
                .containsExactly("chrome-extension://*", "moz-extension://*", "safari-web-extension://*");
        assertThat(origins(NodeConfiguration.of(folder, consortium, 1))).isEmpty();
    }

    @Test
    void shouldFoundWithTheAccessThatIsAskedFor() throws IOException {
        NetworkFolder folder = new NetworkFolder(directory);
        AccessDefaults access = new AccessDefaults("open", "bound", "open", false);
        LocalNetwork.create(folder, NetworkPlan.development(1, 19_000, Map.of()).withAccess(access));
        assertThat(Genesis.parse(Files.readAllBytes(folder.genesis()))
                        .constitution()
                        .access())
                .isEqualTo(access);
    }

    private static List<String> origins(String configuration) {
        return Configuration.parse(configuration, true).get(Keys.HTTP_ORIGINS);
    }

    @Test
    void shouldRefuseAFolderThatHoldsSomethingElse() throws IOException {
        Files.writeString(directory.resolve("thesis.txt"), "x");

        assertThatExceptionOfType(CliException.class)
                .isThrownBy(() -> LocalNetwork.create(new NetworkFolder(directory), plan(1, Map.of())))
                .withMessageContaining("not empty");
        assertThat(directory.resolve("thesis.txt")).exists();
    }

    @Test
    void shouldStartAfreshWhenAnEarlierAttemptWasCutShort() throws IOException {
        NetworkFolder folder = new NetworkFolder(directory);
        Files.createDirectories(folder.keys(1));
        Files.writeString(folder.unfinished(), "");

        LocalNetwork.create(folder, plan(1, Map.of()));

        assertThat(folder.description()).exists();
    }

    @Test
    void shouldDeleteOnlyWhatItMade() throws IOException {
        NetworkFolder folder = new NetworkFolder(directory);
        LocalNetwork network = LocalNetwork.create(folder, plan(2, Map.of()));
        Files.writeString(directory.resolve("notes.txt"), "mine");

        network.delete();

        try (var left = Files.list(directory)) {
            assertThat(left).containsExactly(directory.resolve("notes.txt"));
        }
    }

    @Test
    void shouldBeginWithAnotherChainsHistoryWhenThereIsOne() throws IOException {
        NetworkFolder folder = new NetworkFolder(directory.resolve("new"));
        Path blocks = directory.resolve("chain.rlp");
        List<Long> heights = new ArrayList<>();
        ChainHistory history = history(blocks);
        LocalNetwork.create(
                folder, plan(new ImportedHistory(history.document(), blocks, history.blocks(), heights::add)));

        assertThat(heights).containsExactly(0L, 1L, 2L, 3L);
        X509Certificate service = Certificates.fromPem(Files.readString(folder.serviceCertificate()));
        JournalVerifier verifier =
                new JournalVerifier(new ServiceMaps(), JournalVerifier.SealRoots.NONE, JournalLimits.DEFAULT);
        for (int node = 1; node <= 2; node++) {
            Report report = verifier.verify(folder.node(node).resolve("journal"), service);
            assertThat(report.verdict()).as(report.toText()).isEqualTo(Report.Verdict.VALID);
            assertThat(report.toText()).contains("heights 0 to 3");
        }
        assertThat(Genesis.parse(Files.readAllBytes(folder.genesis())).ledgers().get("ethereum"))
                .contains(history.hash());
    }

    @Test
    void shouldLeaveNothingWhenTheHistoryIsNotWhatItWasSaidToBe() throws IOException {
        NetworkFolder folder = new NetworkFolder(directory.resolve("new"));
        Path blocks = directory.resolve("chain.rlp");
        ChainHistory history = history(blocks);
        byte[] damaged = Files.readAllBytes(blocks);
        damaged[damaged.length / 2] ^= 1;
        Files.write(blocks, damaged);

        assertThatExceptionOfType(CliException.class)
                .isThrownBy(() -> LocalNetwork.create(
                        folder, plan(new ImportedHistory(history.document(), blocks, history.blocks(), height -> {}))))
                .withMessageContaining("the history cannot be imported: ");
        assertThat(folder.root()).isEmptyDirectory();
    }

    /** Three blocks of a chain like ours. */
    private static ChainHistory history(Path file) throws IOException {
        String document = EthereumGenesis.of(Preset.DEVELOPMENT, 1337, 1_700_000_000);
        SingleNode node = new SingleNode(new EthereumLedgerFactory(), document).heartbeat(true);
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int number = 1; number <= 3; number++) {
                node.mine();
                String request = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"debug_getRawBlock\",\"params\":[\"0x"
                        + number + "\"]}";
                byte[] response =
                        node.post(request.getBytes(StandardCharsets.UTF_8)).body();
                String block =
                        JsonMapper.shared().readTree(response).get("result").asString();
                out.write(HexFormat.of().parseHex(block.substring(2)));
            }
        }
        try (InputStream in = Files.newInputStream(file)) {
            return ChainHistory.read(document.getBytes(StandardCharsets.UTF_8), in);
        }
    }

    private static NetworkPlan plan(ImportedHistory history) {
        return new NetworkPlan(Preset.DEVELOPMENT, List.of(), 0, List.of(), 2, 19_000, 1337, history, Map.of());
    }

    private static NetworkPlan plan(int nodes, Map<String, String> settings) {
        return NetworkPlan.development(nodes, 19_000, settings);
    }
}
