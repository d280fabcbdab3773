package coco.node;

import static org.assertj.core.api.Assertions.assertThat;

import coco.governance.NodeEntry;
import coco.ledgers.api.Quota;
import coco.node.admission.Finding;
import coco.node.http.Credentials;
import coco.node.http.HttpRequest;
import coco.node.http.Route;
import coco.node.tls.TestIdentity;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class NetworkPageTest {
    private static final Finding GOOD = new Finding("measurement", true, "aa", "aa");
    private static final Finding BAD = new Finding("measurement", false, "bb", "aa");

    private final Map<String, TestIdentity> identities = new HashMap<>();
    private final Map<String, CompletableFuture<byte[]>> answers = new HashMap<>();
    private final Map<String, List<Finding>> findings = new HashMap<>();
    private final List<String> asked = new ArrayList<>();
    private long nanos;

    private final Route route = new NetworkPage(
                    NetworkPageTest::own,
                    () -> List.of(entry("node-1"), entry("node-2"), entry("node-3")),
                    node -> {
                        asked.add(node.value());
                        return answers.computeIfAbsent(node.value(), _ -> new CompletableFuture<>());
                    },
                    new Shown(),
                    () -> nanos)
            .route(Route.Access.ANYBODY);

    private final class Shown implements NetworkPage.Evidence {
        @Override
        public @Nullable X509Certificate shown(String node) {
            return findings.containsKey(node) ? identity(node).certificate() : null;
        }

        @Override
        public List<Finding> judge(X509Certificate certificate) {
            return findings.entrySet().stream()
                    .filter(each -> identity(each.getKey()).certificate().equals(certificate))
                    .findFirst()
                    .orElseThrow()
                    .getValue();
        }
    }

    @Test
    void shouldTellWhereEveryNodeStandsAndHowFarItIsBehind() throws Exception {
        answers.put("node-2", says("{\"role\":\"leader\",\"height\":120,\"node\":\"node-2\"}"));
        answers.put("node-3", says("{\"role\":\"follower\",\"height\":90}"));
        findings.put("node-1", List.of(GOOD));
        findings.put("node-2", List.of(GOOD, BAD));

        JsonNode page = look();

        assertThat(page.get("height").longValue()).isEqualTo(120);
        assertThat(row(page, 0)).isEqualTo("node-1 \"follower\" 100 20 verified 1");
        assertThat(row(page, 1)).isEqualTo("node-2 \"leader\" 120 0 refused 2");
        assertThat(row(page, 2)).isEqualTo("node-3 \"follower\" 90 30 unknown 0");
    }

    @Test
    void shouldShowNothingOfANodeWhenItDoesNotAnswerOrAnswersNonsense() throws Exception {
        for (String nonsense : List.of(
                "",
                "[]",
                "nonsense",
                "{\"role\":\"leader\"}",
                "{\"role\":\"king\",\"height\":1}",
                "{\"role\":1,\"height\":1}",
                "{\"role\":\"leader\",\"height\":-1}",
                "{\"role\":\"leader\",\"height\":1.5}",
                "{\"role\":\"leader\",\"height\":99999999999999999999}",
                "{\"role\":\"leader\",\"height\":1,\"x\":\"" + "y".repeat(20_000) + "\"}",
                "[".repeat(10_000))) {
            nanos += TimeUnit.SECONDS.toNanos(2);
            answers.put("node-2", says(nonsense));
            answers.put("node-3", CompletableFuture.failedFuture(new IllegalStateException("no reply")));

            JsonNode page = look();

            assertThat(page.get("height").longValue()).as(nonsense).isEqualTo(100);
            assertThat(row(page, 1)).as(nonsense).isEqualTo("node-2 null null null unknown 0");
            assertThat(row(page, 2)).isEqualTo("node-3 null null null unknown 0");
        }
    }

    @Test
    void shouldAskOnceASecondAndASilentNodeOnce() throws Exception {
        answers.put("node-2", says("{\"role\":\"leader\",\"height\":120}"));
        look();
        look();
        assertThat(asked).as("two looks at once").containsExactly("node-2", "node-3");

        nanos += TimeUnit.SECONDS.toNanos(2);
        look();
        assertThat(asked).as("node-3 owes an answer still").containsExactly("node-2", "node-3", "node-2");

        nanos += TimeUnit.SECONDS.toNanos(2);
        Objects.requireNonNull(answers.get("node-3")).complete(bytes("{\"role\":\"follower\",\"height\":7}"));
        assertThat(row(look(), 2)).isEqualTo("node-3 \"follower\" 7 113 unknown 0");
    }

    private JsonNode look() throws Exception {
        Credentials nobody = new Credentials(List.of(), "", new InetSocketAddress(InetAddress.getLoopbackAddress(), 1));
        HttpRequest request = new HttpRequest("", Map.of(), new byte[0], false, false, null, Quota.UNLIMITED, nobody);
        return JsonMapper.builder()
                .build()
                .readTree(route.handler().handle(request).body());
    }

    private static String row(JsonNode page, int index) {
        JsonNode node = page.get("nodes").get(index);
        JsonNode evidence = node.get("evidence");
        return node.get("id").stringValue() + " " + node.get("role") + " " + node.get("height") + " " + node.get("lag")
                + " " + evidence.get("verdict").stringValue() + " "
                + evidence.get("checks").size();
    }

    private TestIdentity identity(String node) {
        return identities.computeIfAbsent(node, TestIdentity::of);
    }

    private NodeEntry entry(String id) {
        X509Certificate certificate = identity(id).certificate();
        return new NodeEntry(id, "acme", "127.0.0.1", 3, 2, 1, certificate, certificate.getPublicKey(), null);
    }

    private static NodePages.State own() {
        return new NodePages.State(
                "node-1", "s", "aa", "v", "simulated", null, true, "follower", 3, "node-2", 100, "bb", 100, 0, 0);
    }

    private static CompletableFuture<byte[]> says(String words) {
        return CompletableFuture.completedFuture(bytes(words));
    }

    private static byte[] bytes(String words) {
        return words.getBytes(StandardCharsets.UTF_8);
    }
}
