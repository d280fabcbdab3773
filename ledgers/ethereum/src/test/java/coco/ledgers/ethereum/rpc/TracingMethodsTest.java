package coco.ledgers.ethereum.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.types.Block;
import coco.evm.types.Header;
import coco.evm.types.MalformedException;
import coco.evm.types.Receipt;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import coco.ledgers.api.RpcSettings;
import coco.ledgers.api.testing.SingleNode;
import coco.ledgers.ethereum.EthereumLedgerFactory;
import coco.ledgers.ethereum.testing.Contracts;
import coco.ledgers.ethereum.testing.Keys;
import coco.ledgers.ethereum.testing.Rpc;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** debug_*, trace_* on a chain of three blocks; the third has two calls of a counter by two senders. */
class TracingMethodsTest {
    private static final String NOWHERE = "0x00000000000000000000000000000000deadbeef";

    private static final List<String> METHODS = List.of(
            "debug_traceTransaction",
            "debug_traceCall",
            "debug_traceBlockByNumber",
            "debug_traceBlockByHash",
            "debug_traceBlock",
            "debug_getRawBlock",
            "debug_getRawHeader",
            "debug_getRawReceipts",
            "debug_getRawTransaction",
            "trace_block",
            "trace_transaction",
            "trace_get",
            "trace_filter",
            "trace_replayTransaction",
            "trace_replayBlockTransactions",
            "trace_call",
            "trace_callMany",
            "trace_rawTransaction",
            "eth_getProof",
            "eth_getStorageValues",
            "txpool_content",
            "txpool_contentFrom",
            "txpool_inspect",
            "txpool_status");

    private final SingleNode node = new SingleNode(new EthereumLedgerFactory(), Keys.genesis(4));
    private final Rpc rpc = new Rpc(node);
    private String counter = "";
    private Transaction first = Keys.transfer(0).sign(Keys.CURVE, Keys.secret(0));
    private Transaction second = first;

    @BeforeEach
    void makeThreeBlocks() {
        counter = rpc.result(
                        "eth_sendRawTransactionSync",
                        Rpc.raw(Keys.transfer(0)
                                .to(null)
                                .value(Word.ZERO)
                                .gasLimit(200_000)
                                .data(Contracts.creation(Contracts.COUNTER))
                                .sign(Keys.CURVE, Keys.secret(0))))
                .get("contractAddress")
                .asString();
        rpc.result("eth_sendRawTransaction", Rpc.raw(Keys.transfer(1).sign(Keys.CURVE, Keys.secret(0))));
        first = call(2, 0);
        second = call(0, 1);
        node.mining(false);
        String batch = "[" + send(first, 1) + "," + send(second, 2) + "]";
        node.settings(accepting());
        rpc.raw(batch);
        node.mine();
        node.settings(RpcSettings.DEFAULTS).mining(true);
        assertThat(rpc.result("eth_getBlockTransactionCountByNumber", "0x3").asString())
                .isEqualTo("0x2");
    }

    private static RpcSettings accepting() {
        RpcSettings usual = RpcSettings.DEFAULTS;
        return usual.toBuilder().sendReply(RpcSettings.SendReply.ACCEPTED).build();
    }

    private static String send(Transaction transaction, int id) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"eth_sendRawTransaction\",\"params\":[\""
                + Rpc.raw(transaction) + "\"]}";
    }

    private Transaction call(long nonce, int sender) {
        return Keys.transfer(nonce)
                .to(coco.evm.types.Address.fromHex(counter))
                .value(Word.ZERO)
                .gasLimit(100_000)
                .sign(Keys.CURVE, Keys.secret(sender));
    }

    private static String hash(Transaction transaction) {
        return Rpc.hex(transaction.hash());
    }

    private static String slot(long value) {
        return Rpc.hex(Word.of(value).toBytes32());
    }

    @Test
    void shouldTraceATransactionOnWhatThoseBeforeItLeft() {
        JsonNode trace = rpc.result("debug_traceTransaction", hash(second));
        String gasUsed = rpc.result("eth_getTransactionReceipt", hash(second))
                .get("gasUsed")
                .asString();
        assertThat(trace.get("gas").asLong()).isEqualTo(Long.decode(gasUsed));
        assertThat(trace.get("failed").asBoolean()).isFalse();
        assertThat(trace.get("returnValue").asString()).isEqualTo(slot(2));
        List<String> ops = new ArrayList<>();
        trace.get("structLogs").forEach(step -> ops.add(step.get("op").asString()));
        assertThat(ops)
                .startsWith("CALLDATASIZE", "PUSH1", "JUMPI")
                .contains("SLOAD", "SSTORE", "LOG1")
                .endsWith("RETURN");
        JsonNode load = trace.get("structLogs").get(ops.indexOf("SLOAD"));
        assertThat(load.get("storage").get(slot(0)).asString()).isEqualTo(slot(1));
        assertThat(rpc.result("debug_traceTransaction", hash(second), Map.of("limit", 2, "disableStack", true))
                        .get("structLogs")
                        .toString())
                .isEqualTo("[{\"pc\":0,\"op\":\"CALLDATASIZE\",\"gas\":79000,\"gasCost\":2,\"depth\":1},"
                        + "{\"pc\":1,\"op\":\"PUSH1\",\"gas\":78998,\"gasCost\":3,\"depth\":1}]");
    }

    @Test
    void shouldTraceWithEachOfGethsTracers() {
        JsonNode calls = rpc.result(
                "debug_traceTransaction",
                hash(second),
                Map.of(
                        "tracer",
                        "callTracer",
                        "tracerConfig",
                        Map.of("withLog", true),
                        "timeout",
                        "1.5s",
                        "reexec",
                        5));
        assertThat(calls.get("type").asString()).isEqualTo("CALL");
        assertThat(calls.get("to").asString()).isEqualTo(counter);
        assertThat(calls.get("output").asString()).isEqualTo(slot(2));
        JsonNode log = calls.get("logs").get(0);
        JsonNode receipt = rpc.result("eth_getTransactionReceipt", hash(second));
        assertThat(log.get("index")).isEqualTo(receipt.get("logs").get(0).get("logIndex"));
        assertThat(log.get("index").asString()).isEqualTo("0x1");

        JsonNode before = rpc.result("debug_traceTransaction", hash(second), Map.of("tracer", "prestateTracer"));
        assertThat(before.get(counter).get("storage").get(slot(0)).asString()).isEqualTo(slot(1));
        JsonNode diff = rpc.result(
                "debug_traceTransaction",
                hash(second),
                Map.of("tracer", "prestateTracer", "tracerConfig", Map.of("diffMode", true)));
        assertThat(diff.get("post").get(counter).get("storage").get(slot(0)).asString())
                .isEqualTo(slot(2));
        assertThat(rpc.result("debug_traceTransaction", hash(second), Map.of("tracer", "4byteTracer"))
                        .toString())
                .isEqualTo("{}");
    }

    @Test
    void shouldTraceWholeBlocksByNumberHashAndEncoding() {
        Map<String, String> tracer = Map.of("tracer", "callTracer");
        JsonNode byNumber = rpc.result("debug_traceBlockByNumber", "0x3", tracer);
        assertThat(byNumber.size()).isEqualTo(2);
        assertThat(byNumber.get(0).get("txHash").asString()).isEqualTo(hash(first));
        assertThat(byNumber.get(1).get("result")).isEqualTo(rpc.result("debug_traceTransaction", hash(second), tracer));
        JsonNode block = rpc.result("eth_getBlockByNumber", "0x3", false);
        assertThat(rpc.result("debug_traceBlockByHash", block.get("hash").asString(), tracer))
                .isEqualTo(byNumber);
        String raw = rpc.result("debug_getRawBlock", "0x3").asString();
        assertThat(rpc.result("debug_traceBlock", raw, tracer)).isEqualTo(byNumber);
        assertThat(rpc.error(
                        "debug_traceBlock",
                        rpc.result("debug_getRawBlock", "0x0").asString()))
                .isEqualTo("-32000 genesis is not traceable");
    }

    @Test
    void shouldTraceACallWithOverridesAndInTheMiddleOfABlock() {
        Map<String, Object> call = Map.of("to", counter);
        assertThat(rpc.result("debug_traceCall", call, "latest")
                        .get("returnValue")
                        .asString())
                .isEqualTo(slot(3));
        assertThat(rpc.result("debug_traceCall", call, "0x2").get("returnValue").asString())
                .isEqualTo(slot(1));
        assertThat(rpc.result("debug_traceCall", call, "0x3", Map.of("txIndex", "0x1"))
                        .get("returnValue")
                        .asString())
                .isEqualTo(slot(2));
        Map<String, Object> overrides =
                Map.of("stateOverrides", Map.of(counter, Map.of("stateDiff", Map.of(slot(0), slot(8)))));
        assertThat(rpc.result("debug_traceCall", call, "latest", overrides)
                        .get("returnValue")
                        .asString())
                .isEqualTo(slot(9));
        assertThat(rpc.error("debug_traceCall", call, "pending"))
                .isEqualTo("-32000 tracing on top of pending is not supported");
        assertThat(rpc.error("debug_traceCall", Map.of("to", counter, "value", "0x1"), "latest"))
                .startsWith("-32000 tracing failed: insufficient funds");
    }

    @Test
    void shouldGiveUpATraceWhoseTimeIsOver() {
        String endless = rpc.result(
                        "eth_sendRawTransactionSync",
                        Rpc.raw(Keys.transfer(3)
                                .to(null)
                                .value(Word.ZERO)
                                .gasLimit(200_000)
                                .data(Contracts.creation(Contracts.ENDLESS))
                                .sign(Keys.CURVE, Keys.secret(0))))
                .get("contractAddress")
                .asString();
        node.clockMillis(10);
        assertThat(rpc.error(
                        "debug_traceCall",
                        Map.of("to", endless),
                        "latest",
                        Map.of("tracer", "callTracer", "timeout", "1ms")))
                .isEqualTo("-32000 execution timeout");
    }

    @Test
    void shouldTraceACallInTheMiddleOfABlockByTheBlobScheduleOfTheChain() {
        String schedule =
                "\"blobSchedule\": {\"osaka\": {\"target\": 1, \"max\": 2, \"baseFeeUpdateFraction\": 5007716}}, ";
        String genesis = Keys.genesis(1).replace("\"chainId\"", schedule + "\"chainId\"");
        Rpc scheduled = new Rpc(new SingleNode(new EthereumLedgerFactory(), genesis));
        scheduled.result("eth_sendRawTransaction", Rpc.raw(Keys.transfer(0).sign(Keys.CURVE, Keys.secret(0))));
        String hash = "0x01" + "00".repeat(31);
        Map<String, Object> two = Map.of("to", NOWHERE, "blobVersionedHashes", List.of(hash, hash));
        Map<String, Object> three = Map.of("to", NOWHERE, "blobVersionedHashes", List.of(hash, hash, hash));
        for (Map<String, Object> config : List.of(Map.<String, Object>of(), Map.<String, Object>of("txIndex", "0x0"))) {
            assertThat(scheduled.result("debug_traceCall", two, "0x1", config).has("returnValue"))
                    .isTrue();
            assertThat(scheduled.error("debug_traceCall", three, "0x1", config))
                    .isEqualTo("-32000 tracing failed: blob transaction has too many blobs (max 2)");
        }
    }

    @Test
    void shouldReplaceATraceThatIsTooLargeByAnError() {
        RpcSettings usual = RpcSettings.DEFAULTS;
        node.settings(usual.toBuilder().maxReplyBytes(1_500).build());
        assertThat(rpc.error("debug_traceTransaction", hash(second))).isEqualTo("-32003 response too large");
        Map<String, Object> call = Map.of("to", NOWHERE, "data", "0x" + "00".repeat(1_000));
        assertThat(rpc.error("debug_traceCall", call, "latest", Map.of("tracer", "callTracer")))
                .startsWith("-32003 response too large");
        assertThat(rpc.error("trace_call", call, List.of("trace"))).startsWith("-32003 response too large");
        assertThat(rpc.result("trace_call", call, List.of()).toString())
                .as("a list that nobody asked for")
                .isEqualTo("{\"output\":\"0x\",\"trace\":[],\"stateDiff\":null,\"vmTrace\":null}");
        assertThat(rpc.result("eth_chainId").asString()).isEqualTo("0x539");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            debug_traceTransaction   | ["0x0000000000000000000000000000000000000000000000000000000000000001"] | -32000 transaction not found
            debug_traceBlockByNumber | ["0x0"]                                | -32000 genesis is not traceable
            debug_traceBlockByNumber | ["0x99"]                               | -32000 block #153 not found
            debug_traceBlockByHash   | ["0x0000000000000000000000000000000000000000000000000000000000000001"] | -32000 block 0x0000000000000000000000000000000000000000000000000000000000000001 not found
            debug_traceBlock         | ["0x01"]                               | -32000 could not decode block: rlp: wrong shape at byte 0
            debug_traceBlockByNumber | ["0x1", {"tracer": "function(){}"}]    | -32000 tracer not found
            debug_traceBlockByNumber | ["0x1", {"tracer": 5}]                 | -32602 invalid argument 1: json: cannot unmarshal into Go struct field TraceConfig.tracer of type string
            debug_traceBlockByNumber | ["0x1", {"timeout": "soon"}]           | -32000 time: invalid duration "soon"
            debug_traceBlockByNumber | ["0x1", {"limit": "5"}]                | -32602 invalid argument 1: json: cannot unmarshal into Go struct field TraceConfig.limit of type int
            debug_traceBlockByNumber | ["0x1", {"tracer": "prestateTracer", "tracerConfig": {"diffMode": true, "includeEmpty": true}}] | -32000 cannot use diffMode with includeEmpty
            debug_traceCall          | [{}, "0x3", {"txIndex": "0x2"}]        | -32000 transaction index 2 out of range
            debug_getRawHeader       | ["0x99"]                               | -32000 block #153 not found
            trace_filter             | [{"mode": "or"}] | -32602 invalid argument 0: mode is neither union nor intersection
            trace_call               | [{}, ["calls"]]                        | -32602 invalid argument 1: unrecognized trace type: "calls"
            trace_call               | [{}, "trace"]                          | -32602 invalid argument 1: json: cannot unmarshal non-array into Go value of type []string
            trace_rawTransaction     | ["0x05c0", ["trace"]]                  | -32000 could not decode transaction: transaction type not supported
            """)
    void shouldRefuseWhatCannotBeTraced(String method, String params, String expected) {
        assertThat(rpc.error(method, Rpc.MAPPER.readValue(params, Object[].class)))
                .startsWith(expected);
    }

    @Test
    void shouldSayThatTheStateIsGoneWhenItIsNoLongerKept() {
        node.stateBlocks(1);
        rpc.result("eth_sendRawTransaction", Rpc.raw(call(3, 0)));
        assertThat(rpc.error("debug_traceTransaction", hash(first)))
                .matches("-32000 historical state [0-9a-f]{64} is not available");
        assertThat(rpc.error("trace_block", "0x3")).matches("-32000 historical state [0-9a-f]{64} is not available");
    }

    @Test
    void shouldGiveTheEncodingsWhoseHashesAreKnown() throws MalformedException {
        JsonNode json = rpc.result("eth_getBlockByNumber", "0x3", false);
        Block block = Block.decode(bytes("debug_getRawBlock", "0x3"));
        assertThat(Rpc.hex(block.header().hash())).isEqualTo(json.get("hash").asString());
        assertThat(block.transactions()).hasSize(2);
        assertThat(Header.decode(bytes("debug_getRawHeader", json.get("hash").asString()))
                        .hash())
                .isEqualTo(block.header().hash());
        assertThat(bytes("debug_getRawTransaction", hash(first))).isEqualTo(first.encoded());
        assertThat(bytes("debug_getRawTransaction", slot(1))).isEmpty();
        assertThat(bytes("eth_getRawTransactionByHash", hash(first))).isEqualTo(first.encoded());
        assertThat(bytes(
                        "eth_getRawTransactionByBlockHashAndIndex",
                        json.get("hash").asString(),
                        "0x0"))
                .isEqualTo(block.transactions().getFirst().encoded());
        assertThat(bytes("eth_getRawTransactionByBlockNumberAndIndex", "0x3", "0x1"))
                .isEqualTo(block.transactions().getLast().encoded());
        assertThat(bytes("eth_getRawTransactionByBlockNumberAndIndex", "0x3", "0x2"))
                .isEmpty();
        JsonNode receipts = rpc.result("debug_getRawReceipts", "latest");
        List<byte[]> encoded = new ArrayList<>();
        receipts.forEach(each -> encoded.add(hex(each.asString())));
        assertThat(coco.evm.trie.OrderedTrieRoot.of(encoded))
                .isEqualTo(block.header().receiptsRoot());
        assertThat(Receipt.decode(encoded.get(1)).logs()).hasSize(1);
        assertThat(rpc.result("debug_getBadBlocks").isEmpty()).isTrue();
    }

    private byte[] bytes(String method, Object... params) {
        return hex(rpc.result(method, params).asString());
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.substring(2));
    }

    @Test
    void shouldListCallsWithTheirPlaceInTheChain() {
        JsonNode traces = rpc.result("trace_block", "0x3");
        assertThat(traces.size()).isEqualTo(2);
        JsonNode call = traces.get(1);
        assertThat(call.get("type").asString()).isEqualTo("call");
        assertThat(call.get("action").get("from").asString())
                .isEqualTo(Keys.address(1).hex());
        assertThat(call.get("action").get("gas").asString()).isEqualTo("0x13498");
        assertThat(call.get("result").get("output").asString()).isEqualTo(slot(2));
        assertThat(call.get("blockNumber").asInt()).isEqualTo(3);
        assertThat(call.get("transactionPosition").asInt()).isEqualTo(1);
        assertThat(call.get("transactionHash").asString()).isEqualTo(hash(second));
        assertThat(rpc.result("trace_transaction", hash(second)).get(0)).isEqualTo(call);
        assertThat(rpc.result("trace_get", hash(second), List.of())).isEqualTo(call);
        assertThat(rpc.result("trace_get", hash(second), List.of("0x0")).isNull())
                .isTrue();
        assertThat(rpc.result("trace_transaction", slot(1)).isNull()).isTrue();
        assertThat(rpc.result("trace_block", "0x99").isNull()).isTrue();
        assertThat(rpc.result("trace_block", "0x0").isEmpty()).isTrue();
        JsonNode creation = rpc.result("trace_block", "0x1").get(0);
        assertThat(creation.get("type").asString()).isEqualTo("create");
        assertThat(creation.get("result").get("address").asString()).isEqualTo(counter);
        assertThat(creation.get("result").get("code").asString()).isEqualTo(Rpc.hex(Contracts.COUNTER));
    }

    @Test
    void shouldFilterCallsBySenderReceiverAndCount() {
        Map<String, Object> all = Map.of("fromBlock", "0x1", "toBlock", "0x3");
        assertThat(rpc.result("trace_filter", all).size()).isEqualTo(4);
        assertThat(filtered("toAddress", List.of(counter))).hasSize(3);
        assertThat(filtered(
                        "toAddress",
                        List.of(counter),
                        "fromAddress",
                        List.of(Keys.address(1).hex())))
                .hasSize(1);
        assertThat(filtered(
                        "toAddress",
                        List.of(NOWHERE),
                        "fromAddress",
                        List.of(Keys.address(1).hex()),
                        "mode",
                        "union"))
                .hasSize(2);
        assertThat(filtered("after", 1, "count", 2)).hasSize(2);
        assertThat(filtered("after", 3)).hasSize(1);
        assertThat(filtered("count", "0x0")).isEmpty();
        assertThat(rpc.result("trace_filter", Map.of()).size()).isEqualTo(2);
        assertThat(rpc.error("trace_filter", Map.of("fromBlock", "0x0", "toBlock", "0xffffff")))
                .isEqualTo("-32602 query exceeds max block range 1000");
    }

    private List<JsonNode> filtered(Object... fields) {
        Map<String, Object> filter = new java.util.HashMap<>(Map.of("fromBlock", "0x1", "toBlock", "0x3"));
        for (int i = 0; i < fields.length; i += 2) {
            filter.put((String) fields[i], fields[i + 1]);
        }
        List<JsonNode> traces = new ArrayList<>();
        rpc.result("trace_filter", filter).forEach(traces::add);
        return traces;
    }

    @Test
    void shouldReplayTransactionsWithEachTypeOfTrace() {
        List<String> types = List.of("trace", "stateDiff", "vmTrace");
        JsonNode replayed = rpc.result("trace_replayTransaction", hash(second), types);
        assertThat(replayed.get("output").asString()).isEqualTo(slot(2));
        JsonNode changed = replayed.get("stateDiff").get(counter);
        assertThat(changed.get("balance").asString()).isEqualTo("=");
        assertThat(changed.get("storage").get(slot(0)).toString())
                .isEqualTo("{\"*\":{\"from\":\"" + slot(1) + "\",\"to\":\"" + slot(2) + "\"}}");
        assertThat(replayed.get("stateDiff")
                        .get(Keys.address(1).hex())
                        .get("nonce")
                        .toString())
                .isEqualTo("{\"*\":{\"from\":\"0x0\",\"to\":\"0x1\"}}");
        assertThat(replayed.get("vmTrace").get("code").asString()).isEqualTo(Rpc.hex(Contracts.COUNTER));
        assertThat(replayed.get("trace").size()).isEqualTo(1);
        JsonNode block = rpc.result("trace_replayBlockTransactions", "0x3", types);
        assertThat(block.get(1).get("transactionHash").asString()).isEqualTo(hash(second));
        assertThat(block.get(1).get("vmTrace")).isEqualTo(replayed.get("vmTrace"));
        JsonNode bare = rpc.result("trace_replayTransaction", hash(second), List.of());
        assertThat(bare.toString())
                .isEqualTo("{\"output\":\"" + slot(2) + "\",\"trace\":[],\"stateDiff\":null,\"vmTrace\":null}");
    }

    @Test
    void shouldTraceCallsThatNobodyKeeps() {
        Map<String, Object> call = Map.of("to", counter);
        assertThat(rpc.result("trace_call", call, List.of("trace"))
                        .get("output")
                        .asString())
                .isEqualTo(slot(3));
        assertThat(rpc.result("trace_call", call, List.of("trace"), "0x2")
                        .get("output")
                        .asString())
                .isEqualTo(slot(1));
        List<Object> one = List.of(call, List.of("stateDiff"));
        JsonNode many = rpc.result("trace_callMany", List.of(one, one, one));
        assertThat(many.get(2).get("output").asString()).isEqualTo(slot(5));
        assertThat(many.get(2)
                        .get("stateDiff")
                        .get(counter)
                        .get("storage")
                        .get(slot(0))
                        .toString())
                .contains("\"from\":\"" + slot(4) + "\"");
        Transaction unsent = call(77, 3);
        assertThat(rpc.result("trace_rawTransaction", Rpc.raw(unsent), List.of("trace"))
                        .get("output")
                        .asString())
                .isEqualTo(slot(3));
        assertThat(rpc.result("eth_call", call).asString()).isEqualTo(slot(3));
    }

    @Test
    void shouldAnswerAnythingWithAStandardErrorOrAResult() {
        Random random = new Random(0xdeb06);
        List<String> values = values();
        int results = 0;
        for (int i = 0; i < 3_000; i++) {
            List<String> params = new ArrayList<>();
            for (int n = random.nextInt(4); n > 0; n--) {
                params.add(values.get(random.nextInt(values.size())));
            }
            String body = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + METHODS.get(random.nextInt(METHODS.size()))
                    + "\",\"params\":[" + String.join(",", params) + "]}";
            JsonNode response = rpc.raw(body);
            if (response.has("result")) {
                results++;
            } else {
                assertThat(response.get("error").get("code").asInt())
                        .as(body)
                        .isIn(-32_000, -32_600, -32_602, -32_700, -38_026, 3);
            }
        }
        assertThat(results).isGreaterThan(100);
        assertThat(node.openViews()).isZero();
    }

    /** Values of every kind, some of them right for some method. */
    private List<String> values() {
        return List.of(
                "null",
                "true",
                "-1",
                "1e400",
                "\"\"",
                "\"0x\"",
                "\"0x1\"",
                "\"0x3\"",
                "\"latest\"",
                "\"0xzz\"",
                "[]",
                "{}",
                "[[]]",
                "[null]",
                "\"" + counter + "\"",
                "\"" + hash(second) + "\"",
                "\"" + Rpc.raw(second) + "\"",
                "{\"to\":\"" + counter + "\"}",
                "{\"tracer\":\"callTracer\"}",
                "{\"tracer\":[]}",
                "[\"trace\",\"vmTrace\"]",
                "[\"0x0\"]",
                "{\"" + counter + "\":[\"" + slot(0) + "\"]}",
                "[[{\"to\":\"" + counter + "\"},[\"trace\"]]]",
                "{\"fromBlock\":\"0x1\",\"count\":-1}",
                "{\"timeout\":\"99999999999h\"}",
                "{\"stateOverrides\":[]}",
                "{\"txIndex\":\"0xffffffffffffffff\"}",
                "9".repeat(90));
    }
}
