package coco.systemtests.processes;

import coco.cli.network.KnownAccounts;
import coco.crypto.AccountSignatures;
import coco.crypto.Hex;
import coco.crypto.Secp256k1;
import coco.evm.types.Address;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import coco.governance.users.SignInMessage;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Speaks JSON-RPC to the nodes of a {@link ProcessNetwork}, and signs with one of its funded accounts. It is nobody in
 * particular until it signs in.
 */
final class EthereumClient {
    static final Secp256k1 CURVE = Secp256k1.fastest();
    static final long CHAIN_ID = 1337;
    static final byte[] SECRET =
            Hex.decode(KnownAccounts.ALL.getFirst().privateKey().substring(2));
    private static final JsonMapper JSON = JsonMapper.shared();

    private final ProcessNetwork network;
    private final byte[] secret;
    private String token = "";
    private long nonce;

    EthereumClient(ProcessNetwork network) {
        this(network, SECRET);
    }

    EthereumClient(ProcessNetwork network, byte[] secret) {
        this.network = network;
        this.secret = secret.clone();
    }

    Address address() {
        return Address.of(AccountSignatures.address(CURVE.publicKey(secret)));
    }

    /** Signs in with Ethereum (EIP-4361) at one node, to all that the account may see; all nodes know it then. */
    void signIn(int node) throws IOException, InterruptedException {
        JsonNode offer = JSON.readTree(network.send(HttpRequest.newBuilder(network.url(node, "/access/nonce"))
                        .build())
                .body());
        String domain = network.url(node, "").getAuthority();
        String text = new SignInMessage(
                        domain,
                        address().bytes(),
                        null,
                        "http://" + domain,
                        CHAIN_ID,
                        offer.get("nonce").stringValue(),
                        offer.get("time").stringValue(),
                        null,
                        null,
                        null,
                        List.of("coco:" + offer.get("serviceId").stringValue() + ":*"))
                .text();
        ObjectNode body = JSON.createObjectNode()
                .put("message", text)
                .put("signature", "0x" + Hex.encode(AccountSignatures.sign(text, secret, CURVE)));
        HttpResponse<byte[]> reply = network.send(HttpRequest.newBuilder(network.url(node, "/access/sessions"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
                .build());
        JsonNode session = JSON.readTree(reply.body());
        if (reply.statusCode() != 201) {
            throw new AssertionError("not signed in: " + session);
        }
        token = session.get("token").stringValue();
    }

    /** Asks by a session that was opened elsewhere. */
    void signedIn(String session) {
        token = session;
    }

    /** The header by which a request of this client says who asks; nothing if it is nobody. */
    String authorization() {
        return token.isEmpty() ? "" : "Authorization: Bearer " + token + "\r\n";
    }

    /** A call of some contract, or a creation, that lacks only its signature. */
    static Transaction.Builder transaction(long nonce, @Nullable Address to, byte[] data) {
        return Transaction.builder(Transaction.Type.DYNAMIC_FEE)
                .chainId(CHAIN_ID)
                .nonce(nonce)
                .gasLimit(500_000)
                .to(to)
                .value(Word.ZERO)
                .data(data);
    }

    static String raw(Transaction transaction) {
        return "0x" + Hex.encode(transaction.encoded());
    }

    /** Executes a transaction and returns its receipt. */
    JsonNode execute(int node, @Nullable Address to, byte[] data) throws IOException, InterruptedException {
        return execute(node, transaction(nonce, to, data).gasLimit(3_000_000));
    }

    /** Deploys a contract of any size and returns the receipt. */
    JsonNode create(int node, byte[] code) throws IOException, InterruptedException {
        return execute(node, transaction(nonce, null, code).gasLimit(5_000_000));
    }

    /** Sends a transaction that needs much gas, and returns the receipt. */
    JsonNode executeLarge(int node, Address to, byte[] data) throws IOException, InterruptedException {
        return execute(node, transaction(nonce, to, data).gasLimit(5_000_000));
    }

    private JsonNode execute(int node, Transaction.Builder transaction) throws IOException, InterruptedException {
        Transaction signed = transaction.sign(CURVE, secret);
        nonce++;
        JsonNode answer = call(node, "eth_sendRawTransactionSync", raw(signed));
        if (!answer.path("result").isObject()) {
            throw new AssertionError("not executed: " + answer);
        }
        return answer.get("result");
    }

    /** Sends the account's transaction of that nonce, and gives its hash: a gap before it has it wait. */
    String send(int node, long ofNonce, Address to) throws IOException, InterruptedException {
        Transaction signed = transaction(ofNonce, to, new byte[0]).sign(CURVE, secret);
        call(node, "eth_sendRawTransaction", raw(signed));
        return "0x" + Hex.encode(signed.hash());
    }

    /** The nonce that the account's next transaction has. */
    long nonce() {
        return nonce;
    }

    /** The whole answer to one call. */
    JsonNode call(int node, String method, Object... params) throws IOException, InterruptedException {
        ObjectNode request =
                JSON.createObjectNode().put("jsonrpc", "2.0").put("id", 1).put("method", method);
        request.set("params", JSON.valueToTree(params));
        return JSON.readTree(post(node, JSON.writeValueAsString(request)).body());
    }

    /** What a page says to this client. */
    String get(int node, String path) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(network.url(node, path)).timeout(Duration.ofSeconds(20));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return new String(network.send(request.build()).body(), StandardCharsets.UTF_8);
    }

    HttpResponse<byte[]> post(int node, String body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(network.url(node, "/"))
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return network.send(request.build());
    }
}
