package coco.client.signing;

import coco.crypto.Hex;
import coco.crypto.P256;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Azure Key Vault, Microsoft Entra's token endpoint and the two metadata services of managed identities, as their
 * public references describe requests and answers. Strict: what the reference demands and a request lacks is answered
 * 400.
 */
final class FakeVault {
    static final String KEY = "/keys/governance/0123456789abcdef0123456789abcdef";
    static final String CLIENT_SECRET = "s3cret+/&=~";
    static final String TOKEN = "eyJ0.token-of.vault_";
    static final String SERVICE_HEADER = "header-of-the-service";

    private static final JsonMapper JSON = new JsonMapper();
    private static final String RESOURCE = "https%3A%2F%2Fvault.azure.net";

    private final KeyPair keys;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile boolean mayOnlyRead;
    private volatile @Nullable String signatures;
    private volatile @Nullable String logins;
    private @Nullable HttpServer server;

    private record Answer(int status, String body) {}

    FakeVault(KeyPair keys) {
        this.keys = keys;
    }

    void start() throws IOException {
        HttpServer started = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        started.createContext("/", this::handle);
        started.start();
        server = started;
    }

    void stop() {
        if (server != null) {
            server.stop(0);
        }
    }

    String base() {
        if (server == null) {
            throw new IllegalStateException("not started");
        }
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    List<String> requests() {
        return requests;
    }

    void refuseToSign() {
        mayOnlyRead = true;
    }

    void answerSignaturesWith(String body) {
        signatures = body;
    }

    void answerLoginsWith(String body) {
        logins = body;
    }

    private void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String target = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        Answer answer = answer(exchange, target, body);
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private Answer answer(HttpExchange exchange, String target, String body) {
        if (target.equals("POST /tenant/oauth2/v2.0/token")) {
            return login(body);
        }
        if (target.equals("GET /metadata/identity/oauth2/token?api-version=2018-02-01&resource=" + RESOURCE)) {
            return token("machine", "true".equals(exchange.getRequestHeaders().getFirst("Metadata")));
        }
        if (target.equals("GET /service?api-version=2019-08-01&resource=" + RESOURCE)) {
            String header = exchange.getRequestHeaders().getFirst("X-IDENTITY-HEADER");
            return token("service", SERVICE_HEADER.equals(header));
        }
        if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            return new Answer(401, "{\"error\":{\"code\":\"Unauthorized\",\"message\":\"AKV10000\"}}");
        }
        if (target.equals("GET " + KEY + "?api-version=7.4")) {
            requests.add("get");
            return new Answer(200, publicKey());
        }
        if (target.equals("POST " + KEY + "/sign?api-version=7.4")) {
            return sign(JSON.readTree(body));
        }
        return new Answer(400, "{\"error\":{\"code\":\"BadParameter\",\"message\":\"" + target + "\"}}");
    }

    private Answer login(String form) {
        String expected = "grant_type=client_credentials&client_id=client&client_secret=s3cret%2B%2F%26%3D%7E"
                + "&scope=" + RESOURCE + "%2F.default";
        if (!form.equals(expected)) {
            return new Answer(401, "{\"error\":\"invalid_client\",\"error_description\":\"invalid client secret\"}");
        }
        String other = logins;
        return other == null ? token("login", true) : new Answer(200, other);
    }

    private Answer token(String kind, boolean allowed) {
        requests.add(kind);
        return allowed
                ? new Answer(200, "{\"token_type\":\"Bearer\",\"expires_in\":3599,\"access_token\":\"" + TOKEN + "\"}")
                : new Answer(400, "{\"error\":\"invalid_request\"}");
    }

    private String publicKey() {
        byte[] point = P256.encode(keys.getPublic());
        String x = base64(Arrays.copyOfRange(point, 1, 33));
        String y = base64(Arrays.copyOfRange(point, 33, 65));
        return "{\"key\":{\"kid\":\"" + base() + KEY + "\",\"kty\":\"EC\",\"key_ops\":[\"sign\",\"verify\"],"
                + "\"crv\":\"P-256\",\"x\":\"" + x + "\",\"y\":\"" + y + "\"},\"attributes\":{\"enabled\":true}}";
    }

    private Answer sign(JsonNode request) {
        requests.add("sign");
        if (mayOnlyRead) {
            String words = "The user does not have keys sign permission";
            return new Answer(403, "{\"error\":{\"code\":\"Forbidden\",\"message\":\"" + words + "\"}}");
        }
        String canned = signatures;
        if (canned != null) {
            return new Answer(200, canned);
        }
        byte[] hash = Base64.getUrlDecoder().decode(request.path("value").stringValue(""));
        if (!request.path("alg").stringValue("").equals("ES256") || hash.length != 32) {
            return new Answer(400, "{\"error\":{\"message\":\"" + Hex.encode(hash) + "\"}}");
        }
        String value = base64(P256.sign(keys.getPrivate(), hash));
        return new Answer(200, "{\"kid\":\"" + base() + KEY + "\",\"value\":\"" + value + "\"}");
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
