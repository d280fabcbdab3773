package coco.cli.access;

import static org.assertj.core.api.Assertions.assertThat;

import coco.cli.Main;
import coco.cli.console.Console;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What is found in contracts that make mistakes, and in those of the library, which make none. */
class LintCommandTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    private Path folder = Path.of("");

    private record Ended(int code, String printed) {}

    private static Ended run(String... words) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        List<String> all = new ArrayList<>(List.of("access", "lint"));
        all.addAll(List.of(words));
        int code = Main.run(new Console(out, out, false, false), Map.of(), all.toArray(String[]::new));
        return new Ended(code, bytes.toString(StandardCharsets.UTF_8));
    }

    private static byte[] resource(String name) {
        try (InputStream in = LintCommandTest.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Path file(String name) throws IOException {
        return Files.write(folder.resolve(name), resource(name));
    }

    /** {@code rule where} of each finding, by contract. */
    private static Map<String, List<String>> findings(String printed) {
        Map<String, List<String>> all = new HashMap<>();
        for (JsonNode contract : JSON.readTree(printed).get("contracts")) {
            List<String> found = new ArrayList<>();
            contract.get("findings")
                    .forEach(each -> found.add((each.get("rule").asString() + " "
                                    + each.get("where").asString())
                            .strip()));
            all.put(contract.get("contract").asString(), found);
        }
        return all;
    }

    @Test
    void shouldFindEachMistakeAndNothingElse() throws IOException {
        Ended ended = run(file("careless.json").toString(), "--json");

        assertThat(ended.code()).isEqualTo(LintCommand.FOUND);
        Map<String, List<String>> expected = new HashMap<>();
        expected.put("Gossip", List.of("no-handshake", "public-getter balance", "open-view memo", "open-event Paid"));
        expected.put("Silent", List.of("no-handshake"));
        expected.put("Mumbling", List.of("no-handshake supportsInterface"));
        expected.put("Trusting", List.of("user-alone canCall"));
        expected.put("TrustingStill", List.of("user-alone canCall"));
        expected.put("Porous", List.of("open-view canCall"));
        expected.put("Open", List.of("open-read _mayRead"));
        expected.put("Loud", List.of("open-event Opened", "open-event RolesChanged", "open-event TrustChanged"));
        expected.put("Louder", List.of("open-event RolesChanged", "open-event Told", "open-event TrustChanged"));
        expected.put("Ownerless", List.of("admin-unset canRead"));
        expected.put("Puppet", List.of("free-delegate run"));
        expected.put("Marionette", List.of("free-delegate run"));
        expected.put("Careful", List.of());
        assertThat(findings(ended.printed())).containsExactlyInAnyOrderEntriesOf(expected);
    }

    @Test
    void shouldFindNothingInTheLibrarysContracts() throws IOException {
        Path examples = file("examples.json");
        for (String contract : List.of("PurchaseOrder", "Inventory", "ConfidentialToken")) {
            Ended ended = run(examples.toString(), "--name", contract);
            assertThat(ended.printed()).as(contract).contains("0 findings in 1 contracts");
            assertThat(ended.code()).isZero();
        }
        Ended open = run(examples.toString(), "--name", "Token");
        assertThat(open.code()).as("the same token without rules").isEqualTo(LintCommand.FOUND);
        assertThat(open.printed())
                .contains("no-handshake")
                .contains("Token.balanceOf")
                .contains("Token.Transfer");
    }

    @Test
    void shouldReadABuildToolsArtifactAndSayWhatItCouldNotLookAt() throws IOException {
        JsonNode whole = JSON.readTree(resource("careless.json"));
        String source = "contracts/internal/Careless.sol";
        ObjectNode artifact = JSON.createObjectNode().put("contractName", "Gossip");
        artifact.setAll((ObjectNode) whole.at("/contracts").get(source).get("Gossip"));
        Path plain = Files.write(folder.resolve("Gossip.json"), JSON.writeValueAsBytes(artifact));
        Ended ended = run(plain.toString());
        assertThat(ended.code()).isEqualTo(LintCommand.FOUND);
        assertThat(ended.printed())
                .contains("public-getter  Gossip.balance")
                .contains("open-view      Gossip.memo")
                .contains("no syntax tree");

        ObjectNode trusting = JSON.createObjectNode();
        trusting.setAll((ObjectNode) whole.at("/contracts").get(source).get("TrustingStill"));
        Path named = folder.resolve("TrustingStill.json");
        Files.write(named, JSON.writeValueAsBytes(trusting));
        assertThat(run(named.toString()).code()).as("without its tree").isZero();
        trusting.set("ast", whole.at("/sources").get(source).get("ast"));
        Files.write(named, JSON.writeValueAsBytes(trusting));
        assertThat(run(named.toString()).printed()).contains("user-alone     TrustingStill.canCall");
    }

    @Test
    void shouldRefuseWhatIsNoCompiledContract() throws IOException {
        for (String content :
                List.of("", "pragma solidity ^0.8.24;", "[]", "{}", "{\"contracts\":{}}", "{\"abi\":7}")) {
            Path file = Files.writeString(folder.resolve("wrong.json"), content);
            Ended ended = run(file.toString());
            assertThat(ended.code()).as(content).isEqualTo(1);
            assertThat(ended.printed()).as(content).contains("Compile first");
        }
        assertThat(run(folder.resolve("missing.json").toString()).code()).isEqualTo(1);
        assertThat(run(file("careless.json").toString(), "--name", "Nobody").printed())
                .contains("no contract to look at");
    }

    /** Whatever a file says, there are findings or there is one error. */
    @Test
    void shouldOutliveFilesThatWereChangedAnywhere() throws IOException {
        String whole = new String(resource("careless.json"), StandardCharsets.UTF_8);
        Random random = new Random(11);
        Map<Integer, Integer> codes = new HashMap<>();
        List<String> words =
                List.of("id", "name", "nodes", "body", "statements", "referencedDeclaration", "abi", "src");
        for (int round = 0; round < 40; round++) {
            String word = "\"" + words.get(round % words.size()) + "\":";
            String value = List.of("null", "[]", "{}", "7", "\"x\"", "[[]]").get(random.nextInt(6));
            StringBuilder changed = new StringBuilder(whole);
            for (int at = changed.indexOf(word); at >= 0; at = changed.indexOf(word, at + word.length())) {
                if (random.nextInt(200) == 0) {
                    changed.insert(at, "\"" + words.get(random.nextInt(words.size())) + "\":" + value + ",");
                    at += word.length() + value.length() + 24;
                }
            }
            Path file = Files.writeString(folder.resolve("changed.json"), changed);
            codes.merge(run(file.toString()).code(), 1, Integer::sum);
        }
        System.out.printf("changed artifacts: exit codes %s%n", codes);
        assertThat(codes.keySet()).isSubsetOf(0, 1, LintCommand.FOUND);
    }
}
