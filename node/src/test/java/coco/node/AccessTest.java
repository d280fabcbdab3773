package coco.node;

import static org.assertj.core.api.Assertions.assertThat;

import coco.crypto.AccountSignatures;
import coco.crypto.Hex;
import coco.crypto.Secp256k1;
import coco.governance.Genesis;
import coco.governance.users.Agreement;
import coco.governance.users.SignInMessage;
import coco.node.tls.TestIdentity;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Ways to sign in to whole nodes, and attacks on them. */
@Timeout(300)
final class AccessTest extends InProcessNetwork {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Secp256k1 CURVE = Secp256k1.fastest();

    private static byte[] secret(int account) {
        byte[] secret = new byte[32];
        Arrays.fill(secret, (byte) (account + 1));
        return secret;
    }

    private static byte[] address(int account) {
        return AccountSignatures.address(CURVE.publicKey(secret(account)));
    }

    private static String sign(int account, String text) {
        return "0x" + Hex.encode(AccountSignatures.sign(text, secret(account), CURVE));
    }

    private JsonNode nonce(int node) {
        return JSON.readTree(get(node, "/access/nonce").body());
    }

    private String domain(int node) {
        return "127.0.0.1:" + ports.get(4 * node);
    }

    private SignInMessage message(int node, int account) {
        JsonNode given = nonce(node);
        Instant now = Instant.parse(given.get("time").asString());
        return new SignInMessage(
                domain(node),
                address(account),
                null,
                "http://" + domain(node),
                1,
                given.get("nonce").asString(),
                now.toString(),
                now.plusSeconds(600).toString(),
                null,
                null,
                List.of("coco:" + given.get("serviceId").asString() + ":*"));
    }

    private static String signed(String text, String signature) {
        return JSON.writeValueAsString(Map.of("message", text, "signature", signature));
    }

    private HttpResponse<String> post(int node, String path, @Nullable String token, String body) throws Exception {
        HttpRequest.Builder request = request(node, path).POST(BodyPublishers.ofString(body));
        return send(token == null ? request : request.header("Authorization", "Bearer " + token));
    }

    private String token(int node, int account) throws Exception {
        String text = message(node, account).text();
        HttpResponse<String> opened = post(node, "/access/sessions", null, signed(text, sign(account, text)));
        assertThat(opened.statusCode()).as(opened.body()).isEqualTo(201);
        assertThat(opened.headers().firstValue("cache-control")).hasValue("no-store");
        return JSON.readTree(opened.body()).get("token").asString();
    }

    /** Status, and the code of the problem if there is one. */
    private static String outcome(HttpResponse<String> reply) {
        String body = reply.body();
        return reply.statusCode()
                + (body.startsWith("{\"error\":{")
                        ? " " + JSON.readTree(body).at("/error/code").asString()
                        : "");
    }

    private String asked(int node, String token) {
        try {
            return outcome(send(request(node, "/kv/key").header("Authorization", "Bearer " + token)));
        } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Test
    void shouldKnowASessionAndItsRevocationOnEveryNode() throws Exception {
        found(3);
        startAll(3);
        assertThat(put(0, "/kv/key", "value")).isEqualTo(200);
        String token = token(0, 0);
        for (int node = 0; node < 3; node++) {
            assertThat(asked(node, token)).as("node-%d", node + 1).isEqualTo("200");
        }
        HttpResponse<String> list = send(request(1, "/access/sessions").header("Authorization", "Bearer " + token));
        JsonNode own = JSON.readTree(list.body()).get("sessions").get(0);
        assertThat(own.get("address").asString()).isEqualTo("0x" + Hex.encode(address(0)));
        assertThat(list.body()).doesNotContain(token);

        String others = token(1, 1);
        String id = own.get("id").asString();
        assertThat(outcome(send(
                        request(0, "/access/sessions/" + id).DELETE().header("Authorization", "Bearer " + others))))
                .as("somebody else's session")
                .isEqualTo("404 no-such-session");
        assertThat(outcome(
                        send(request(0, "/access/sessions/" + id).DELETE().header("Authorization", "Bearer " + token))))
                .isEqualTo("200");
        long revoked = System.nanoTime();
        for (int node = 0; node < 3; node++) {
            int asking = node;
            await(() -> asked(asking, token).equals("401 unknown-token"));
        }
        assertThat(Duration.ofNanos(System.nanoTime() - revoked)).isLessThan(Duration.ofSeconds(1));
        assertThat(asked(2, others)).isEqualTo("200");

        Node last = nodes.removeFirst();
        stopAll();
        nodes.add(last);
        await(() -> asked(0, others).equals("503 stale"));
        assertThat(get(0, "/kv/key").statusCode())
                .as("nobody in particular, who is told nothing secret")
                .isEqualTo(200);
    }

    @Test
    void shouldRefuseMessagesThatAreReplayedForgedOrForOthers() throws Exception {
        found(2);
        startAll(2);
        SignInMessage message = message(0, 0);
        String text = message.text();
        String good = signed(text, sign(0, text));
        assertThat(outcome(post(1, "/access/sessions", null, good.replace(domain(0), domain(1)))))
                .as("another node, and another text")
                .isEqualTo("401 nonce");
        assertThat(outcome(post(1, "/access/sessions", null, good)))
                .as("replayed on another node")
                .isEqualTo("401 nonce");
        assertThat(outcome(post(0, "/access/sessions", null, signed(text, sign(1, text)))))
                .as("signed by somebody else")
                .isEqualTo("401 signature");
        assertThat(outcome(post(0, "/access/sessions", null, good))).isEqualTo("201");
        assertThat(outcome(post(0, "/access/sessions", null, good)))
                .as("replayed")
                .isEqualTo("401 nonce");
        Map<String, String> wrong = new HashMap<>();
        wrong.put(message(0, 0).text().replace(domain(0), "evil.example"), "403 domain");
        wrong.put(message(0, 0).text().replace("URI: http://127.0.0.1", "URI: http://evil.example"), "403 domain");
        String serviceId = nonce(0).get("serviceId").asString();
        wrong.put(message(0, 0).text().replace(serviceId, "00".repeat(32)), "400 resources");
        wrong.put(message(0, 0).text().replace("Version: 1", "Version: 2"), "400 malformed");
        String late = message(0, 0).text();
        wrong.put(late.replaceFirst("Issued At: 20..", "Issued At: 2001"), "401 expired");
        for (Map.Entry<String, String> each : wrong.entrySet()) {
            String sent = signed(each.getKey(), sign(0, each.getKey()));
            assertThat(outcome(post(0, "/access/sessions", null, sent))).isEqualTo(each.getValue());
        }
    }

    @Test
    void shouldTakeATokenFromWhereItBelongsOnly() throws Exception {
        found(1);
        startAll(1);
        String token = token(0, 0);
        assertThat(asked(0, token)).isEqualTo("404");
        assertThat(asked(0, token.substring(0, 47) + (token.endsWith("A") ? "B" : "A")))
                .isEqualTo("401 unknown-token");
        assertThat(asked(0, "eyJhbGciOiJub25lIn0.e30.")).isEqualTo("401 not-a-token");
        assertThat(outcome(send(request(0, "/kv/key").header("Authorization", "Basic YTpi"))))
                .isEqualTo("401 not-a-bearer");
        for (Map.Entry<String, String> header : Map.of(
                        "Cookie", "token=" + token, "X-Forwarded-For", "10.0.0.1", "Forwarded", "for=10.0.0.1")
                .entrySet()) {
            assertThat(outcome(send(request(0, "/access/sessions").header(header.getKey(), header.getValue()))))
                    .as(header.getKey())
                    .isEqualTo("401 not-signed-in");
        }
        assertThat(outcome(send(request(0, "/access/sessions?token=" + token)))).isEqualTo("401 not-signed-in");
        assertThat(send(request(0, "/access/nonce").header("Origin", "https://evil.example"))
                        .statusCode())
                .as("a page of another site")
                .isEqualTo(403);

        HttpResponse<String> wallet = post(0, "/access/wallets", token, "{\"contracts\":[],\"seconds\":60}");
        assertThat(wallet.statusCode()).as(wallet.body()).isEqualTo(201);
        String path = JSON.readTree(wallet.body()).get("path").asString();
        assertThat(asked(0, path.substring("/wallet/".length())))
                .as("out of its URL")
                .isEqualTo("401 wrong-place");
        String more = "{\"contracts\":[\"0x12\"]}";
        assertThat(outcome(post(0, "/access/wallets", token, more))).isEqualTo("400 malformed");
    }

    @Test
    void shouldSlowDownWhoFailsOften() throws Exception {
        found(1);
        startAll(1);
        String token = token(0, 0);
        int limited = 0;
        for (int attempt = 0; attempt < 300; attempt++) {
            String sent = "coco_" + "%043d".formatted(attempt);
            // A header by which a client claims to be somebody else makes no other client of it.
            HttpResponse<String> reply = send(request(0, "/kv/key")
                    .header("Authorization", "Bearer " + sent)
                    .header("X-Forwarded-For", "10.0.0." + attempt % 250));
            limited += reply.statusCode() == 429 ? 1 : 0;
        }
        assertThat(limited).isPositive();
        assertThat(asked(0, token)).as("who is known goes on").isEqualTo("404");
    }

    // ---------------------------------------------------------------- certificates

    private HttpResponse<String> administrative(HttpClient client, String method, String path, String body)
            throws IOException, InterruptedException {
        URI uri = URI.create("https://127.0.0.1:" + ports.get(2) + path);
        return client.send(
                HttpRequest.newBuilder(uri)
                        .method(method, BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    @Test
    void shouldEnrolUsersWithTheirConsentAndOpenSessionsByCertificate() throws Exception {
        Genesis genesis = found(1);
        startAll(1);
        X509Certificate node = genesis.nodes().nodes().getFirst().certificate();
        String user = "\"ledger\":\"ethereum\",\"address\":\"" + Hex.encode(address(0)) + "\"";
        try (HttpClient stranger = administrative(TestIdentity.of("acme"), node);
                HttpClient acme = administrative(member, node)) {
            assertThat(outcome(administrative(stranger, "POST", "/access/enrolments", "{" + user + "}")))
                    .as("a certificate with the member's name")
                    .isEqualTo("403 unknown-actor");
            assertThat(outcome(administrative(acme, "POST", "/access/certificate", "{" + user + "}")))
                    .isEqualTo("403 not-enrolled");
            assertThat(outcome(administrative(acme, "POST", "/access/enrolments", "{" + user + "}")))
                    .as("somebody else's account")
                    .isEqualTo("401 signature");
            JsonNode actor = JSON.readTree(
                    administrative(acme, "GET", "/access/actor", "").body());
            byte[] service = HexFormat.of().parseHex(actor.get("serviceId").asString());
            String text = Agreement.enrolment(service, "globex", "ethereum", address(0));
            assertThat(outcome(administrative(
                            acme,
                            "POST",
                            "/access/enrolments",
                            "{" + user + ",\"signature\":\"" + sign(0, text) + "\"}")))
                    .as("consent to another organisation")
                    .isEqualTo("401 signature");
            text = Agreement.enrolment(service, "acme", "ethereum", address(0));
            assertThat(outcome(administrative(
                            acme,
                            "POST",
                            "/access/enrolments",
                            "{" + user + ",\"signature\":\"" + sign(0, text) + "\"}")))
                    .isEqualTo("201");
            assertThat(administrative(acme, "GET", "/access/enrolments", "").body())
                    .contains(Hex.encode(address(0)));
            HttpResponse<String> opened = administrative(acme, "POST", "/access/certificate", "{" + user + "}");
            assertThat(opened.statusCode()).as(opened.body()).isEqualTo(201);
            String token = JSON.readTree(opened.body()).get("token").asString();
            assertThat(asked(0, token)).isEqualTo("404");
            assertThat(outcome(administrative(acme, "DELETE", "/access/enrolments/" + Hex.encode(address(0)), "")))
                    .isEqualTo("200");
            assertThat(asked(0, token)).as("its enrolment was withdrawn").isEqualTo("401 unknown-token");
            assertThat(outcome(administrative(acme, "POST", "/access/auditor", "{\"grant\":\"all\"}")))
                    .isEqualTo("403 no-grant");
        }
    }

    @Test
    void shouldLimitMessagesToGovernanceByAddress() throws Exception {
        Genesis genesis = found(1);
        startAll(1);
        X509Certificate node = genesis.nodes().nodes().getFirst().certificate();
        Map<Integer, Integer> statuses = new HashMap<>();
        try (HttpClient stranger = administrative(TestIdentity.of("stranger"), node)) {
            for (int sent = 0; sent < 300; sent++) {
                statuses.merge(
                        administrative(stranger, "POST", "/gov/ballots", "x").statusCode(), 1, Integer::sum);
            }
            assertThat(administrative(stranger, "GET", "/node/health", "").statusCode())
                    .isEqualTo(200);
        }
        assertThat(statuses.keySet()).containsExactlyInAnyOrder(400, 429);
    }
}
