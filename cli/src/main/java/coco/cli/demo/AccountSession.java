package coco.cli.demo;

import coco.cli.access.AccountOption;
import coco.cli.access.SignIn;
import coco.cli.console.CliException;
import coco.client.ClientLimits;
import coco.client.NodeClient;
import coco.client.NodeClient.Page;
import coco.crypto.Hex;
import coco.crypto.Secp256k1;
import coco.evm.types.Address;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import coco.governance.document.Documents;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** An account that is signed in at a node, and sends transactions without fees. For one thread. */
final class AccountSession implements AutoCloseable {
    /** As long as preparing the demonstration may take. */
    private static final Duration LIFE = Duration.ofMinutes(10);

    /** Most that one transaction may use (EIP-7825). */
    private static final long GAS = 1L << 24;

    private final AccountOption.Account account;
    private final NodeClient node;
    private final Map<String, String> headers;
    private final long chainId;
    private long nonce;

    private AccountSession(AccountOption.Account account, NodeClient node, String token, long chainId) {
        this.account = account;
        this.node = node;
        this.headers = Map.of("Authorization", "Bearer " + token);
        this.chainId = chainId;
        this.nonce = Long.decode(
                call("eth_getTransactionCount", account.name(), "latest").asString());
    }

    /**
     * Signs in.
     *
     * @param url of the node's plain listener
     * @throws CliException the node refuses
     */
    static AccountSession open(AccountOption.Account account, URI url) {
        NodeClient node = new NodeClient(url, null, ClientLimits.DEFAULT);
        JsonNode nonce = accepted(node.get("/access/nonce"));
        ObjectNode request = SignIn.request(account, url, nonce, LIFE, List.of("*"), "coco demo");
        JsonNode opened =
                accepted(node.post("/access/sessions", request.toString().getBytes(StandardCharsets.UTF_8)));
        return new AccountSession(
                account,
                node,
                opened.required("token").stringValue(),
                nonce.required("chainId").asLong());
    }

    /** Deploys a contract. */
    Address create(byte[] creationCode) {
        return Address.fromHex(
                execute(null, creationCode).required("contractAddress").stringValue());
    }

    /** Calls a contract by a transaction. */
    void send(Address contract, byte[] data) {
        execute(contract, data);
    }

    private JsonNode execute(@Nullable Address to, byte[] data) {
        Transaction signed = Transaction.builder(Transaction.Type.DYNAMIC_FEE)
                .chainId(chainId)
                .nonce(nonce++)
                .gasLimit(GAS)
                .to(to)
                .value(Word.ZERO)
                .data(data)
                .sign(Secp256k1.fastest(), account.secret());
        JsonNode receipt = call("eth_sendRawTransactionSync", "0x" + Hex.encode(signed.encoded()));
        if (!receipt.path("status").asString("").equals("0x1")) {
            throw new CliException("a transaction that prepares the demonstration failed", "See: coco logs");
        }
        return receipt;
    }

    private JsonNode call(String method, String... parameters) {
        ObjectNode request =
                Documents.object().put("jsonrpc", "2.0").put("id", 1).put("method", method);
        for (String parameter : parameters) {
            request.withArray("params").add(parameter);
        }
        byte[] body = request.toString().getBytes(StandardCharsets.UTF_8);
        JsonNode answer = node.send("POST", "", headers, body).body();
        JsonNode error = answer.path("error");
        if (error.isObject()) {
            throw new CliException(
                    method + " was refused: " + error.path("message").asString(""), "See: coco logs");
        }
        return answer.required("result");
    }

    /** The answer of a page, if it is no refusal. */
    static JsonNode accepted(Page page) {
        if (page.status() >= 300) {
            String words = page.body().path("error").path("message").asString("status " + page.status());
            throw new CliException("a node refused: " + words, "See: coco logs");
        }
        return page.body();
    }

    @Override
    public void close() {
        node.close();
    }
}
