package coco.node;

import static org.assertj.core.api.Assertions.assertThat;

import coco.crypto.AccountSignatures;
import coco.crypto.Certificates;
import coco.crypto.Hex;
import coco.crypto.P256;
import coco.crypto.Secp256k1;
import coco.crypto.Sha256;
import coco.governance.AccessDefaults;
import coco.governance.Action;
import coco.governance.AuditorGrant;
import coco.governance.Constitution;
import coco.governance.Genesis;
import coco.governance.OidcIssuer;
import coco.governance.document.Documents;
import coco.governance.users.Agreement;
import coco.governance.users.UserLimits;
import coco.journal.ServiceId;
import coco.node.tls.TestIdentity;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.KeyPair;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** From a vote of the members to what a user or an auditor reads, on whole nodes that answer nobody else. */
@Timeout(300)
final class UserWaysTest extends InProcessNetwork {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Secp256k1 CURVE = Secp256k1.fastest();
    private static final String ISSUER = "https://id.acme.example";
    private static final byte[] SECRET = secret();
    private static final byte[] ADDRESS = AccountSignatures.address(CURVE.publicKey(SECRET));

    private final KeyPair provider = P256.generate(RANDOM);
    private final TestIdentity auditor = TestIdentity.of("auditor");
    private @Nullable Genesis genesis;
    private byte[] serviceId = new byte[0];

    private static byte[] secret() {
        byte[] secret = new byte[32];
        Arrays.fill(secret, (byte) 7);
        return secret;
    }

    private static String sign(String text) {
        return "0x" + Hex.encode(AccountSignatures.sign(text, SECRET, CURVE));
    }

    @BeforeEach
    void begin() throws Exception {
        genesis = found(2, new AccessDefaults("open", "bound", "own", false), Map.of("kv", "{}"));
        serviceId = ServiceId.of(
                genesis.bytes(),
                Certificates.fromPem(Files.readString(folder.resolve("service.pem")))
                        .getPublicKey());
        startAll(2);
        assertThat(put(0, "/kv/key", "value")).as("nobody in particular").isEqualTo(401);
    }

    // ---------------------------------------------------------------- logins

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String encode(String text) {
        return encode(text.getBytes(StandardCharsets.UTF_8));
    }

    private OidcIssuer issuer() {
        byte[] point = P256.encode(provider.getPublic());
        String key = "{\"alg\":\"ES256\",\"crv\":\"P-256\",\"kid\":\"k1\",\"kty\":\"EC\",\"x\":\""
                + encode(Arrays.copyOfRange(point, 1, 33)) + "\",\"y\":\"" + encode(Arrays.copyOfRange(point, 33, 65))
                + "\"}";
        return new OidcIssuer(ISSUER, "acme", "coco", "{\"keys\":[" + key + "]}");
    }

    /** What the identity provider gives to who signs in there. */
    private String login(KeyPair key, String subject) {
        long now = Instant.now().getEpochSecond();
        String claims = "{\"iss\":\"%s\",\"aud\":\"coco\",\"sub\":\"%s\",\"iat\":%d,\"exp\":%d}"
                .formatted(ISSUER, subject, now, now + 600);
        String signed = encode("{\"alg\":\"ES256\",\"kid\":\"k1\"}") + "." + encode(claims);
        byte[] hash = Sha256.hash(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + encode(P256.sign(key.getPrivate(), hash));
    }

    @Test
    @Tag("I8")
    void shouldLeadFromAnIssuersAdmissionToReadsAndBackAgain() throws Exception {
        String token = login(provider, "alice");
        assertThat(logIn(0, token)).as("an issuer that nobody admitted").isEqualTo("401 unknown-issuer");
        decide(new Action.SetOidcIssuer(issuer()));
        assertThat(logIn(0, login(P256.generate(RANDOM), "alice")))
                .as("somebody else's signature")
                .startsWith("401 ");
        assertThat(logIn(0, token)).isEqualTo("403 not-bound");

        String consent = sign(Agreement.binding(serviceId, ISSUER, "alice", "ethereum", ADDRESS));
        String binding = "{\"token\":\"%s\",\"address\":\"%s\",\"signature\":\"%s\"}"
                .formatted(token, Hex.encode(ADDRESS), consent);
        assertThat(outcome(post(0, "/access/bindings", binding)))
                .as("an account that no organisation has enrolled")
                .isEqualTo("403 not-enrolled");
        enrol();
        assertThat(outcome(post(0, "/access/bindings", binding.replace(token, login(provider, "bob")))))
                .as("consent to another person")
                .isEqualTo("401 signature");
        assertThat(outcome(post(0, "/access/bindings", binding))).isEqualTo("201");
        assertThat(logIn(0, login(provider, "bob"))).isEqualTo("403 not-bound");

        JsonNode opened = JSON.readTree(
                post(0, "/access/logins", "{\"token\":\"" + token + "\"}").body());
        assertThat(opened.get("address").asString()).isEqualTo("0x" + Hex.encode(ADDRESS));
        String session = opened.get("token").asString();
        assertThat(write(0, session)).isEqualTo(200);
        for (int node = 0; node < 2; node++) {
            assertThat(read(node, session)).as("node-%d", node + 1).isEqualTo("200 value");
            assertThat(outcome(get(node, "/kv/key"))).isEqualTo("401");
        }

        String done = transaction(session, "first");
        String refused = transaction(session, "another of the same id");
        assertThat(status(done, session)).isEqualTo("committed");
        assertThat(status(refused, session)).isEqualTo("invalid");
        assertThat(List.of(status(done, null), status(refused, null), status("00".repeat(32), null)))
                .as("to nobody in particular")
                .containsOnly("unknown");

        decide(new Action.RemoveOidcIssuer(ISSUER));
        for (int node = 0; node < 2; node++) {
            int asked = node;
            await(() -> read(asked, session).startsWith("403 "));
        }
        assertThat(logIn(1, token)).isEqualTo("401 unknown-issuer");
    }

    private String transaction(String session, String value) throws Exception {
        HttpResponse<String> put = send(authorized(0, "/kv/named?id=1", session).PUT(BodyPublishers.ofString(value)));
        return JSON.readTree(put.body()).get("transaction").asString();
    }

    private String status(String transaction, @Nullable String session) throws Exception {
        String path = "/journal/status/" + transaction;
        HttpResponse<String> reply = send(session == null ? request(0, path) : authorized(0, path, session));
        return JSON.readTree(reply.body()).get("status").asString();
    }

    private String logIn(int node, String token) throws Exception {
        return outcome(post(node, "/access/logins", "{\"token\":\"" + token + "\"}"));
    }

    // ---------------------------------------------------------------- auditors

    @Test
    void shouldAnswerAnAuditorWhatItsGrantNamesAndRecordThatFirst() throws Exception {
        enrol();
        String user = JSON.readTree(administrative(
                                member,
                                "POST",
                                "/access/certificate",
                                "{\"ledger\":\"ethereum\",\"address\":\"" + Hex.encode(ADDRESS) + "\"}")
                        .body())
                .get("token")
                .asString();
        assertThat(write(0, user)).isEqualTo(200);
        String grant = "{\"grant\":\"review\"}";
        assertThat(outcome(administrative(auditor, "POST", "/access/auditor", grant)))
                .isEqualTo("403 no-grant");
        String key = "kv:" + HexFormat.of().formatHex("key".getBytes(StandardCharsets.US_ASCII));
        decide(new Action.GrantAuditor(new AuditorGrant("review", auditor.certificate(), List.of(key), 1_000_000)));
        assertThat(outcome(administrative(member, "POST", "/access/auditor", grant)))
                .as("another certificate than the grant's")
                .isEqualTo("403 no-grant");
        HttpResponse<String> opened = administrative(auditor, "POST", "/access/auditor", grant);
        assertThat(opened.statusCode()).as(opened.body()).isEqualTo(201);
        String token = JSON.readTree(opened.body()).get("token").asString();
        assertThat(uses()).isEmpty();

        assertThat(read(0, token)).isEqualTo("200 value");
        assertThat(uses()).containsExactly("review kv get [6b6579]");
        for (int asked = 0; asked < 5; asked++) {
            assertThat(read(1, token)).isEqualTo("200 value");
        }
        assertThat(outcome(send(authorized(0, "/kv/other", token)))).isEqualTo("404");
        assertThat(uses().stream().distinct())
                .as("once a minute, whichever node was asked")
                .containsExactlyInAnyOrder("review kv get [6b6579]", "review kv get [6f74686572]");
        assertThat(outcome(send(authorized(0, "/kv/key", token).PUT(BodyPublishers.ofString("changed")))))
                .isEqualTo("403");
        assertThat(outcome(administrative(auditor, "GET", "/access/uses", ""))).isEqualTo("403 unknown-actor");

        // In two minutes at most: one of them has more than is told apart.
        for (int asked = 0; asked < 3 * UserLimits.USES_PER_MINUTE; asked++) {
            assertThat(outcome(send(authorized(0, "/kv/k" + asked, token)))).isEqualTo("404");
        }
        assertThat(uses()).contains("review kv * [*]").hasSizeLessThan(2 * UserLimits.USES_PER_MINUTE + 4);

        decide(new Action.RevokeAuditor("review"));
        for (int node = 0; node < 2; node++) {
            int asked = node;
            await(() -> read(asked, token).startsWith("403 no-grant"));
        }
    }

    private List<String> uses() throws Exception {
        JsonNode page =
                JSON.readTree(administrative(member, "GET", "/access/uses", "").body());
        List<String> uses = new ArrayList<>();
        for (JsonNode use : page.required("uses")) {
            List<String> contracts = new ArrayList<>();
            use.required("contracts").forEach(each -> contracts.add(each.asString()));
            uses.add(use.get("grant").asString() + " " + use.get("ledger").asString() + " "
                    + use.get("kind").asString() + " " + contracts);
            assertThat(use.get("certificate").asString()).hasSize(64);
            assertThat(Instant.parse(use.get("time").asString()))
                    .isBeforeOrEqualTo(Instant.now().plusSeconds(5));
        }
        return uses;
    }

    // ---------------------------------------------------------------- helpers

    private void enrol() throws Exception {
        String consent = sign(Agreement.enrolment(serviceId, "acme", "ethereum", ADDRESS));
        String body = "{\"ledger\":\"ethereum\",\"address\":\"%s\",\"signature\":\"%s\"}"
                .formatted(Hex.encode(ADDRESS), consent);
        assertThat(outcome(administrative(member, "POST", "/access/enrolments", body)))
                .isEqualTo("201");
    }

    private HttpRequest.Builder authorized(int node, String path, String token) {
        return request(node, path).header("Authorization", "Bearer " + token);
    }

    private int write(int node, String token) throws Exception {
        return send(authorized(node, "/kv/key", token).PUT(BodyPublishers.ofString("value")))
                .statusCode();
    }

    private String read(int node, String token) {
        try {
            HttpResponse<String> reply = send(authorized(node, "/kv/key", token));
            return reply.statusCode() == 200 ? "200 " + reply.body() : outcome(reply);
        } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private HttpResponse<String> post(int node, String path, String body) throws Exception {
        return send(request(node, path).POST(BodyPublishers.ofString(body)));
    }

    private static String outcome(HttpResponse<String> reply) {
        String code = reply.body().startsWith("{\"error\":{")
                ? " " + JSON.readTree(reply.body()).at("/error/code").asString()
                : "";
        return reply.statusCode() + code;
    }

    private HttpResponse<String> administrative(TestIdentity client, String method, String path, String body)
            throws Exception {
        try (HttpClient connection = administrative(
                client,
                Objects.requireNonNull(genesis).nodes().nodes().getFirst().certificate())) {
            return connection.send(
                    HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + ports.get(2) + path))
                            .method(method, BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.ofString());
        }
    }

    private void decide(Action action) throws Exception {
        var answer = Documents.json(
                administrative(member, "GET", "/gov/constitution", "").body().getBytes(StandardCharsets.UTF_8), "");
        Constitution now = Constitution.parse(answer.get("document").toString().getBytes(StandardCharsets.UTF_8));
        long height = JSON.readTree(get(0, "/node/state").body()).get("height").asLong();
        try (HttpClient connection = administrative(
                member,
                Objects.requireNonNull(genesis).nodes().nodes().getFirst().certificate())) {
            new Governors(member, serviceId)
                    .pass(connection, URI.create("https://127.0.0.1:" + ports.get(2)), now, height, action);
        }
    }
}
