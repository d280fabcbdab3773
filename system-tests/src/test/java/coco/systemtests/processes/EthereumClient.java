package coco.systemtests.processes;

import coco.cli.network.KnownAccounts;
import coco.crypto.Hex;
import coco.crypto.Secp256k1;
import coco.evm.types.Address;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Speaks JSON-RPC to the nodes of a {@link ProcessNetwork}, and signs with one of its funded accounts. */
final class EthereumClient {
    static final Secp256k1 CURVE = Secp256k1.fastest();
    static final long CHAIN_ID = 1337;
    static final byte[] SECRET =
            Hex.decode(KnownAccounts.ALL.getFirst().privateKey().substring(2));
    private static final JsonMapper JSON = JsonMapper.shared();

    private final ProcessNetwork network;
    private long nonce;

    EthereumClient(ProcessNetwork network) {
        this.network = network;
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
        Transaction signed = transaction(nonce++, to, data).sign(CURVE, SECRET);
        JsonNode answer = call(node, "eth_sendRawTransactionSync", raw(signed));
        if (!answer.path("result").isObject()) {
            throw new AssertionError("not executed: " + answer);
        }
        return answer.get("result");
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

    HttpResponse<byte[]> post(int node, String body) throws IOException, InterruptedException {
        return network.send(HttpRequest.newBuilder(network.url(node, "/"))
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8))
                .build());
    }
}
