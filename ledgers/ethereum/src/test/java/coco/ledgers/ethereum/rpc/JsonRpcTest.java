package coco.ledgers.ethereum.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.types.Address;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import coco.ledgers.api.Endpoint;
import coco.ledgers.api.RpcSettings;
import coco.ledgers.api.testing.SingleNode;
import coco.ledgers.ethereum.EthereumLedgerFactory;
import coco.ledgers.ethereum.testing.Contracts;
import coco.ledgers.ethereum.testing.Keys;
import coco.ledgers.ethereum.testing.Rpc;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class JsonRpcTest {
    private static final String REVERT_REASON =
            "08c379a0" + "0".repeat(62) + "20" + "0".repeat(63) + "5" + "68656c6c6f" + "0".repeat(54);

    private final SingleNode node = new SingleNode(new EthereumLedgerFactory(), Keys.genesis(4));
    private final Rpc rpc = new Rpc(node);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {                                                             | -32700 | parse error
            [                                                             | -32700 | parse error
            {"jsonrpc":"2.0","id":1,"method":"eth_chainId"} trailing      | -32700 | parse error
            []                                                            | -32600 | empty batch
            1                                                             | -32600 | invalid request
            "text"                                                        | -32600 | invalid request
            {}                                                            | -32600 | invalid request
            {"id":1,"method":"eth_chainId"}                               | -32600 | invalid request
            {"jsonrpc":"1.0","id":1,"method":"eth_chainId"}               | -32600 | invalid request
            {"jsonrpc":"2.0","id":{},"method":"eth_chainId"}              | -32600 | invalid request
            {"jsonrpc":"2.0","id":1,"method":{"a":[1]}}                   | -32600 | invalid request
            {"jsonrpc":"2.0","id":1,"method":"eth_nothing"}               | -32601 | the method eth_nothing does not exist/is not available
            {"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":{}}   | -32602 | non-array args
            """)
    void shouldAnswerMalformedRequestsWithTheStandardErrors(String body, int code, String message) {
        JsonNode error = rpc.raw(body).get("error");
        assertThat(error.get("code").asInt()).isEqualTo(code);
        assertThat(error.get("message").asString()).isEqualTo(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            eth_getBalance       | []                                  | -32602 missing value for required argument 0
            eth_getBalance       | [null]                              | -32602 missing value for required argument 0
            eth_getBalance       | [1]                                 | -32602 invalid argument 0: json: cannot unmarshal non-string into Go value of type common.Address
            eth_getBalance       | ["0x12"]                            | -32602 invalid argument 0: hex string has length 2, want 40 for common.Address
            eth_getBalance       | ["0x1"]                             | -32602 invalid argument 0: json: cannot unmarshal hex string of odd length into Go value of type common.Address
            eth_getBalance       | ["12"]                              | -32602 invalid argument 0: json: cannot unmarshal hex string without 0x prefix into Go value of type common.Address
            eth_getBalance       | ["0x00000000000000000000000000000000deadbeef", "0x01"] | -32602 invalid argument 1: hex number with leading zero digits
            eth_getBalance       | ["0x00000000000000000000000000000000deadbeef", "3"]    | -32602 invalid argument 1: hex string without 0x prefix
            eth_getBalance       | ["0x00000000000000000000000000000000deadbeef", "0x9"]  | -32000 header not found
            eth_getBalance       | ["0x00000000000000000000000000000000deadbeef", "latest", 1]  | -32602 too many arguments, want at most 2
            eth_getBlockByNumber | ["latest"]                          | -32602 missing value for required argument 1
            eth_getBlockByNumber | ["latest", "yes"]                   | -32602 invalid argument 1: json: cannot unmarshal string into Go value of type bool
            eth_getStorageAt     | ["0x00000000000000000000000000000000deadbeef", "0x00000000000000000000000000000000000000000000000000000000000000000", "latest"] | -32602 storage key too long (want at most 32 bytes): "0x00000000000000000000000000000000000000000000000000000000000000000"
            eth_getLogs          | [{"fromBlock": "0x2", "toBlock": "0x1"}] | -32602 invalid block range params
            eth_getLogs          | [{"fromBlock": "0x0", "toBlock": "0x9"}] | -32602 block range extends beyond current head block
            eth_call             | [{"to": 5}]                         | -32602 invalid argument 0: json: cannot unmarshal non-string into Go value of type common.Address
            eth_call             | [{"value": "0x3635c9adc5dea00001", "from": "0x00000000000000000000000000000000deadbeef", "to": "0x00000000000000000000000000000000deadbeef"}] | -32000 err: insufficient funds for gas * price + value: address 0x00000000000000000000000000000000DeaDBeef have 0 want 1000000000000000000001 (supplied gas 50000000)
            eth_sendRawTransaction | ["0x"]                            | -32000 typed transaction too short
            eth_sendRawTransaction | ["0x05c0"]                        | -32000 transaction type not supported
            eth_sendRawTransaction | ["0xc0"]                          | -32000 rlp: missing item at byte 1
            """)
    void shouldRefuseWrongParametersInGethsWords(String method, String params, String expected) {
        Object[] values = Rpc.MAPPER.readValue(params, Object[].class);
        assertThat(rpc.error(method, values)).isEqualTo(expected);
    }

    @Test
    void shouldRefuseTransactionsInGethsWords() {
        assertThat(sendError(Keys.transfer(0).chainId(1)))
                .isEqualTo("-32000 invalid sender: invalid chain id for signer: have 1 want 1337");
        assertThat(sendError(Keys.transfer(0).gasLimit(20_999)))
                .isEqualTo("-32000 intrinsic gas too low: gas 20999, minimum needed 21000");
        assertThat(sendError(Keys.transfer(0).gasLimit(100_000_001))).isEqualTo("-32000 exceeds block gas limit");
        assertThat(sendError(Keys.transfer(0).gasLimit(16_777_217)))
                .isEqualTo("-32000 transaction gas limit too high (cap: 16777216, tx: 16777217)");
        assertThat(sendError(Keys.transfer(0).fees(Word.of(2), Word.ONE)))
                .isEqualTo("-32000 max priority fee per gas higher than max fee per gas");
        assertThat(sendError(Keys.transfer(0).data(new byte[1_000]).gasLimit(30_000)))
                .isEqualTo("-32000 insufficient gas for floor data gas cost: gas 30000, minimum needed 31000");
        Transaction unprotected = Transaction.builder(Transaction.Type.LEGACY)
                .to(Address.of(1))
                .gasLimit(21_000)
                .sign(Keys.CURVE, Keys.secret(0));
        assertThat(rpc.error("eth_sendRawTransaction", Rpc.raw(unprotected)))
                .isEqualTo("-32000 only replay-protected (EIP-155) transactions allowed over RPC");
        Transaction forged = Keys.transfer(0).signed(0, Word.ONE, Word.MAX);
        assertThat(rpc.error("eth_sendRawTransaction", Rpc.raw(forged)))
                .isEqualTo("-32000 invalid sender: invalid transaction v, r, s values");
        Transaction good = Keys.transfer(0).sign(Keys.CURVE, Keys.secret(0));
        rpc.result("eth_sendRawTransaction", Rpc.raw(good));
        assertThat(rpc.error("eth_sendRawTransaction", Rpc.raw(good)))
                .isEqualTo("-32000 nonce too low: next nonce 1, tx nonce 0");
    }

    @Test
    void shouldGiveRevertDataAndReason() {
        String address = deployCounter();
        JsonNode error = callError(address, REVERT_REASON);
        assertThat(error.get("code").asInt()).isEqualTo(3);
        assertThat(error.get("message").asString()).isEqualTo("execution reverted: hello");
        assertThat(error.get("data").asString()).isEqualTo("0x" + REVERT_REASON);
        assertThat(callError(address, "01020304").get("message").asString()).isEqualTo("execution reverted");
        assertThat(callError(address, "4e487b71" + "0".repeat(62) + "11")
                        .get("message")
                        .asString())
                .isEqualTo("execution reverted: arithmetic underflow or overflow");
        JsonNode estimate = rpc.send("eth_estimateGas", Map.of("to", address, "data", "0x" + REVERT_REASON));
        assertThat(estimate.get("error").get("message").asString()).isEqualTo("execution reverted: hello");
    }

    @Test
    void shouldEstimateGasThatIsEnoughAndNotMuchMore() {
        String address = deployCounter();
        assertThat(rpc.result("eth_estimateGas", Map.of("to", Address.of(99).hex()))
                        .asString())
                .isEqualTo("0x5208");
        long estimate =
                Long.decode(rpc.result("eth_estimateGas", Map.of("to", address)).asString());
        JsonNode receipt = rpc.result(
                "eth_sendRawTransactionSync",
                Rpc.raw(Keys.transfer(0)
                        .to(Address.fromHex(address))
                        .value(Word.ZERO)
                        .gasLimit(estimate)
                        .sign(Keys.CURVE, Keys.secret(1))));
        assertThat(receipt.get("status").asString()).isEqualTo("0x1");
        long used = Long.decode(receipt.get("gasUsed").asString());
        assertThat(estimate).isBetween(used, used + used / 30);
    }

    @Test
    void shouldAnswerCallsAndKeepNothing() {
        String address = deployCounter();
        for (int i = 0; i < 2; i++) {
            assertThat(rpc.result("eth_call", Map.of("to", address), "latest").asString())
                    .isEqualTo("0x" + "0".repeat(63) + "1");
        }
        assertThat(rpc.result("eth_call", Map.of("to", address), "0x0").asString())
                .isEqualTo("0x");
    }

    @Test
    void shouldReadOldStatesForAsLongAsTheyAreKept() {
        String counter = deployCounter();
        for (int i = 1; i <= 3; i++) {
            assertThat(rpc.result("eth_call", Map.of("to", counter), "latest").asString())
                    .endsWith("0" + i);
            rpc.result(
                    "eth_sendRawTransaction",
                    Rpc.raw(Keys.transfer(i - 1)
                            .gasLimit(100_000)
                            .to(Address.fromHex(counter))
                            .sign(Keys.CURVE, Keys.secret(1))));
        }
        long head = Long.decode(rpc.result("eth_blockNumber").asString());
        for (int back = 0; back < 3; back++) {
            String block = "0x" + Long.toHexString(head - back);
            assertThat(rpc.result("eth_call", Map.of("to", counter), block).asString())
                    .endsWith("0" + (4 - back));
            assertThat(rpc.result("eth_getStorageAt", counter, "0x0", block).asString())
                    .endsWith("0" + (3 - back));
            assertThat(rpc.result("eth_getTransactionCount", Keys.address(1).hex(), block)
                            .asString())
                    .isEqualTo("0x" + (3 - back));
        }
        node.stateBlocks(2);
        JsonNode old = rpc.result("eth_getBlockByNumber", "0x" + Long.toHexString(head - 2), false);
        String expected =
                "-32000 historical state " + old.get("stateRoot").asString().substring(2) + " is not available";
        for (Object tag : List.of(old.get("number"), Map.of("blockHash", old.get("hash")))) {
            assertThat(rpc.error("eth_call", Map.of("to", counter), tag)).isEqualTo(expected);
            assertThat(rpc.error("eth_getBalance", counter, tag)).isEqualTo(expected);
            assertThat(rpc.error("eth_getCode", counter, tag)).isEqualTo(expected);
            assertThat(rpc.error("eth_getStorageAt", counter, "0x0", tag)).isEqualTo(expected);
            assertThat(rpc.error("eth_getTransactionCount", counter, tag)).isEqualTo(expected);
        }
        assertThat(rpc.result("eth_getBalance", counter, "0x" + Long.toHexString(head - 1))
                        .asString())
                .isEqualTo("0x2");
    }

    @Test
    void shouldAnswerEveryRequestOfABatchInOrder() {
        String first = Rpc.raw(Keys.transfer(0).sign(Keys.CURVE, Keys.secret(0)));
        String second = Rpc.raw(Keys.transfer(1).sign(Keys.CURVE, Keys.secret(0)));
        Endpoint.Reply reply = rpc.reply("""
                [{"jsonrpc":"2.0","id":"a","method":"eth_sendRawTransaction","params":["%s"]},
                 {"jsonrpc":"2.0","method":"eth_chainId"},
                 7,
                 {"jsonrpc":"2.0","id":null,"method":"eth_chainId"},
                 {"jsonrpc":"2.0","id":3.5,"method":"eth_sendRawTransaction","params":["%s"]}]
                """.formatted(first, second));
        assertThat(reply.headers()).containsEntry("Coco-Transaction-Status", "committed");
        JsonNode responses = Rpc.MAPPER.readTree(reply.body());
        assertThat(responses).hasSize(4);
        assertThat(responses.get(0).get("id").asString()).isEqualTo("a");
        assertThat(responses.get(0).has("result")).isTrue();
        assertThat(responses.get(1).get("error").get("code").asInt()).isEqualTo(-32_600);
        assertThat(responses.get(2).get("id").isNull()).isTrue();
        assertThat(responses.get(2).get("result").asString()).isEqualTo("0x539");
        assertThat(responses.get(3).get("id").asString()).isEqualTo("3.5");
        assertThat(responses.get(3).has("result")).isTrue();
    }

    @Test
    void shouldAnswerNothingToNotifications() {
        assertThat(rpc.reply("{\"jsonrpc\":\"2.0\",\"method\":\"eth_chainId\"}").body())
                .isEmpty();
        assertThat(rpc.reply("[{\"jsonrpc\":\"2.0\",\"method\":\"eth_chainId\"}]")
                        .body())
                .isEmpty();
    }

    @Test
    void shouldSayPendingWhenTheBlockIsNotAppliedInTime() {
        node.mining(false).settings(settings(5, 1_000));
        String raw = Rpc.raw(Keys.transfer(0).sign(Keys.CURVE, Keys.secret(0)));
        Endpoint.Reply reply = rpc.reply(
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_sendRawTransaction\",\"params\":[\"" + raw + "\"]}");
        assertThat(reply.headers()).containsEntry("Coco-Transaction-Status", "pending");
        JsonNode sync =
                rpc.send("eth_sendRawTransactionSync", Rpc.raw(Keys.transfer(1).sign(Keys.CURVE, Keys.secret(0))));
        assertThat(sync.get("error").get("code").asInt()).isEqualTo(4);
        JsonNode gapped =
                rpc.send("eth_sendRawTransactionSync", Rpc.raw(Keys.transfer(9).sign(Keys.CURVE, Keys.secret(0))));
        assertThat(gapped.get("error").get("code").asInt()).isEqualTo(5);
    }

    @Test
    void shouldRefuseBatchesAndNestingBeyondTheLimits() {
        SingleNode small = new SingleNode(new EthereumLedgerFactory(), Keys.genesis(1));
        String call = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_chainId\"}";
        String batch = "[" + String.join(",", Collections.nCopies(1_001, call)) + "]";
        assertThat(new Rpc(small).raw(batch).get("error").get("message").asString())
                .isEqualTo("batch too large");
        String deep = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_call\",\"params\":" + "[".repeat(40)
                + "]".repeat(40) + "}";
        assertThat(rpc.raw(deep).get("error").get("code").asInt()).isEqualTo(-32_700);
    }

    @Test
    void shouldGiveIdsBackAsTheyWereSent() {
        assertThat(answer("1e400")).contains("\"id\":1E+400");
        assertThat(answer("0.1000000000000000055511151231257827"))
                .contains("\"id\":0.1000000000000000055511151231257827");
        assertThat(answer("9".repeat(90))).contains("\"id\":" + "9".repeat(90));
        assertThat(answer("9e9999999999999999999999999")).contains("-32700");
    }

    @Test
    void shouldAnswerWhenTextsHoldHalvesOfSurrogatePairs() {
        assertThat(answer("\"a\\ud834\"")).contains("\"id\":\"a\ufffd\"").contains("result");
        assertThat(rpc.raw("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_\\udd1e\"}")
                        .get("error")
                        .get("message")
                        .asString())
                .isEqualTo("the method eth_\ufffd does not exist/is not available");
        // Cut in the middle of a pair.
        assertThat(rpc.error("eth_getStorageAt", Keys.address(0).hex(), "x".repeat(95) + "𝄞", "latest"))
                .startsWith("-32602 storage key too long");
    }

    private String answer(String id) {
        Endpoint.Reply reply = rpc.reply("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"eth_chainId\"}");
        return new String(reply.body(), StandardCharsets.UTF_8);
    }

    @Test
    void shouldStopAnsweringABatchWhenTheResponseGrowsTooLarge() {
        Transaction large =
                Keys.transfer(0).data(new byte[120_000]).gasLimit(2_000_000).sign(Keys.CURVE, Keys.secret(0));
        rpc.result("eth_sendRawTransaction", Rpc.raw(large));
        String call = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_getBlockByNumber\",\"params\":[\"latest\",true]}";
        Endpoint.Reply reply = rpc.reply("[" + String.join(",", Collections.nCopies(200, call)) + "]");
        assertThat(reply.body()).hasSizeLessThan(26_000_000);
        JsonNode responses = Rpc.MAPPER.readTree(reply.body());
        assertThat(responses).hasSize(200);
        assertThat(responses.get(99).has("result")).isTrue();
        assertThat(responses.get(199).get("error").get("code").asInt()).isEqualTo(-32_003);
        assertThat(responses.get(199).get("error").get("message").asString()).isEqualTo("response too large");
    }

    @Test
    void shouldReadTheStateFromBeforeWhenABatchAlsoSends() {
        String raw = Rpc.raw(Keys.transfer(0).sign(Keys.CURVE, Keys.secret(0)));
        JsonNode responses =
                rpc.raw("[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_sendRawTransaction\",\"params\":[\"" + raw
                        + "\"]},{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"eth_blockNumber\"}]");
        assertThat(responses.get(1).get("result").asString()).isEqualTo("0x0");
        assertThat(rpc.result("eth_blockNumber").asString()).isEqualTo("0x1");
    }

    @Test
    void shouldBoundTheDataOfEventsInOneAnswer() {
        // PUSH3 1,000,000 PUSH1 0 LOG0 STOP
        String address = rpc.result(
                        "eth_sendRawTransactionSync",
                        Rpc.raw(creation(new byte[] {0x62, 0x0f, 0x42, 0x40, 0x60, 0, (byte) 0xa0, 0})))
                .get("contractAddress")
                .asString();
        for (int nonce = 1; nonce <= 13; nonce++) {
            rpc.result(
                    "eth_sendRawTransaction",
                    Rpc.raw(Keys.transfer(nonce)
                            .to(Address.fromHex(address))
                            .value(Word.ZERO)
                            .gasLimit(12_000_000)
                            .sign(Keys.CURVE, Keys.secret(0))));
        }
        assertThat(logs(Map.of("fromBlock", "0x2", "toBlock", "0xd"))).hasSize(12);
        assertThat(rpc.error("eth_getLogs", Map.of("fromBlock", "0x2", "toBlock", "0xe")))
                .isEqualTo("-32003 response too large");
    }

    @Test
    void shouldFindLogsByAddressAndTopics() {
        String address = deployCounter();
        for (int sender = 1; sender <= 3; sender++) {
            rpc.result(
                    "eth_sendRawTransaction",
                    Rpc.raw(Keys.transfer(0)
                            .to(Address.fromHex(address))
                            .value(Word.ZERO)
                            .gasLimit(100_000)
                            .sign(Keys.CURVE, Keys.secret(sender))));
        }
        String second = "0x000000000000000000000000" + Keys.address(2).hex().substring(2);
        assertThat(logs(Map.of("fromBlock", "0x0", "toBlock", "latest"))).hasSize(3);
        assertThat(logs(Map.of("fromBlock", "earliest", "address", address))).hasSize(3);
        assertThat(logs(Map.of("fromBlock", "0x0", "address", Address.of(1).hex())))
                .isEmpty();
        JsonNode found = logs(Map.of("fromBlock", "0x0", "topics", List.of(second)));
        assertThat(found).hasSize(1);
        assertThat(found.get(0).get("blockNumber").asString()).isEqualTo("0x3");
        assertThat(logs(Map.of("fromBlock", "0x0", "topics", List.of(List.of(second, "0x" + "1".repeat(64))))))
                .hasSize(1);
        assertThat(logs(Map.of("blockHash", found.get(0).get("blockHash").asString())))
                .hasSize(1);
        assertThat(logs(Map.of())).hasSize(1);
        node.settings(settings(2_000, 2));
        SingleNode limited = node;
        assertThat(new Rpc(limited).error("eth_getLogs", Map.of("fromBlock", "0x0")))
                .isEqualTo("-32602 query exceeds max block range 2");
    }

    @Test
    void shouldServeBlocksTransactionsAndFees() {
        Transaction transaction = Keys.transfer(0).fees(Word.of(3), Word.of(9)).sign(Keys.CURVE, Keys.secret(0));
        rpc.result("eth_sendRawTransaction", Rpc.raw(transaction));
        JsonNode block = rpc.result("eth_getBlockByNumber", "latest", true);
        assertThat(rpc.result("eth_getBlockByHash", block.get("hash").asString(), true))
                .isEqualTo(block);
        assertThat(block.get("transactions")).hasSize(1);
        JsonNode shown = block.get("transactions").get(0);
        assertThat(rpc.result("eth_getTransactionByHash", Rpc.hex(transaction.hash())))
                .isEqualTo(shown);
        assertThat(rpc.result("eth_getTransactionByBlockNumberAndIndex", "0x1", "0x0"))
                .isEqualTo(shown);
        assertThat(shown.get("gasPrice").asString()).isEqualTo("0x3");
        JsonNode receipt = rpc.result("eth_getTransactionReceipt", Rpc.hex(transaction.hash()));
        assertThat(rpc.result("eth_getBlockReceipts", "latest").get(0)).isEqualTo(receipt);
        assertThat(receipt.get("effectiveGasPrice").asString()).isEqualTo("0x3");
        JsonNode fees = rpc.result("eth_feeHistory", "0x5", "latest", new double[] {0, 100});
        assertThat(fees.get("oldestBlock").asString()).isEqualTo("0x0");
        assertThat(fees.get("baseFeePerGas")).hasSize(3);
        assertThat(fees.get("reward").get(1).get(1).asString()).isEqualTo("0x3");
        assertThat(rpc.result("eth_getBlockByNumber", "0x7", false).isNull()).isTrue();
        assertThat(rpc.result("eth_getTransactionReceipt", "0x" + "12".repeat(32))
                        .isNull())
                .isTrue();
        for (String method : List.of(
                "web3_clientVersion",
                "net_version",
                "eth_gasPrice",
                "eth_maxPriorityFeePerGas",
                "eth_syncing",
                "eth_accounts")) {
            rpc.result(method);
        }
    }

    @Test
    void shouldAlwaysAnswerWithAResponseWhateverTheBytes() {
        deployCounter();
        Random random = new Random(0xf022);
        List<String> seeds = List.of(
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_call\",\"params\":[{\"to\":\"0x00000000000000000000000000000000deadbeef\",\"data\":\"0x01\",\"gas\":\"0x10000\"},\"latest\"]}",
                "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_getLogs\",\"params\":[{\"fromBlock\":\"0x0\",\"topics\":[null,[\"0x"
                        + "ab".repeat(32)
                        + "\"]]}]},{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"eth_getBlockByNumber\",\"params\":[\"0x1\",true]}]",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_feeHistory\",\"params\":[\"0x4\",\"latest\",[1,50.5]]}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_estimateGas\",\"params\":[{\"from\":\"0x00000000000000000000000000000000deadbeef\",\"value\":\"0x0\",\"accessList\":[{\"address\":\"0x00000000000000000000000000000000deadbeef\",\"storageKeys\":[]}]}]}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_sendRawTransaction\",\"params\":[\""
                        + Rpc.raw(Keys.transfer(0).sign(Keys.CURVE, Keys.secret(2))) + "\"]}");
        for (int i = 0; i < 6_000; i++) {
            byte[] body = seeds.get(random.nextInt(seeds.size())).getBytes(StandardCharsets.UTF_8);
            for (int change = random.nextInt(4); change >= 0; change--) {
                body[random.nextInt(body.length)] =
                        (byte) (random.nextBoolean() ? random.nextInt(256) : "0x\"[]{},:n".charAt(random.nextInt(10)));
            }
            Endpoint.Reply reply = node.post(body);
            assertThat(reply.status()).isEqualTo(200);
            if (reply.body().length > 0) {
                JsonNode response = Rpc.MAPPER.readTree(reply.body());
                JsonNode one = response.isArray() ? response.get(0) : response;
                assertThat(one.has("result") || one.has("error"))
                        .as("round %d", i)
                        .isTrue();
                assertThat(new String(reply.body(), StandardCharsets.UTF_8))
                        .as("round %d", i)
                        .doesNotContain("crashed")
                        .doesNotContain("coco.");
            }
        }
    }

    private static RpcSettings settings(long replyMillis, int blocks) {
        RpcSettings defaults = RpcSettings.DEFAULTS;
        return defaults.toBuilder()
                .replyTimeoutMillis(replyMillis)
                .maxScannedBlocks(blocks)
                .build();
    }

    private JsonNode logs(Map<String, ?> filter) {
        return rpc.result("eth_getLogs", filter);
    }

    private JsonNode callError(String address, String data) {
        return rpc.send("eth_call", Map.of("to", address, "data", "0x" + data), "latest")
                .get("error");
    }

    private String sendError(Transaction.Builder fields) {
        return rpc.error("eth_sendRawTransaction", Rpc.raw(fields.sign(Keys.CURVE, Keys.secret(0))));
    }

    private String deployCounter() {
        return rpc.result("eth_sendRawTransactionSync", Rpc.raw(creation(Contracts.COUNTER)))
                .get("contractAddress")
                .asString();
    }

    private static Transaction creation(byte[] runtime) {
        return Keys.transfer(0)
                .to(null)
                .value(Word.ZERO)
                .gasLimit(200_000)
                .data(Contracts.creation(runtime))
                .sign(Keys.CURVE, Keys.secret(0));
    }
}
