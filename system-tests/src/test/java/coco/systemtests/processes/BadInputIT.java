package coco.systemtests.processes;

import static coco.systemtests.processes.EthereumClient.CURVE;
import static coco.systemtests.processes.EthereumClient.SECRET;
import static coco.systemtests.processes.EthereumClient.raw;
import static coco.systemtests.processes.EthereumClient.transaction;
import static org.assertj.core.api.Assertions.assertThat;

import coco.crypto.Hex;
import coco.evm.types.Address;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Everything that a client can get wrong, told to a live network. Each mistake gets its standard error; afterwards
 * every node still answers, nothing of the inside was told or logged, and the committed state is what it was.
 */
@Tag("processes")
class BadInputIT {
    private static final long SEED = Long.getLong("coco.fuzz.seed", 20_261_123L);
    private static final int SPOILED_REQUESTS = 600;
    private static final Address NOBODY = Address.of(0xdead_beefL);
    private static final String[] INSIDE = {"Exception", "coco.", "java.", "at io.", "helidon", "jackson", "\tat "};

    @TempDir
    private static Path folder = Path.of("");

    private static List<ProcessNetwork> networks = List.of();
    private static String stateBefore = "";

    private final ProcessNetwork network = networks.getFirst();
    private final EthereumClient ethereum = new EthereumClient(network);

    @BeforeAll
    static void startNetwork() throws Exception {
        ProcessNetwork network = new ProcessNetwork(folder.resolve("network"), Map.of("rpc.maxBodyBytes", "1MiB"));
        networks = List.of(network);
        new EthereumClient(network).execute(1, NOBODY, new byte[0]);
        network.awaitLevel();
        stateBefore = state(network);
    }

    @AfterAll
    static void stopNetwork() {
        networks.forEach(ProcessNetwork::close);
    }

    @AfterEach
    void assertUnharmed() throws Exception {
        network.awaitLevel();
        assertThat(state(network)).isEqualTo(stateBefore);
        for (int node = 1; node <= ProcessNetwork.NODES; node++) {
            assertThat(network.process(node).isAlive()).isTrue();
            String log = Files.readString(network.local().folder().log(node));
            assertThat(log).doesNotContain(" ERROR ").doesNotContain("\tat ").doesNotContain("a request to");
        }
    }

    /** Height, block hash and the account's nonce and balance, as every node has them. */
    private static String state(ProcessNetwork network) throws IOException, InterruptedException {
        EthereumClient ethereum = new EthereumClient(network);
        String sender = Transaction.Builder.addressOf(CURVE, SECRET).hex();
        List<String> states = new ArrayList<>();
        for (int node = 1; node <= ProcessNetwork.NODES; node++) {
            long height = network.height(node);
            states.add(String.join(
                    " ",
                    Long.toString(height),
                    network.hash(node, height),
                    ethereum.call(node, "eth_blockNumber").get("result").asString(),
                    ethereum.call(node, "eth_getBalance", sender, "latest")
                            .get("result")
                            .asString(),
                    ethereum.call(node, "eth_getTransactionCount", sender, "pending")
                            .get("result")
                            .asString()));
        }
        assertThat(states).containsOnly(states.getFirst());
        return states.getFirst();
    }

    private static void assertNothingInside(byte[] body) {
        assertThat(new String(body, StandardCharsets.UTF_8)).doesNotContain(INSIDE);
    }

    // ---- JSON-RPC ----

    private void assertError(String body, int code, String words) throws IOException, InterruptedException {
        for (int node = 1; node <= ProcessNetwork.NODES; node++) {
            HttpResponse<byte[]> reply = ethereum.post(node, body);
            assertThat(reply.statusCode()).isEqualTo(200);
            assertNothingInside(reply.body());
            JsonNode error = JsonMapper.shared().readTree(reply.body()).path("error");
            assertThat(error.path("code").asInt(0)).as(abbreviated(body)).isEqualTo(code);
            assertThat(error.path("message").asString("")).as(abbreviated(body)).contains(words);
        }
    }

    private static String abbreviated(String text) {
        return text.length() < 300 ? text : text.substring(0, 300);
    }

    private static String request(String method, String params) {
        return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":" + params + "}";
    }

    @Test
    void shouldSayParseErrorWhenTheBodyIsNoJson() throws Exception {
        for (String body : List.of(
                "",
                "{",
                "[",
                "nonsense",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_chainId\"",
                "{'jsonrpc':'2.0'}",
                "{\"a\":1}{\"b\":2}",
                "\u0000",
                "{\"id\":0x1}",
                "{\"id\":" + "9".repeat(2_000) + "}")) {
            assertError(body, -32_700, "parse error");
        }
        assertError(request("eth_chainId", "[".repeat(100_000) + "]".repeat(100_000)), -32_700, "parse error");
        assertError("[".repeat(500_000), -32_700, "parse error");
        assertError("{\"a\":".repeat(100_000), -32_700, "parse error");
        assertError("{\"jsonrpc\":\"2.0\",\"id\":" + "[".repeat(40) + "]".repeat(40) + "}", -32_700, "parse error");
    }

    @Test
    void shouldSayInvalidRequestWhenItIsNotOne() throws Exception {
        for (String body : List.of(
                "1",
                "null",
                "\"text\"",
                "{}",
                "{\"jsonrpc\":\"2.0\",\"id\":1}",
                "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"eth_chainId\"}",
                "{\"jsonrpc\":2.0,\"id\":1,\"method\":\"eth_chainId\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":[],\"method\":\"eth_chainId\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":5}")) {
            assertError(body, -32_600, "invalid request");
        }
        assertError("[]", -32_600, "empty batch");
        String call = request("eth_chainId", "[]");
        assertError("[" + String.join(",", Collections.nCopies(1_001, call)) + "]", -32_600, "batch too large");
        HttpResponse<byte[]> mixed = ethereum.post(1, "[1,[],null," + call + "]");
        JsonNode answers = JsonMapper.shared().readTree(mixed.body());
        assertThat(answers).hasSize(4);
        assertThat(answers.get(0).get("error").get("code").asInt()).isEqualTo(-32_600);
        assertThat(answers.get(3).get("result").asString()).isEqualTo("0x539");
    }

    @Test
    void shouldSayWhichMethodIsUnknown() throws Exception {
        for (String method :
                List.of("eth_nothing", "admin_peers", "personal_sign", "debug_setHead", "", "eth_\\ud800")) {
            assertError(request(method, "[]"), -32_601, "does not exist/is not available");
        }
    }

    @Test
    void shouldSayInvalidParamsWhenTypesAreWrong() throws Exception {
        String address = "\"0x00000000000000000000000000000000deadbeef\"";
        assertError(request("eth_getBalance", "{}"), -32_602, "non-array args");
        assertError(request("eth_getBalance", "5"), -32_602, "non-array args");
        for (String params : List.of(
                "[]",
                "[1]",
                "[null]",
                "[{}]",
                "[[]]",
                "[true]",
                "[\"0x12\"]",
                "[\"0xzz\"]",
                "[\"x\"]",
                "[" + address + ",5]",
                "[" + address + ",\"0x01\"]",
                "[" + address + ",\"soon\"]",
                "[" + address + ",\"latest\",1]",
                "[" + address + ",{\"blockHash\":\"0x1\"}]")) {
            assertError(request("eth_getBalance", params), -32_602, "");
        }
        for (String params : List.of(
                "[5]",
                "[{\"to\":5}]",
                "[{\"to\":" + address + ",\"value\":\"-0x1\"}]",
                "[{\"to\":" + address + ",\"gas\":\"0x" + "f".repeat(17) + "\"}]",
                "[{\"to\":" + address + ",\"data\":\"0x1\"}]",
                "[{\"to\":" + address + ",\"accessList\":5}]")) {
            assertError(request("eth_call", params), -32_602, "");
        }
        assertError(request("eth_getLogs", "[{\"topics\":[[[]]]}]"), -32_602, "");
        assertError(
                request("eth_getLogs", "[{\"fromBlock\":\"0x2\",\"toBlock\":\"0x1\"}]"),
                -32_602,
                "invalid block range");
        assertError(request("eth_sendRawTransaction", "[{}]"), -32_602, "");
        assertError(request("eth_sendRawTransaction", "[\"0xabc\"]"), -32_602, "odd length");
    }

    @Test
    void shouldRefuseTransactionsInGethsWords() throws Exception {
        Transaction valid = transaction(1, NOBODY, new byte[0]).sign(CURVE, SECRET);
        byte[] bytes = valid.encoded();
        byte[] stranger = Arrays.copyOf(new byte[] {9, 9, 9}, 32);
        assertSubmission("0x", "typed transaction too short");
        assertSubmission("0xc0", "rlp");
        assertSubmission("0xf8", "rlp");
        assertSubmission("0xffffffffffffffffff", "rlp");
        assertSubmission("0xb9ffff", "");
        assertSubmission("0x05" + "c0", "transaction type not supported");
        assertSubmission("0x" + Hex.encode(Arrays.copyOf(bytes, bytes.length - 1)), "rlp");
        assertSubmission("0x" + Hex.encode(Arrays.copyOf(bytes, bytes.length + 1)), "rlp");
        assertSubmission(
                raw(transaction(1, NOBODY, new byte[0]).chainId(4).sign(CURVE, SECRET)),
                "invalid sender: invalid chain id for signer: have 4 want 1337");
        assertSubmission(
                raw(Transaction.builder(Transaction.Type.LEGACY)
                        .nonce(1)
                        .gasLimit(21_000)
                        .to(NOBODY)
                        .sign(CURVE, SECRET)),
                "only replay-protected (EIP-155) transactions allowed over RPC");
        assertSubmission(raw(transaction(1, NOBODY, new byte[0]).signed(0, Word.ZERO, Word.ONE)), "v, r, s values");
        assertSubmission(raw(transaction(1, NOBODY, new byte[0]).signed(0, Word.ONE, Word.MAX)), "v, r, s values");
        assertSubmission(raw(transaction(0, NOBODY, new byte[0]).sign(CURVE, SECRET)), "nonce too low");
        assertSubmission(
                raw(transaction(0, NOBODY, new byte[0]).value(Word.ONE).sign(CURVE, stranger)), "insufficient funds");
        assertSubmission(
                raw(transaction(1, NOBODY, new byte[0]).gasLimit(20_999).sign(CURVE, SECRET)), "intrinsic gas too low");
        assertSubmission(
                raw(transaction(1, NOBODY, new byte[0]).gasLimit(-1).sign(CURVE, SECRET)), "exceeds block gas limit");
        assertSubmission(raw(transaction(-1, NOBODY, new byte[0]).sign(CURVE, SECRET)), "nonce has max value");
        assertSubmission(
                raw(transaction(1, NOBODY, new byte[140_000])
                        .gasLimit(16_000_000)
                        .sign(CURVE, SECRET)),
                "oversized data");
        assertSubmission(
                raw(transaction(1, null, new byte[50_000]).gasLimit(16_000_000).sign(CURVE, SECRET)),
                "max initcode size exceeded");
    }

    private void assertSubmission(String raw, String words) throws IOException, InterruptedException {
        assertError(request("eth_sendRawTransaction", "[\"" + raw + "\"]"), -32_000, words);
    }

    // ---- HTTP ----

    @Test
    void shouldAnswerWithTheStatusThatHttpHasForIt() throws Exception {
        String host = "Host: localhost";
        String length = "Content-Length: 2";
        assertStatus(413, ascii("POST / HTTP/1.1", host, "Content-Length: 1048577", "", "x".repeat(1_048_577)));
        assertStatus(413, chunked(1_100_000));
        assertStatus(405, ascii("GET / HTTP/1.1", host, "", ""));
        assertStatus(405, ascii("DELETE / HTTP/1.1", host, "", ""));
        assertStatus(404, ascii("POST /nothing HTTP/1.1", host, length, "", "{}"));
        assertStatus(415, ascii("POST / HTTP/1.1", host, length, "Content-Encoding: gzip", "", "{}"));
        assertStatus(403, ascii("POST / HTTP/1.1", "Host: evil.example", length, "", "{}"));
        assertStatus(403, ascii("POST / HTTP/1.1", host, "Origin: http://evil.example", length, "", "{}"));
        assertStatus(414, ascii("GET /" + "a".repeat(5_000) + " HTTP/1.1", host, "", ""));
        assertStatus(400, ascii("GET /node/state HTTP/1.1", host, "X: " + "y".repeat(40_000), "", ""));
        // No request at all: the connection is closed without a word.
        assertThat(exchange(1, ascii("nonsense", "", ""))).isEmpty();
        assertStatus(400, ascii("POST / HTTP/1.1", host, "Content-Length: x", "", "{}"));
        assertStatus(400, ascii("POST / HTTP/1.1", host, "Transfer-Encoding: chunked", "", "zz", ""));
        assertStatus(400, ascii("GET /node/state?height=-1 HTTP/1.1", host, "", ""));
        assertStatus(400, ascii("GET /node/state?height=" + "9".repeat(30) + " HTTP/1.1", host, "", ""));
        assertStatus(400, ascii("POST /kv HTTP/1.1", host, length, "", "{}"));
        assertStatus(400, ascii("POST /kv HTTP/1.1", host, "Content-Length: 20", "", "[{\"key\":\"\\ud800abc\"}]"));
        assertStatus(400, ascii("PUT /kv/" + "k".repeat(251) + " HTTP/1.1", host, length, "", "{}"));
        assertStatus(400, ascii("PUT /kv/k HTTP/1.1", host, "Content-Length: 65537", "", "x".repeat(65_537)));
        assertStatus(400, ascii("PUT /kv/k?id=" + "i".repeat(65) + " HTTP/1.1", host, length, "", "{}"));
    }

    private void assertStatus(int status, byte[] request) throws IOException {
        byte[] answer = exchange(1, request);
        assertNothingInside(answer);
        assertThat(new String(answer, StandardCharsets.ISO_8859_1))
                .as(abbreviated(new String(request, StandardCharsets.ISO_8859_1)))
                .startsWith("HTTP/1.1 " + status);
    }

    private byte[] exchange(int node, byte[] request) throws IOException {
        int port = network.local().description().ports().http(node);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            // Beside the reading: a node that has answered does not take the rest of a body.
            Thread.ofVirtual().start(() -> write(socket, request));
            return socket.getInputStream().readAllBytes();
        }
    }

    private static void write(Socket socket, byte[] request) {
        try {
            socket.getOutputStream().write(request);
            socket.shutdownOutput();
        } catch (IOException answeredBefore) {
            // The answer says why.
            return;
        }
    }

    private static byte[] chunked(int length) {
        return ascii(
                "POST / HTTP/1.1",
                "Host: localhost",
                "Transfer-Encoding: chunked",
                "",
                Integer.toHexString(length),
                "x".repeat(length),
                "0",
                "",
                "");
    }

    private static byte[] ascii(String... lines) {
        return String.join("\r\n", lines).getBytes(StandardCharsets.ISO_8859_1);
    }

    // ---- anything ----

    @Test
    void shouldStayUnharmedWhenRequestsAreSpoiledAtRandom() throws Exception {
        Random random = new Random(SEED);
        Transaction refused = transaction(0, NOBODY, new byte[20]).sign(CURVE, SECRET);
        List<byte[]> requests = Stream.of(
                        request("eth_sendRawTransaction", "[\"" + raw(refused) + "\"]"),
                        request("eth_call", "[{\"to\":\"" + NOBODY.hex() + "\",\"data\":\"0x01\"},\"latest\"]"),
                        "[" + request("eth_getLogs", "[{\"fromBlock\":\"0x0\"}]") + "," + request("eth_chainId", "[]")
                                + "]")
                .map(body -> ascii(
                        "POST / HTTP/1.1",
                        "Host: localhost",
                        "Connection: close",
                        "Content-Length: " + body.length(),
                        "",
                        body))
                .toList();
        for (int i = 0; i < SPOILED_REQUESTS; i++) {
            byte[] request = requests.get(random.nextInt(requests.size())).clone();
            for (int edits = random.nextInt(4); edits >= 0; edits--) {
                request[random.nextInt(request.length)] = (byte) random.nextInt(256);
            }
            try {
                byte[] answer = exchange(1 + i % ProcessNetwork.NODES, request);
                assertNothingInside(answer);
                assertThat(new String(answer, StandardCharsets.ISO_8859_1))
                        .as("seed %d round %d", SEED, i)
                        .doesNotStartWith("HTTP/1.1 5")
                        .doesNotContain("crashed");
            } catch (SocketTimeoutException e) {
                throw new AssertionError("seed " + SEED + " round " + i, e);
            } catch (IOException reset) {
                // An answer too; whether the node lives is asked afterwards.
                assertThat(reset).isNotNull();
            }
        }
    }
}
