package coco.cli.demo.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import coco.cli.console.CliException;
import coco.cli.console.Console;
import coco.client.JsonRpcClient;
import coco.crypto.Hex;
import coco.crypto.Keccak256;
import coco.evm.transition.SystemCalls;
import coco.evm.types.Address;
import coco.evm.types.Fork;
import coco.evm.types.Word;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Against a small endpoint that answers as geth does. */
final class BlockFetcherTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Address CONTRACT = Address.fromHex("0x00000000000000000000000000000000000000b7");
    private static final String CODE = "0x600133550000";
    private static final String CODE_HASH = "0x" + Hex.encode(Keccak256.hash(Hex.decode(CODE.substring(2))));

    private final SourceTransaction first = TestTransactions.transfer(1, 3, 5, 0);
    private final SourceTransaction second = TestTransactions.call(2, 0, 5, 1, 100_000, CONTRACT, null);
    /** Answers by method; with its first parameter where that matters. */
    private final Map<String, String> answers = new TreeMap<>();

    @TempDir
    private Path folder = Path.of("");

    private final HttpServer server = bound();

    @BeforeEach
    void answerAsANodeDoes() {
        answers.put("eth_chainId", "\"0x7a69\"");
        answers.put("eth_getBlockByNumber", """
                {"number":"0x9","hash":"0x%s","parentHash":"0x%s","timestamp":"0x65000000","gasLimit":"0x1c9c380",
                "gasUsed":"0xf000","miner":"0x%s","difficulty":"0x0","mixHash":"0x01","baseFeePerGas":"0x3",
                "withdrawalsRoot":"0x00","excessBlobGas":"0x0","requestsHash":"0x00","uncles":[],"withdrawals":[],
                "size":"0x300","totalDifficulty":null,"transactions":[%s,%s]}
                """.formatted(
                        "aa".repeat(32), "bb".repeat(32), "22".repeat(20), transaction(first), transaction(second)));
        answers.put("eth_getRawTransactionByHash " + hash(first), raw(first));
        answers.put("eth_getRawTransactionByHash " + hash(second), raw(second));
        answers.put("debug_traceBlockByNumber", """
                [{"txHash":"0x01","result":{"%s":{"balance":"0xffff","nonce":3},"0x%s":{"balance":"0x0"}}},
                {"txHash":"0x02","result":{"%s":{"balance":"0xfff0","nonce":4},
                "%s":{"balance":"0x7","nonce":1,"code":"%s","storage":{"0x%s":"0x%s"}}}}]
                """.formatted(
                        first.sender().hex(),
                        "22".repeat(20),
                        first.sender().hex(),
                        CONTRACT.hex(),
                        CODE,
                        "0".repeat(63) + "5",
                        "0".repeat(63) + "6"));
        answers.put("eth_getBlockReceipts", """
                [{"status":"0x1","gasUsed":"0x5208"},{"status":"0x0","gasUsed":"0x6000"}]""");
        answers.put("eth_getCode", "\"0x\"");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void shouldWriteAFolderThatCanBeReadAsOneOfBlocks() {
        assertThat(fetch("9..9")).isEqualTo(2);

        BlockFolder blocks = BlockFolder.open(folder);
        assertThat(blocks.numbers(BlockRange.parse("0.."))).containsExactly(9L);
        SourceBlock read = blocks.read(9);
        assertThat(read.rules().chainId()).isEqualTo(31_337);
        assertThat(read.rules().fork()).isEqualTo(Fork.OSAKA);
        assertThat(read.environment().gasLimit()).isEqualTo(30_000_000);
        assertThat(read.environment().baseFee()).isEqualTo(Word.of(3));
        assertThat(read.transactions())
                .extracting(SourceTransaction::sender, SourceTransaction::recorded)
                .containsExactly(
                        tuple(first.sender(), new SourceTransaction.Outcome(true, 21_000)),
                        tuple(second.sender(), new SourceTransaction.Outcome(false, 0x6000)));
        assertThat(blocks.codes()).containsEntry(CODE_HASH, CODE);
    }

    @Test
    void shouldKeepWhatAnAccountWasBeforeTheBlockAndNotWhatALaterTransactionFound() {
        fetch("9..9");

        SourceBlock read = BlockFolder.open(folder).read(9);
        AccountState sender = Objects.requireNonNull(read.preState().get(first.sender()));
        assertThat(sender.balance()).isEqualTo(Word.of(0xffff));
        assertThat(sender.nonce()).isEqualTo(3);
        AccountState contract = Objects.requireNonNull(read.preState().get(CONTRACT));
        assertThat(contract.codeHash()).isEqualTo(CODE_HASH);
        assertThat(contract.storage()).containsOnly(Map.entry(Word.of(5), Word.of(6)));
    }

    @Test
    void shouldFetchTheContractsThatABlockCallsByItself() {
        String queue = SystemCalls.WITHDRAWAL_REQUESTS.hex();
        answers.put("eth_getCode " + queue, "\"0x6001\"");
        answers.put("eth_getBalance", "\"0x0\"");
        answers.put("eth_getTransactionCount", "\"0x1\"");
        answers.put("eth_getStorageAt", "\"0x" + "0".repeat(64) + "\"");
        // One request waits: its three slots begin behind the four fields of the queue.
        answers.put("eth_getStorageAt " + queue + " 3", "\"0x1\"");
        answers.put("eth_getStorageAt " + queue + " 6", "\"0x77\"");

        fetch("9..9");

        AccountState contract = Objects.requireNonNull(
                BlockFolder.open(folder).read(9).preState().get(SystemCalls.WITHDRAWAL_REQUESTS));
        assertThat(contract.storage())
                .hasSize(7)
                .containsEntry(Word.of(3), Word.ONE)
                .containsEntry(Word.of(6), Word.of(0x77));
    }

    @Test
    void shouldKeepTheCodesOfAnEarlierFetch() {
        fetch("9..9");
        answers.put("debug_traceBlockByNumber", """
                [{"result":{"%s":{"balance":"0x1"}}},{"result":{"%s":{"balance":"0x1","code":"0x6002"}}}]
                """.formatted(first.sender().hex(), CONTRACT.hex()));

        fetch("9..9");

        assertThat(BlockFolder.open(folder).codes()).hasSize(2).containsEntry(CODE_HASH, CODE);
    }

    @Test
    void shouldNotBelieveOtherBytesThanTheHashes() {
        answers.put("eth_getRawTransactionByHash " + hash(second), raw(first));

        assertThatThrownBy(() -> fetch("9..9"))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("other bytes for transaction " + hash(second));
    }

    @Test
    void shouldSayWhatTheEndpointLacks() {
        answers.put("eth_getBlockByNumber", "null");
        assertThatThrownBy(() -> fetch("9..9")).hasMessageContaining("has no block 9");

        answerAsANodeDoes();
        answers.put("debug_traceBlockByNumber", "[]");
        assertThatThrownBy(() -> fetch("9..9")).hasMessageContaining("traced 0 of 2 transactions");

        assertThatThrownBy(() -> fetch("0..20000")).hasMessageContaining("more than 10000 blocks");
    }

    @Test
    void shouldDoWithoutReceipts() {
        answers.put("eth_getBlockReceipts", "null");

        fetch("9..9");

        assertThat(BlockFolder.open(folder).read(9).transactions())
                .extracting(SourceTransaction::recorded)
                .containsOnlyNulls();
    }

    private int fetch(String range) {
        URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        PrintStream nowhere = new PrintStream(PrintStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        try (JsonRpcClient rpc = new JsonRpcClient(url)) {
            return new BlockFetcher(rpc, folder, new Console(nowhere, nowhere, false, false))
                    .fetch(BlockRange.parse(range));
        }
    }

    private HttpServer bound() {
        try {
            HttpServer made = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            made.createContext("/", exchange -> {
                JsonNode request = JSON.readTree(exchange.getRequestBody().readAllBytes());
                byte[] reply = reply(request).getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, reply.length);
                exchange.getResponseBody().write(reply);
                exchange.close();
            });
            made.start();
            return made;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private String reply(JsonNode request) {
        String method = request.path("method").asString("");
        JsonNode parameters = request.path("params");
        String address = method + " " + parameters.path(0).asString("");
        String place = parameters.path(1).asString("").replaceFirst("^0x0*", "");
        String answer = List.of(address + " " + place, address, method).stream()
                .filter(answers::containsKey)
                .findFirst()
                .map(answers::get)
                .orElse(null);
        String id = request.path("id").toString();
        return answer == null
                ? "{\"jsonrpc\":\"2.0\",\"id\":%s,\"error\":{\"code\":-32601,\"message\":\"no %s\"}}"
                        .formatted(id, method)
                : "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":%s}".formatted(id, answer);
    }

    private static String transaction(SourceTransaction source) {
        return "{\"hash\":\"%s\",\"from\":\"%s\"}"
                .formatted(hash(source), source.sender().hex());
    }

    private static String hash(SourceTransaction source) {
        return "0x" + Hex.encode(source.transaction().hash());
    }

    private static String raw(SourceTransaction source) {
        return "\"0x" + Hex.encode(source.transaction().encoded()) + "\"";
    }
}
